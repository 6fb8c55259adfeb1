import type { ContractDetails } from '@stoqey/ib';
import { describe, expect, it } from 'vitest';
import { byActivity, byDaysBeforeExpiry, tradedExpiries } from './choose-expiry.js';
import { endDay, lastTradeDay, weekdaysBefore } from './contract-days.js';

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

  it('is the one in which most is done, the earlier where it is equal, and the first where nobody says', async () => {
    const expiries = tradedExpiries(chain, at('2026-09-01'));
    const chosen = async (...activity: readonly (number | undefined)[]): Promise<string | undefined> => dayOf(await byActivity(expiries, at('2026-09-01'), 8, async (details) => activity[expiries.indexOf(details)]));
    expect([await chosen(100, 99, 1), await chosen(100, 101, 1), await chosen(100, 100, 1), await chosen(100, 1, 101), await chosen(undefined, 5, 6)]).toEqual(['20260918', '20261218', '20260918', '20270319', '20260918']);
  });

  it('is never one whose notices of delivery go out soon, however long it still trades', () => {
    const gold = (month: string, day: string): ContractDetails => ({ contract: { symbol: 'GC', lastTradeDateOrContractMonth: day }, contractMonth: month });
    const june = gold('202606', '20260626');
    expect(new Date(endDay(june).time).toISOString()).toBe('2026-05-27T00:00:00.000Z'); // first notice day is Friday the 29th
    expect(endDay(june).why).toBe('first notice day');
    const golds = [june, gold('202608', '20260827')];
    expect(dayOf(byDaysBeforeExpiry(golds, at('2026-05-18'), 8))).toBe('20260626');
    expect(dayOf(byDaysBeforeExpiry(golds, at('2026-05-19'), 8))).toBe('20260827');
    expect(endDay({ ...june, contract: { ...june.contract, symbol: 'MES' } }).why).toBe('last trading day');
  });

  // first notice days of 2026 as a broker publishes them: discounttrading.com/first-notice-dates.html
  it.each([
    ['GC', '202604', '2026-03-31'], ['GC', '202606', '2026-05-29'], ['GC', '202608', '2026-07-31'], ['GC', '202612', '2026-11-30'],
    ['SI', '202603', '2026-02-27'], ['HG', '202607', '2026-06-30'], ['PL', '202610', '2026-09-30'], ['PA', '202609', '2026-08-31'],
    ['ZC', '202605', '2026-04-30'], ['ZO', '202612', '2026-11-30'], ['ZR', '202603', '2026-02-27'],
  ])('ends %s of %s one to three business days before its first notice day, %s', (symbol, contractMonth, notice) => {
    const { time, why } = endDay({ contract: { symbol, lastTradeDateOrContractMonth: `${contractMonth}28` }, contractMonth });
    expect(why).toBe('first notice day');
    expect([1, 2, 3].map((days) => weekdaysBefore(at(notice), days))).toContain(time);
  });
});
