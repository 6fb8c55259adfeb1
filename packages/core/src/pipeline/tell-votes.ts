import { nearest } from '../config/nearest.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';
import { ballotOf, decisionOf } from './snapshots.js';

/** Shows the votes of a bar and what they came to; what came to nothing is journalled here, the rest when it was gated. */
export function tellVotes(desk: Desk, account: Account): void {
  const { ensemble } = account;
  if (ensemble !== undefined) noteSilentDimensions(desk, account);
  if (account.journal.enabled && desk.action === 'hold') journalDecision(desk, account);
  if (account.hooks.observes.votes) account.hooks.tell('votes', ballotOf(desk, account));
}

/** Writes the decision with every vote that led to it. */
export function journalDecision(desk: Desk, account: Account): void {
  account.journal.append({ kind: 'decision', time: account.now, data: decisionOf(desk, account) });
}

/** Weights that follow a label which nobody says stay as they are: most likely a slip in the account file. */
function noteSilentDimensions(desk: Desk, account: Account): void {
  const said = desk.regime.labels;
  const silent = account.ensemble?.silentDimensions(said);
  if (silent === undefined) return;
  for (const name of silent) {
    const close = nearest(name, Object.keys(said));
    account.notes.add(`votes on ${desk.instrument.id} were weighed without '${name}' of decision.ensemble.regime: no classifier said it${close === undefined ? '' : `; did you mean ${close}?`}`);
  }
}
