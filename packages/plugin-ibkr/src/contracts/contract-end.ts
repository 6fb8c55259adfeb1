import type { RestrictionLevel } from '@keelson/core/domain';
import { DAY_MS, dayText, endDay, lastTradeDay, weekdaysBefore } from './contract-days.js';
import { queryOf } from './contract-spec.js';
import type { ResolvedContract } from './resolve-contract.js';

/** What may still be done in a contract. */
export type ContractEnd = { readonly level: RestrictionLevel; readonly reason: string; /** Name of the contract that a position is carried over from. */ readonly carry?: string };

const OPEN: ContractEnd = { level: 'none', reason: '' };

/**
 * What the end of its contract still lets be done in an instrument at `now`. One whose expiry is fixed is traded up to the
 * days in which a position is left.
 * @param next name of the contract that a position can be carried over into
 */
export function contractEnd(resolved: ResolvedContract, now: number, next?: string): ContractEnd {
  const { instrument, contract, details } = resolved;
  const closedFrom = closesFrom(resolved);
  if (closedFrom === undefined || now < closedFrom) return OPEN;
  const { position, leaveDays } = queryOf(instrument).spec.roll;
  const { time, why } = endDay(details);
  const leaveFrom = weekdaysBefore(time, leaveDays);
  const name = contract.localSymbol ?? String(contract.conId);
  const ends = why === 'last trading day' ? `${name} ends: its last trading day is ${dayText(time)}` : `${name} ends: deliveries begin after ${dayText(time)}`;
  if (position === 'reopen' && next !== undefined) return { level: 'leave', reason: `${ends}, and a position is carried over into ${next}`, carry: name };
  if (now < leaveFrom) return { level: 'no-entries', reason: position === 'hold' ? ends : `${ends}, and a position is ${position === 'reopen' ? 'carried over, or without a next one ' : ''}left from ${dayText(leaveFrom)} on` };
  return position === 'hold' ? { level: 'no-entries', reason: `${ends}, and nobody leaves a position: symbols.ibkr.roll.position is hold` } : { level: 'leave', reason: ends };
}

/** From when on a contract is entered no more (UtcMs); undefined for one without an end. */
export function closesFrom({ instrument, contract, details }: ResolvedContract): number | undefined {
  if (contract.secType !== 'FUT' || lastTradeDay(details) === '') return undefined;
  const { spec, fixed } = queryOf(instrument);
  const { time } = endDay(details);
  return fixed ? weekdaysBefore(time, spec.roll.leaveDays) : time - spec.roll.days * DAY_MS;
}
