import type { OpenOrder } from '../ports/broker-snapshot.js';
import type { Account } from '../pipeline/account.js';
import { adoptOrder, bookOrder } from './adopt-order.js';
import { flatten } from '../pipeline/flatten.js';
import { disputeText } from '../pipeline/dispute-text.js';
import { protect } from '../pipeline/pipeline.js';
import { replan, type ReplanWish } from '../pipeline/replan.js';
import { haltEntries } from '../pipeline/halt-entries.js';

/** Who halts when the journal cannot be written. */
export const JOURNAL = 'journal';

/** An order to the account itself, from a person or a watchdog. One with an `id` is obeyed once, also over restarts. */
export type Command =
  /** No entries until `resume`; positions and their exits stay. `by` names a watchdog, which can then resume what it halted. */
  | { readonly command: 'halt'; readonly reason: string; readonly by?: string }
  /** The same, and out of everything: entries taken back, positions closed at the market, also those that fill late. */
  | { readonly command: 'kill'; readonly reason: string; readonly id?: string }
  /**
   * Ends what halts until somebody resumes; with `by` only what that source halted. What ends by itself (the daily
   * loss limit, the pause after a loss streak) stays. After a drawdown the peak is present equity.
   */
  | { readonly command: 'resume'; readonly reason: string; readonly by?: string; readonly id?: string }
  /** Looks after every position's exits at once, without waiting for a bar; `compared` when books and venue were just brought together. */
  | { readonly command: 'protect'; readonly reason: string; readonly compared?: true }
  /**
   * What the venue holds (signed quantity) of instruments where that differs from the books; empty when nothing does any
   * more. No entry leaves meanwhile, and no exit for more than both have: it would open a position. Exits of what the venue
   * alone holds stand.
   */
  | { readonly command: 'dispute'; readonly reason: string; readonly held: Readonly<Record<string, number>> }
  /** A new version of an open position's plan; protection may only be tightened. */
  | ({ readonly command: 'replan'; readonly instrument: string; readonly reason: string; readonly id?: string } & ReplanWish)
  /** Takes over an order of the account's own name that stands at the venue and is not in the journal. */
  | { readonly command: 'adopt'; readonly order: OpenOrder; readonly reason: string };

/** True for the halt that a journal which could not be written wrote down when it could again. */
export function isJournalFault(command: Command): boolean {
  return command.command === 'halt' && command.by === JOURNAL;
}

/**
 * Carries a command out: journal first.
 * @returns why it was refused; undefined when it was not
 */
export function carryOut(command: Command, account: Account): string | undefined {
  if (account.journal.enabled) account.journal.append({ kind: 'command', time: account.now, data: command });
  const { reason } = command;
  switch (command.command) {
    case 'halt':
      haltEntries(account, reason, command.by);
      break;
    case 'kill':
      haltEntries(account, `killed: ${reason}`, 'kill', true);
      flatten(account, `killed: ${reason}`);
      break;
    case 'protect':
      if (command.compared === true) account.orders.noteCompared();
      for (const desk of account.desks) protect(desk, account);
      break;
    case 'dispute':
      takeDispute(command.held, account);
      break;
    case 'replan': {
      const desk = account.desks.find(({ instrument }) => instrument.id === command.instrument);
      const refused = desk === undefined ? `${command.instrument} is not an instrument of the account` : replan(desk, account, command, reason);
      if (refused === undefined) break;
      account.notes.add(`a replan was refused: ${refused}`);
      account.announcer.announce('warning', `${account.name}: replan refused`, refused, account.now);
      return refused;
    }
    case 'adopt':
      adoptOrder(command.order, account);
      break;
    case 'resume':
      resumeEntries(command, account);
      break;
  }
  return undefined;
}

/** Takes a command out of a journal: its latches. What it sent stands in records of its own. */
export function recallCommand(command: Command, account: Account): void {
  if (command.command === 'halt') account.latches.set({ by: command.by ?? 'command', reason: command.reason, flatten: false });
  else if (command.command === 'kill') account.latches.set({ by: 'kill', reason: `killed: ${command.reason}`, flatten: true });
  else if (command.command === 'resume') resumeEntries(command, account);
  else if (command.command === 'adopt') bookOrder(command.order, account);
  else if (command.command === 'protect' && command.compared === true) account.orders.noteCompared();
  else if (command.command === 'dispute') takeDispute(command.held, account);
}

function takeDispute(held: Readonly<Record<string, number>>, account: Account): void {
  account.disputed.clear();
  for (const { index, instrument, position, settled } of account.desks) {
    const quantity = held[instrument.id];
    if (quantity !== undefined) account.disputed.set(index, position.grid.lots.nearest(quantity));
    settled.version = -1; // what its exits guard is another thing now
  }
}

function resumeEntries({ reason, by }: Extract<Command, { readonly command: 'resume' }>, account: Account): void {
  const { latches } = account;
  const { version } = latches;
  const wasDown = latches.has('drawdown');
  latches.resume(by);
  if (wasDown && !latches.has('drawdown')) account.measureDrawdownAnew();
  if (by !== undefined && version === latches.version) return; // a watchdog that had halted nothing
  const stays = latches.list.map((latch) => latch.reason);
  if (account.disputed.size > 0) stays.push(disputeText(account));
  account.announcer.announce('info', `${account.name} resumed`, stays.length === 0 ? reason : `${reason}; still no entries: ${stays.join('; ')}`, account.now);
}
