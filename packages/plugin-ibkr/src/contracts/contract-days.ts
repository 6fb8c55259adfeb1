import type { ContractDetails } from '@stoqey/ib';

export const DAY_MS = 86_400_000;

/**
 * Futures whose delivery may begin before their last trading day: metals, grains and treasuries, by symbol. Notices go out
 * from the last business day before the contract's month on (rulebooks of COMEX, NYMEX and CBOT). Livestock and softs have
 * days of their own, and are not known here.
 */
const NOTICE_BEFORE_MONTH: ReadonlySet<string> = new Set(['GC', 'MGC', 'SI', 'SIL', 'HG', 'PL', 'PA', 'ZC', 'ZW', 'ZS', 'ZM', 'ZL', 'ZO', 'ZR', 'KE', 'YC', 'YW', 'YK', 'ZT', 'Z3N', 'ZF', 'ZN', 'TN', 'TWE', 'ZB', 'UB']);

/** Last trading day of a future as `YYYYMMDD`; the gateway sometimes adds a time to it. */
export function lastTradeDay({ contract }: ContractDetails): string {
  return (contract.lastTradeDateOrContractMonth ?? '').trim().split(/[\s-]/)[0] ?? '';
}

/** Start of a day (UtcMs) from `YYYYMMDD`. */
export function dayMs(day: string): number {
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6, 8)));
}

/**
 * The last day on which a position brings no delivery with it: the last trading day, or the business day before the first
 * notice day where that comes earlier. Notices are given to those who hold on the evening before, and a holiday may make
 * it one day earlier still, which is allowed for.
 */
export function endDay(details: ContractDetails): { readonly time: number; readonly why: 'last trading day' | 'first notice day' } {
  const last = dayMs(lastTradeDay(details));
  const { contract, contractMonth } = details;
  if (!NOTICE_BEFORE_MONTH.has(contract.symbol ?? '') || contractMonth === undefined || !/^\d{6}/.test(contractMonth)) return { time: last, why: 'last trading day' };
  const month = Date.UTC(Number(contractMonth.slice(0, 4)), Number(contractMonth.slice(4, 6)) - 1, 1);
  const before = weekdaysBefore(month, 3);
  return before < last ? { time: before, why: 'first notice day' } : { time: last, why: 'last trading day' };
}

/** The day that lies so many weekdays before another. */
export function weekdaysBefore(day: number, count: number): number {
  let time = day;
  for (let left = count; left > 0; ) {
    time -= DAY_MS;
    const weekday = new Date(time).getUTCDay();
    if (weekday !== 0 && weekday !== 6) left--;
  }
  return time;
}

/** `2026-06-18` */
export const dayText = (time: number): string => new Date(time).toISOString().slice(0, 10);
