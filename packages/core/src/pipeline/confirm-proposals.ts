import type { Proposal, ProposalVerdict } from '../ports/proposal.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';
import type { PendingProposal, ProposalGate } from './proposal-gate.js';

/** What the journal says of a proposal that was decided on. */
export type VerdictData = Pick<ProposalVerdict, 'source' | 'verdict' | 'confirmedBy' | 'reasons'> & { readonly id: string };

/** What is said of a proposal on one bar: confirmed, refused for good, or to wait. */
type Finding = { readonly confirmedBy: readonly string[] } | { readonly refused: readonly string[] } | { readonly waits: readonly string[] };

/**
 * Proposals → votes, each at most once, and only where the account's tested rules say so. What has not been
 * confirmed when it expires is refused. A vote goes the way of all others: it loosens nothing.
 */
export function confirmProposals(desk: Desk, account: Account): void {
  const { gate } = desk;
  if (gate === undefined) return;
  gate.listen(desk.bars.count);
  const { pending } = gate;
  if (pending.length === 0) return;
  let kept = 0;
  for (let i = 0; i < pending.length; i++) {
    const waiting = pending[i] as PendingProposal;
    const found = judge(waiting, i, gate, desk, account);
    if ('waits' in found) {
      waiting.waitsFor = found.waits;
      pending[kept++] = waiting;
    } else if ('refused' in found) tell(waiting, 'refused', [], found.refused, desk, account);
    else {
      cast(waiting, found.confirmedBy);
      desk.votes[desk.voteCount++] = waiting.vote;
      tell(waiting, 'confirmed', found.confirmedBy, [], desk, account);
    }
  }
  pending.length = kept;
}

function judge(waiting: PendingProposal, at: number, gate: ProposalGate, desk: Desk, account: Account): Finding {
  const { proposal, arrivedAt, source } = waiting;
  const { settings } = gate;
  for (let i = at + 1; i < gate.pending.length; i++) {
    const later = gate.pending[i] as PendingProposal;
    if (later.source === source && later.proposal.origin === proposal.origin) return { refused: ['its origin proposed anew'] };
  }
  if (!(proposal.expiresAt > account.now)) return { refused: ['it expired', ...waiting.waitsFor] };
  if (account.now >= arrivedAt + settings.maxValidMinutes * 60_000) return { refused: [`it waited for maxValidMinutes ${settings.maxValidMinutes}`, ...waiting.waitsFor] };
  const leaves = proposal.action === 'flat';
  const waits: string[] = [];
  if (!leaves) {
    const wrong = faultsOf(proposal, gate, desk);
    if (wrong.length > 0) return { refused: wrong };
    waits.push(...distances(proposal, gate, desk));
  }
  const needed = leaves && settings.exits === 'allow' ? 0 : gate.needed;
  if (gate.confirmers.length < needed) return { refused: [`${gate.confirmers.length} of the strategies that confirm trade ${desk.instrument.id}, expected at least ${needed}`] };
  const confirmedBy = gate.confirmedBy(proposal.action, desk.bars.count, desk.position.lots);
  if (confirmedBy.length < needed) waits.push(`${confirmedBy.length} of ${gate.confirmers.length} confirmed it, expected at least ${needed}`);
  return waits.length > 0 ? { waits } : { confirmedBy };
}

/** What no later bar mends: a stop that is missing, or a price on the wrong side. */
function faultsOf({ action, entry, stop, target }: Proposal, gate: ProposalGate, desk: Desk): string[] {
  const { requireStop, minRewardRisk } = gate.settings;
  const faults: string[] = [];
  const sign = action === 'long' ? 1 : -1;
  const price = entry ?? desk.close;
  if (stop === undefined && requireStop && !gate.stopFromExits) faults.push('it has no stop, and requireStop is true');
  if (stop !== undefined && !((price - stop) * sign > 0)) faults.push(`its stop does not lie on the losing side of ${entry === undefined ? 'the price' : 'its entry'}`);
  if (target !== undefined && !((target - price) * sign > 0)) faults.push(`its target does not lie on the winning side of ${entry === undefined ? 'the price' : 'its entry'}`);
  if (minRewardRisk !== undefined && (stop === undefined || target === undefined)) faults.push('it does not name stop and target, and minRewardRisk needs both');
  return faults;
}

/** What may come right while it waits: how far its prices lie from the last close, and what it risks for what. */
function distances({ entry, stop, target }: Proposal, { settings, atr }: ProposalGate, { close }: Desk): string[] {
  const { minRewardRisk, maxDistanceAtr } = settings;
  const waits: string[] = [];
  const price = entry ?? close;
  if (minRewardRisk !== undefined && stop !== undefined && target !== undefined && !(Math.abs(target - price) >= minRewardRisk * Math.abs(price - stop) * (1 - 1e-9))) waits.push(`its reward to risk is below minRewardRisk ${minRewardRisk}`);
  if (maxDistanceAtr !== undefined) {
    const unit = atr?.value;
    if (unit === undefined) waits.push('the ATR of maxDistanceAtr is not warm yet');
    else if (![entry, stop, target].every((each) => each === undefined || Math.abs(each - close) <= maxDistanceAtr * unit)) waits.push(`a price of it lies farther from the close than maxDistanceAtr ${maxDistanceAtr}`);
  }
  return waits;
}

/** Its vote, with the reason that will stand in the trade. */
function cast({ proposal, vote }: PendingProposal, confirmedBy: readonly string[]): void {
  const { id, action, entry, stop, target, confidence, rationale } = proposal;
  const by = confirmedBy.length === 0 ? 'without confirmation' : `confirmed by ${confirmedBy.join(', ')}`;
  vote[action]({ confidence, reason: `${rationale} (proposal ${id}, ${by})`, ...(entry === undefined ? {} : { entry }), ...(stop === undefined ? {} : { stop }), ...(target === undefined ? {} : { target }) });
}

function tell({ proposal, source }: PendingProposal, verdict: ProposalVerdict['verdict'], confirmedBy: readonly string[], reasons: readonly string[], desk: Desk, account: Account): void {
  if (verdict === 'refused') account.notes.add(`a proposal of ${proposal.origin} on ${desk.instrument.id} was refused: ${reasons.join('; ')}`);
  const said: ProposalVerdict = { time: account.now, source, proposal, verdict, confirmedBy, reasons };
  const data: VerdictData = { source, id: proposal.id, verdict, confirmedBy, reasons };
  if (account.journal.enabled) account.journal.append({ kind: 'proposal-verdict', time: account.now, data });
  if (account.hooks.observes.proposal) account.hooks.tell('proposal', said);
}
