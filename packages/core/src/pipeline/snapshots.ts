import type { Target } from '../domain/plan.js';
import type { Ballot, Signal, Vote } from '../domain/signal.js';
import { toFraction, toPrice } from '../domain/units.js';
import type { MarketState } from '../ports/memory.js';
import type { Regime } from '../ports/regime.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';

/* Plain copies of a desk's decision, for plugins, hooks and the journal. Made only when somebody wants one. */

const known = (value: number): boolean => value === value;

export function signalOf(desk: Desk, account: Account): Signal {
  return {
    instrument: desk.instrument.id,
    time: account.now,
    action: desk.action,
    confidence: toFraction(desk.confidence),
    reason: desk.reason,
    ...(known(desk.entry) ? { entry: toPrice(desk.entry) } : {}),
    ...(known(desk.stop) ? { stop: toPrice(desk.stop) } : {}),
    ...(known(desk.target) ? { target: toPrice(desk.target) } : {}),
    ...(known(desk.invalidation) ? { invalidation: toPrice(desk.invalidation) } : {}),
  };
}

/** Each vote of the bar, as it was said and as it counted. */
export function votesOf({ votes, voteCount }: Desk): Vote[] {
  return votes.slice(0, voteCount).map(({ strategy, action, confidence, weight, effectiveWeight, reason }) => ({ strategy, action, confidence: toFraction(confidence), weight, effectiveWeight, reason }));
}

export function ballotOf(desk: Desk, account: Account): Ballot {
  return {
    instrument: desk.instrument.id,
    time: account.now,
    action: desk.action,
    ...(desk.leader === undefined ? {} : { confidence: toFraction(desk.confidence), leader: desk.leader.strategy }),
    agreed: desk.agreed,
    votes: votesOf(desk),
  };
}

/** What the journal keeps of a decision: the signal with all votes; of votes that came to nothing, a hold. And the regime it was made in. */
export function decisionOf(desk: Desk, account: Account): (Signal | Ballot) & { readonly votes: readonly Vote[]; readonly regime?: Regime } {
  const decision = desk.leader === undefined ? ballotOf(desk, account) : { ...signalOf(desk, account), votes: votesOf(desk) };
  return desk.regimes.length === 0 ? decision : { ...decision, regime: desk.regime };
}

export function targetOf(desk: Desk): Target {
  return {
    instrument: desk.instrument.id,
    quantity: desk.position.grid.lots.value(desk.targetLots),
    confidence: toFraction(desk.confidence),
    decisionPrice: toPrice(desk.close),
    reason: desk.reason,
    ...(known(desk.entry) ? { entry: toPrice(desk.entry) } : {}),
    ...(known(desk.stop) ? { stop: toPrice(desk.stop) } : {}),
    ...(known(desk.target) ? { target: toPrice(desk.target) } : {}),
  };
}

export function marketStateOf(desk: Desk): MarketState {
  return { instrument: desk.instrument.id, action: desk.action, confidence: toFraction(desk.confidence), labels: desk.regime.labels };
}
