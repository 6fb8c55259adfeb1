import { calendarById, type SessionCalendar } from '@keelson/core/domain';
import { describe, expect, it } from 'vitest';
import { hoursDifferences } from './hours-differences.js';

const calendar = (id: string): SessionCalendar => calendarById(id) as SessionCalendar;
const NOW = Date.parse('2026-05-04T14:30:00Z');
const week = {
  timeZoneId: 'US/Central',
  tradingHours: '20260503:1700-20260504:1600;20260504:1700-20260505:1600;20260505:1700-20260506:1600;20260509:CLOSED',
  liquidHours: '20260504:0830-20260504:1600;20260505:0830-20260505:1600;20260506:0830-20260506:1600;20260509:CLOSED',
};

describe('hours of the venue', () => {
  it('agree with the calendar of the product, also where a break parts a session or the present one has begun', () => {
    expect(hoursDifferences(week, calendar('cme-equity-index'), NOW)).toEqual([]);
    expect(hoursDifferences({ timeZoneId: 'US/Eastern', tradingHours: '20260504:0400-20260504:2000;20260505:0400-20260505:2000', liquidHours: '20260504:0930-20260504:1600;20260505:0930-20260505:1600' }, calendar('us-equity'), NOW)).toEqual([]);
    expect(hoursDifferences({}, calendar('us-equity'), NOW)).toEqual([]);
  });

  it('are told where the venue closes earlier, or not at all', () => {
    const early = { ...week, tradingHours: week.tradingHours.replace('20260505:1600', '20260505:1200'), liquidHours: week.liquidHours.replace('20260505:1600', '20260505:1200') };
    expect(hoursDifferences(early, calendar('cme-equity-index'), NOW)).toEqual(['the venue is closed from 2026-05-05 17:00 to 2026-05-05 21:00 UTC, and calendar cme-equity-index is open']);
    expect(hoursDifferences(week, calendar('24/7'), NOW)[0]).toBe('the venue is closed from 2026-05-04 21:00 to 2026-05-04 22:00 UTC, and calendar 24/7 is open');
  });

  it('are told where the venue trades and the calendar is closed', () => {
    expect(hoursDifferences(week, calendar('us-equity'), NOW)).toContain('the venue trades from 2026-05-04 20:00 to 2026-05-04 21:00 UTC, and calendar us-equity is closed');
  });
});
