import type { ContractDetails } from '@stoqey/ib';

const DAY_MS = 86_400_000;

/** Last trading day of a future as `YYYYMMDD`; the gateway sometimes adds a time to it. */
export function lastTradeDay({ contract }: ContractDetails): string {
  return (contract.lastTradeDateOrContractMonth ?? '').trim().split(/[\s-]/)[0] ?? '';
}

function dayMs(day: string): number {
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6, 8)));
}

/** The expiries of a chain, soonest first, from the first that still trades at `now`. */
export function tradedExpiries(chain: readonly ContractDetails[], now: number): readonly ContractDetails[] {
  return chain.filter((details) => dayMs(lastTradeDay(details)) + DAY_MS > now).sort((a, b) => dayMs(lastTradeDay(a)) - dayMs(lastTradeDay(b)));
}

/** The expiry to trade: the first with more than `days` days to its last trading day. */
export function byDaysBeforeExpiry(expiries: readonly ContractDetails[], now: number, days: number): ContractDetails | undefined {
  return expiries.find((details) => dayMs(lastTradeDay(details)) - days * DAY_MS > now) ?? expiries.at(-1);
}

/**
 * The same by volume: the next expiry as soon as it traded more on the last finished day, and at the latest `days` days
 * before the first one ends.
 * @param volumeOf contracts traded on the last finished day
 */
export async function byVolume(expiries: readonly ContractDetails[], now: number, days: number, volumeOf: (details: ContractDetails) => Promise<number>): Promise<ContractDetails | undefined> {
  const first = byDaysBeforeExpiry(expiries, now, days);
  const next = first === undefined ? undefined : expiries[expiries.indexOf(first) + 1];
  if (first === undefined || next === undefined) return first;
  const [ofFirst, ofNext] = [await volumeOf(first), await volumeOf(next)];
  return ofNext > ofFirst ? next : first;
}
