import type { ContractDetails } from '@stoqey/ib';
import { describe, expect, it } from 'vitest';
import { byDaysBeforeExpiry, byVolume, lastTradeDay, tradedExpiries } from './choose-expiry.js';

const expiry = (day: string): ContractDetails => ({ contract: { lastTradeDateOrContractMonth: day } });
const chain = [expiry('20261218 08:30 US/Central'), expiry('20260918'), expiry('20270319')];
const at = (text: string): number => Date.parse(`${text}T00:00:00Z`);
const dayOf = (details: ContractDetails | undefined): string | undefined => details && lastTradeDay(details);

describe('the expiry that is traded', () => {
  it('is the first with more than so many days to its last trading day', () => {
    const chosen = (day: string): string | undefined => dayOf(byDaysBeforeExpiry(tradedExpiries(chain, at(day)), at(day), 8));
    expect([chosen('2026-09-09'), chosen('2026-09-10'), chosen('2026-12-09'), chosen('2026-12-10'), chosen('2027-03-19')]).toEqual(['20260918', '20261218', '20261218', '20270319', '20270319']);
  });

  it('is none once all have expired', () => {
    expect(byDaysBeforeExpiry(tradedExpiries(chain, at('2027-03-20')), at('2027-03-20'), 8)).toBeUndefined();
  });

  it('is the next one as soon as it trades more', async () => {
    const expiries = tradedExpiries(chain, at('2026-09-01'));
    const volumes = (first: number, next: number) => async (details: ContractDetails): Promise<number> => (details === expiries[0] ? first : next);
    expect(dayOf(await byVolume(expiries, at('2026-09-01'), 8, volumes(100, 99)))).toBe('20260918');
    expect(dayOf(await byVolume(expiries, at('2026-09-01'), 8, volumes(100, 101)))).toBe('20261218');
  });
});
