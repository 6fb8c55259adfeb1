import { isoTime } from '../domain/units.js';
import { KeelsonError, isKeelsonError, messageOf } from '../errors.js';
import type { Account } from './account.js';
import { confirmProposals } from './confirm-proposals.js';
import type { Desk } from './desk.js';
import type { StrategySeat } from './strategy-seat.js';
import { signalOf } from './snapshots.js';
import { tellVotes } from './tell-votes.js';
import { weighVotes } from './weigh-votes.js';

/** Strategies → votes → one signal for the desk's instrument, or hold. */
export function collectSignals(desk: Desk, account: Account): void {
  const { seats, votes } = desk;
  let count = 0;
  for (let i = 0; i < seats.length; i++) {
    const seat = seats[i] as StrategySeat;
    if (!seat.warm && !isWarm(seat)) continue;
    const { vote, context } = seat;
    vote.action = 'hold';
    context.time = account.now;
    context.regime = desk.regime;
    ask(seat, desk, account);
    if (vote.action !== 'hold') votes[count++] = vote;
  }
  desk.voteCount = count;
  if (desk.gate !== undefined) confirmProposals(desk, account);
  weighVotes(desk, account);
  if (desk.voteCount > 0) tellVotes(desk, account);
  if (desk.action !== 'hold' && account.hooks.transformed.signal) transform(desk, account);
}

function ask(seat: StrategySeat, desk: Desk, account: Account): void {
  let result: unknown;
  try {
    result = seat.strategy.onBar(seat.context);
  } catch (thrown) {
    const where = placeOf(seat, desk, account);
    const context = { strategy: seat.vote.strategy, plugin: seat.plugin };
    if (isKeelsonError(thrown)) throw new KeelsonError(thrown.code, `${where}: ${thrown.message}`, { ...(thrown.hint === undefined ? {} : { hint: thrown.hint }), context, cause: thrown });
    throw new KeelsonError('STR_THREW', `${where} threw: ${messageOf(thrown)}`, { hint: 'mend the strategy; --debug shows where it threw', context, cause: thrown });
  }
  if (result !== undefined) refuseResult(result, seat, desk, account);
}

function refuseResult(result: unknown, seat: StrategySeat, desk: Desk, account: Account): void {
  if (typeof result !== 'object' || result === null || typeof (result as PromiseLike<unknown>).then !== 'function') return;
  Promise.resolve(result).catch(() => undefined); // what it rejects with later has no reader
  throw new KeelsonError('STR_ASYNC', `${placeOf(seat, desk, account)} returned a promise, expected nothing`, {
    hint: 'make onBar synchronous; slow work belongs into an advisor',
  });
}

function placeOf({ vote, plugin }: StrategySeat, desk: Desk, account: Account): string {
  return `strategy '${vote.strategy}' of ${plugin} on ${desk.instrument.id} at the bar of ${isoTime(account.now)}`;
}

function isWarm(seat: StrategySeat): boolean {
  const { features } = seat;
  // what is warm stays so: the others need not be looked at on every bar
  for (; seat.awaited < features.length; seat.awaited++) if (!(features[seat.awaited] as (typeof features)[number]).warm) return false;
  seat.warm = true;
  return true;
}

/** A transform may change how sure and why, never what. */
function transform(desk: Desk, account: Account): void {
  const before = signalOf(desk, account);
  const after = account.hooks.pass('signal', before);
  if (after.action !== before.action) account.notes.add(`a 'signal' hook tried to change ${before.action} to ${after.action}: refused`);
  if (Number.isFinite(after.confidence)) desk.confidence = Math.min(1, Math.max(0, after.confidence));
  else account.notes.add("a 'signal' hook gave a confidence that is not a number: refused");
  desk.reason = after.reason;
}
