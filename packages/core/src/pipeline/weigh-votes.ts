import type { SignalAction } from '../domain/signal.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';
import type { Ensemble } from './ensemble.js';
import type { VoteSlot } from './vote.js';

/** Relative difference below which an ensemble's sums count as equal: the order of strategies must not matter. */
const EQUAL = 1e-9;

/**
 * Votes → one signal: the side with the greatest weighted confidence, at its share of the weight of all votes.
 * A tie is decided for less exposure. Fewer than `minAgreement` asks for leaves the signal, and marks it.
 */
export function weighVotes(desk: Desk, account: Account): void {
  desk.agreed = true;
  desk.action = 'hold';
  desk.leader = undefined;
  if (desk.voteCount > 0) weigh(desk, account);
}

function weigh(desk: Desk, account: Account): void {
  const { votes, voteCount } = desk;
  const { ensemble } = account;
  if (ensemble !== undefined) for (let i = 0; i < voteCount; i++) ensemble.weigh(votes[i] as VoteSlot, desk.regime);
  let counted = 0;
  let only: VoteSlot | undefined;
  let long = 0;
  let short = 0;
  let flat = 0;
  let weight = 0;
  let leaving = false;
  for (let i = 0; i < voteCount; i++) {
    const vote = votes[i] as VoteSlot;
    const { action, effectiveWeight, confidence } = vote;
    if (!(effectiveWeight > 0)) continue;
    counted++;
    only = vote;
    weight += effectiveWeight;
    const score = effectiveWeight * confidence;
    if (action === 'long') long += score;
    else if (action === 'short') short += score;
    else {
      flat += score;
      leaving = true;
    }
  }
  const best = Math.max(long, short, flat);
  const near = ensemble === undefined ? 0 : EQUAL * best;
  let action: SignalAction;
  if (ensemble === undefined && counted === 1) action = (only as VoteSlot).action;
  else if (best === 0) action = leaving && ensemble !== undefined ? 'flat' : 'hold';
  else action = best - flat <= near ? 'flat' : Math.abs(long - short) <= near ? 'hold' : long > short ? 'long' : 'short';
  if (action === 'hold') return;
  const leader = leaderOf(desk, action, ensemble !== undefined);
  desk.leader = leader;
  desk.action = action;
  desk.confidence = counted === 1 ? leader.confidence : best / weight;
  desk.reason = leader.reason;
  desk.entry = leader.entry;
  desk.stop = leader.stop;
  desk.target = leader.target;
  desk.invalidation = leader.invalidation;
  if (ensemble !== undefined && action !== 'flat') desk.agreed = agrees(ensemble, desk, weight);
}

/** The heaviest vote for an action; of equals the first, in an ensemble the first by name. */
function leaderOf({ votes, voteCount }: Desk, action: SignalAction, byName: boolean): VoteSlot {
  let leader: VoteSlot | undefined;
  for (let i = 0; i < voteCount; i++) {
    const vote = votes[i] as VoteSlot;
    if (vote.action !== action || !(vote.effectiveWeight > 0)) continue;
    if (leader === undefined) leader = vote;
    else {
      const lead = vote.effectiveWeight * vote.confidence - leader.effectiveWeight * leader.confidence;
      if (lead > 0 || (lead === 0 && byName && vote.strategy < leader.strategy)) leader = vote;
    }
  }
  return leader as VoteSlot;
}

/** Whether enough strategies of the account stand behind the entry; what votes from outside does not count for it. */
function agrees({ minShare, minStrategies }: Ensemble, { votes, voteCount, action }: Desk, weight: number): boolean {
  let behind = 0;
  let strategies = 0;
  for (let i = 0; i < voteCount; i++) {
    const vote = votes[i] as VoteSlot;
    if (vote.action !== action || vote.place < 0 || !(vote.effectiveWeight > 0)) continue;
    behind += vote.effectiveWeight;
    strategies++;
  }
  return strategies >= minStrategies && behind >= minShare * weight * (1 - EQUAL);
}
