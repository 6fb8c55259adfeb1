import type { PartialLevel } from '../config/exits-schema.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';
import { exitIntent } from './plan-orders.js';

/** Takes off the part of every level that the open profit, in R, has reached; each once, as one exit. */
export function takePartials(desk: Desk, account: Account, reached: number): void {
  const { partials } = account;
  const held = Math.abs(desk.position.lots);
  let rest = held;
  while (desk.partialsTaken < partials.length) {
    const { atR, fraction } = partials[desk.partialsTaken] as PartialLevel;
    if (!(reached >= atR)) break;
    desk.partialsTaken++;
    rest -= Math.floor(rest * fraction + 1e-9); // 0.29 × 100 is 28.999…
  }
  if (rest === held) return;
  const staying = held - account.orders.pendingExitLots(desk.index);
  desk.intents.push(exitIntent(desk, account, Math.min(staying, held - rest), 'partial target'));
}
