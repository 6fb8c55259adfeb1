import type { ContractDetails } from '@stoqey/ib';
import { DAY_MS, dayMs, endDay, lastTradeDay } from './contract-days.js';

/** So many expiries are held against each other: months that hardly trade may lie between those that do. */
const COMPARED = 3;

/** The expiries of a chain, soonest first, from the first that still trades at `now`. */
export function tradedExpiries(chain: readonly ContractDetails[], now: number): readonly ContractDetails[] {
  return chain.filter((details) => dayMs(lastTradeDay(details)) + DAY_MS > now).sort((a, b) => dayMs(lastTradeDay(a)) - dayMs(lastTradeDay(b)));
}

/** The expiry to trade: the first with more than `days` days to its last trading day, or to its first notice day. */
export function byDaysBeforeExpiry(expiries: readonly ContractDetails[], now: number, days: number): ContractDetails | undefined {
  return expiries.find((details) => endDay(details).time - days * DAY_MS > now) ?? expiries.at(-1);
}

/**
 * The same by what is done in them: of that one and the next ones the expiry with the most, the earlier where equal; so
 * at the latest `days` days before the first one ends.
 * @param activityOf contracts traded on the last finished day, or open; undefined where the venue does not say
 */
export async function byActivity(expiries: readonly ContractDetails[], now: number, days: number, activityOf: (details: ContractDetails) => Promise<number | undefined>): Promise<ContractDetails | undefined> {
  const first = byDaysBeforeExpiry(expiries, now, days);
  if (first === undefined) return undefined;
  const compared = expiries.slice(expiries.indexOf(first)).slice(0, COMPARED);
  let [most, chosen] = [Number.NEGATIVE_INFINITY, first];
  for (const details of compared) {
    const activity = compared.length === 1 ? 0 : await activityOf(details);
    if (activity === undefined) return first;
    if (activity > most) [most, chosen] = [activity, details];
  }
  return chosen;
}
