import type { Account } from './account.js';
import { cancelEntriesAgainst } from './cancel-orders.js';

/** Turns entries off until somebody resumes, and takes back those that work. Exits stay. The first reason stands. */
export function haltEntries(account: Account, reason: string): void {
  if (account.halted === undefined) {
    account.halted = reason;
    account.announcer.announce('critical', `${account.name} halted`, `${reason}: no more entries, exits stay`, account.now);
  }
  for (const desk of account.desks) cancelEntriesAgainst(desk, account, 0);
}
