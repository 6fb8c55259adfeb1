import type { Account } from '../pipeline/account.js';
import { flatten } from '../pipeline/flatten.js';
import { protect } from '../pipeline/pipeline.js';
import { haltEntries } from '../pipeline/halt-entries.js';

/** An order to the account itself, from a person or a watchdog. One with an `id` is obeyed once, also over restarts. */
export type Command =
  /** No entries until `resume`; positions and their exits stay. */
  | { readonly command: 'halt'; readonly reason: string }
  /** The same, and out of everything: entries taken back, positions closed at the market. */
  | { readonly command: 'kill'; readonly reason: string; readonly id?: string }
  | { readonly command: 'resume'; readonly reason: string; readonly id?: string }
  /** Looks after every position's exits at once, without waiting for a bar. */
  | { readonly command: 'protect'; readonly reason: string };

/** Carries a command out: journal first. */
export function carryOut(command: Command, account: Account): void {
  if (account.journal.enabled) account.journal.append({ kind: 'command', time: account.now, data: command });
  const { reason } = command;
  switch (command.command) {
    case 'halt':
      haltEntries(account, reason);
      break;
    case 'kill':
      haltEntries(account, `killed: ${reason}`);
      flatten(account, `killed: ${reason}`);
      break;
    case 'protect':
      for (const desk of account.desks) protect(desk, account);
      break;
    case 'resume':
      account.halted = undefined;
      account.announcer.announce('info', `${account.name} resumed`, reason, account.now);
      break;
  }
}
