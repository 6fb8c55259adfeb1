import type { ContractDetails } from '@stoqey/ib';
import { DAY_MS, endDay, lastTradeDay } from '../contracts/contract-days.js';

/** A stretch of a continuous series: one expiry while it was the one to trade. `to` is undefined for the present one. */
export type Segment = { readonly details: ContractDetails; readonly from: number | undefined; readonly to: number | undefined };

/**
 * Which expiry a continuous series holds when: each from the roll of the one before, `days` days before that one's last
 * trading day or first notice day, up to its own roll. Oldest first, up to the contract `present`.
 * @param chain all expiries, also past ones
 */
export function segmentsOf(chain: readonly ContractDetails[], present: ContractDetails, days: number): readonly Segment[] {
  const sorted = [...chain].sort((a, b) => lastTradeDay(a).localeCompare(lastTradeDay(b)));
  const last = sorted.findIndex(({ contract }) => contract.conId === present.contract.conId);
  const known = sorted.slice(0, last + 1);
  return known.map((details, i) => ({
    details,
    from: i === 0 ? undefined : rollOf(known[i - 1] as ContractDetails, days),
    to: i === known.length - 1 ? undefined : rollOf(details, days),
  }));
}

function rollOf(details: ContractDetails, days: number): number {
  return endDay(details).time - days * DAY_MS;
}

/**
 * What has to be added to the prices of each segment so that the series has no step at a roll and ends in the prices of
 * the present contract. Back-adjustment by difference.
 * @param gaps newer close less older close at each roll, oldest roll first: one fewer than segments
 */
export function adjustmentsOf(gaps: readonly number[]): readonly number[] {
  const adjustments = [0];
  for (let i = gaps.length - 1; i >= 0; i--) adjustments.unshift((adjustments[0] as number) + (gaps[i] as number));
  return adjustments;
}
