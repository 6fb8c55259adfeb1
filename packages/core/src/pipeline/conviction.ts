import type { Plan } from '../domain/plan.js';
import { toFraction } from '../domain/units.js';
import type { ManagedOrder } from '../execution/managed-order.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';
import { planRecord } from './note-state.js';
import { nextVersion, revisePlan } from './revise-plan.js';

/** What is left of a plan's conviction: it wears off evenly with time. */
export function convictionOf({ conviction, convictionAt }: Plan, account: Account): number {
  return conviction - ((account.settings.exits.conviction?.decayPerHour ?? 0) * (account.now - convictionAt)) / 3_600_000;
}

/** A signal for the side of a plan speaks for it anew: the open position's, and those of entries that still work. */
export function renewConviction(desk: Desk, account: Account): void {
  const sign = desk.action === 'long' ? 1 : desk.action === 'short' ? -1 : 0;
  if (sign === 0) return;
  const fields = { conviction: toFraction(desk.confidence), convictionAt: account.now };
  const { plan } = desk;
  if (plan !== undefined && desk.position.lots * sign > 0 && desk.confidence > convictionOf(plan, account)) revisePlan(desk, account, fields, 'a signal spoke for it again');
  for (const order of account.orders.live[desk.index] as readonly ManagedOrder[]) {
    if (order.role !== 'entry' || order.sign !== sign || order.plan === undefined || !(desk.confidence > convictionOf(order.plan, account))) continue;
    order.plan = nextVersion(order.plan, fields, 'a signal spoke for it again');
    if (account.journal.enabled) account.journal.append({ kind: 'plan', time: account.now, data: planRecord(order.clientOrderId, order.plan, order.state, order.backers) });
  }
}
