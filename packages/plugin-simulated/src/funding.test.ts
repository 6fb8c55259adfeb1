import { describe, expect, it } from 'vitest';
import { fundingSchema } from './config.js';
import { fundingSchedule } from './funding.js';

const schedule = (settings: Record<string, unknown>) => fundingSchedule(fundingSchema.parse(settings), '.');
const at = (text: string): number => Date.parse(text);

describe('fundingSchedule', () => {
  it('pays at the next fixed hour, never at the moment asked about', () => {
    const funding = schedule({ rate: 0.0001 });
    expect(funding?.after(at('2024-01-02T07:59:59Z'))).toBe(at('2024-01-02T08:00:00Z'));
    expect(funding?.after(at('2024-01-02T08:00:00Z'))).toBe(at('2024-01-02T16:00:00Z'));
    expect(funding?.after(at('2024-01-02T16:00:00Z'))).toBe(at('2024-01-03T00:00:00Z'));
  });

  it('starts anew each UTC day when the interval does not divide it', () => {
    const funding = schedule({ rate: 0.0001, everyHours: 5, offsetHours: 1 });
    expect(funding?.after(at('2024-01-02T16:00:00Z'))).toBe(at('2024-01-02T21:00:00Z'));
    expect(funding?.after(at('2024-01-02T21:00:00Z'))).toBe(at('2024-01-03T01:00:00Z'));
    expect(funding?.after(at('2024-01-03T00:30:00Z'))).toBe(at('2024-01-03T01:00:00Z'));
  });

  it('ends with its table', () => {
    const funding = schedule({ rows: [{ time: '2024-01-02T08:00:00Z', rate: 0.0002 }] });
    expect(funding?.after(at('2024-01-01T00:00:00Z'))).toBe(at('2024-01-02T08:00:00Z'));
    expect(funding?.rateAt(at('2024-01-02T08:00:00Z'))).toBe(0.0002);
    expect(funding?.after(at('2024-01-02T08:00:00Z'))).toBe(Infinity);
  });

  it('is absent without settings', () => {
    expect(schedule({})).toBeUndefined();
  });

  it('refuses rows that do not ascend', () => {
    const rows = [{ time: '2024-01-02T08:00:00Z', rate: 0 }, { time: '2024-01-02T08:00:00Z', rate: 0 }];
    expect(() => schedule({ rows })).toThrow(/expected ascending times/);
  });
});
