import type { Account } from './account.js';
import { cancelEntriesAgainst } from './cancel-orders.js';
import type { Latch } from './latches.js';

/**
 * Turns entries off until somebody resumes, and takes back those that work. Exits stay. A source's first reason stands.
 * @param by who halts: each may resume what is its own
 */
export function haltEntries(account: Account, reason: string, by = 'command', flatten = false): void {
  const announced = `${reason}: no more entries, ${flatten ? 'positions are left' : 'exits stay'}`;
  if (account.latches.set({ by, reason, flatten })) account.announcer.announce('critical', `${account.name} halted`, announced, account.now);
  takeBackEntries(account);
}

/** Turns entries off for a while: the latch ends by itself, and nobody can end it before. */
export function pauseEntries(account: Account, latch: Latch, title: string): void {
  account.latches.renew(latch);
  account.announcer.announce('warning', `${account.name}: ${title}`, latch.reason, account.now);
  takeBackEntries(account);
}

function takeBackEntries(account: Account): void {
  for (const desk of account.desks) cancelEntriesAgainst(desk, account, 0);
}
