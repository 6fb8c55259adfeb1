import { isTerminal } from '../domain/order.js';
import { toQuantity } from '../domain/units.js';
import type { ManagedOrder } from '../execution/managed-order.js';
import type { Account } from './account.js';
import { routeCancel } from './cancel-orders.js';
import type { Desk } from './desk.js';
import { routeChange } from './route-orders.js';

const EXIT_ROLES = ['stop', 'target', 'exit'] as const;

/** Exits of one kind for more than `lots` (signed) could turn the position around. The newest go first: they were put beside the others. */
export function cutExits(lots: number, live: readonly ManagedOrder[], desk: Desk, account: Account): void {
  for (const role of EXIT_ROLES) cutTo(lots, role, live, desk, account);
}

function cutTo(lots: number, role: (typeof EXIT_ROLES)[number], live: readonly ManagedOrder[], desk: Desk, account: Account): void {
  let beyond = -Math.abs(lots);
  for (let i = 0; i < live.length; i++) {
    const order = live[i] as ManagedOrder;
    if (order.role === role && order.sign * lots < 0 && order.status !== 'held' && !order.cancelRequested) beyond += order.remainingLots;
  }
  for (let i = live.length - 1; i >= 0 && beyond > 0; i--) {
    const order = live[i];
    if (order === undefined || order.role !== role || order.sign * lots > 0 || order.status === 'held' || order.cancelRequested) continue;
    const cut = Math.min(beyond, order.remainingLots);
    beyond -= cut;
    if (cut === order.remainingLots) routeCancel(order, account);
    else routeChange({ clientOrderId: order.clientOrderId, instrument: desk.instrument.id, quantity: toQuantity(desk.position.grid.lots.value(order.lots - cut)), reason: `${role} cut to the position` }, order, desk, account);
  }
}

/** After a position turned around, what protected the old one would enlarge the new one. */
export function cancelWrongSide(live: readonly ManagedOrder[], lots: number, account: Account): void {
  for (let i = live.length - 1; i >= 0; i--) {
    const order = live[i];
    if (order === undefined || order.role === 'entry' || order.sign * lots < 0) continue;
    if (order.status === 'held' || order.status === 'pending' || order.cancelRequested || entryGoesOn(order)) continue;
    routeCancel(order, account);
  }
}

/** Exits whose position is gone guard nothing, and could open one. */
export function cancelOrphans(live: readonly ManagedOrder[], account: Account, thorough: boolean): void {
  for (let i = live.length - 1; i >= 0; i--) {
    const order = live[i];
    if (order === undefined || order.role === 'entry' || order.status === 'held' || order.status === 'pending' || order.cancelRequested) continue;
    if (order.parent !== undefined && (!thorough || entryGoesOn(order))) continue;
    routeCancel(order, account);
  }
}

function entryGoesOn({ parent }: ManagedOrder): boolean {
  return parent !== undefined && !isTerminal(parent.status);
}
