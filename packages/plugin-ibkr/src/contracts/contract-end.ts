import type { RestrictionLevel } from '@keelson/core/domain';
import { DAY_MS, dayText, endDay, lastTradeDay, weekdaysBefore } from './contract-days.js';
import { queryOf } from './contract-spec.js';
import type { ResolvedContract } from './resolve-contract.js';

/** What may still be done in a contract. */
export type ContractEnd = { readonly level: RestrictionLevel; readonly reason: string };

const OPEN: ContractEnd = { level: 'none', reason: '' };

/**
 * What the end of its contract still lets be done in an instrument at `now`. One whose expiry is fixed is traded up to the
 * days in which a position is left.
 */
export function contractEnd({ instrument, contract, details }: ResolvedContract, now: number): ContractEnd {
  if (contract.secType !== 'FUT' || lastTradeDay(details) === '') return OPEN;
  const { spec, fixed } = queryOf(instrument);
  const { days, position, leaveDays } = spec.roll;
  const { time, why } = endDay(details);
  const leaveFrom = weekdaysBefore(time, leaveDays);
  const closedFrom = fixed ? leaveFrom : time - days * DAY_MS;
  if (now < closedFrom) return OPEN;
  const ends = why === 'last trading day' ? `${contract.localSymbol ?? contract.symbol} ends: its last trading day is ${dayText(time)}` : `${contract.localSymbol ?? contract.symbol} ends: deliveries begin after ${dayText(time)}`;
  if (now < leaveFrom) return { level: 'no-entries', reason: position === 'hold' ? ends : `${ends}, and a position is left from ${dayText(leaveFrom)} on` };
  return position === 'hold' ? { level: 'no-entries', reason: `${ends}, and nobody leaves a position: symbols.ibkr.roll.position is hold` } : { level: 'leave', reason: ends };
}
