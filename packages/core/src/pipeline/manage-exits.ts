import { isTerminal } from '../domain/order.js';
import type { Plan } from '../domain/plan.js';
import type { ManagedOrder } from '../execution/managed-order.js';
import type { Account } from './account.js';
import { cancelEntriesAgainst, routeCancel } from './cancel-orders.js';
import type { Desk } from './desk.js';
import { exitIntent, stopIntent } from './plan-orders.js';
import { toPrice } from '../domain/units.js';
import { routeChange } from './route-orders.js';

/**
 * Position + plan + bar → exits, before any entry is thought of: time limit, disaster stop, partial target,
 * break-even, trailing stop. Also puts back a stop that was lost, and takes back what guards nothing.
 *
 * @returns true when the whole position is on its way out: nothing else is decided on this bar
 */
export function manageExits(desk: Desk, account: Account): boolean {
  const { position } = desk;
  if (position.lots === 0) {
    if ((account.orders.live[desk.index] as readonly ManagedOrder[]).length > 0) cancelOrphans(desk, account);
    return false;
  }
  const { plan } = desk;
  // an exit that ended without filling is sent again, whatever the plan says
  if (desk.leaving === undefined && (plan === undefined || (plan.stop === undefined && plan.timeLimit === undefined && plan.disasterLossFraction === undefined))) return false;
  if (account.orders.pendingExitLots(desk.index) > 0) return false;

  const reason = reasonToLeave(desk, account, plan);
  if (reason !== undefined) {
    cancelEntriesAgainst(desk, account, 0); // the rest of an entry must not come after its exit
    desk.intents.push(exitIntent(desk, account, Math.abs(position.lots), reason));
    return true;
  }
  if (plan?.stop !== undefined) {
    const bare = Math.abs(position.lots) - protectedLots(desk, account);
    if (bare > 0) desk.intents.push(stopIntent(desk, account, plan.stop, bare));
    const stop = account.orders.find(desk.index, 'stop');
    if (stop !== undefined && plan.initialStop !== undefined) tighten(desk, account, plan, stop);
  }
  return false;
}

/** Lots that stops of the position will take off; a bracket's stop that the venue has yet to activate counts. */
function protectedLots(desk: Desk, account: Account): number {
  const { orders } = account;
  const live = orders.live[desk.index] as readonly ManagedOrder[];
  let sum = 0;
  for (let i = 0; i < live.length; i++) {
    const order = live[i] as ManagedOrder;
    if (order.role !== 'stop' || order.sign * desk.position.lots > 0) continue;
    sum += order.status === 'held' ? (orders.get(order.parentId ?? '')?.filledLots ?? 0) : order.remainingLots;
  }
  return sum;
}

function reasonToLeave(desk: Desk, account: Account, plan: Plan | undefined): string | undefined {
  if (desk.leaving !== undefined || plan === undefined) return desk.leaving;
  if (plan.timeLimit !== undefined && account.now >= plan.timeLimit) return 'time limit';
  if (plan.disasterLossFraction !== undefined) {
    const loss = -desk.position.unrealizedPnl * account.ledger.rateOf(desk.index);
    if (loss > 0 && loss >= plan.disasterLossFraction * account.ledger.equity) return 'disaster stop';
  }
  return undefined;
}

function tighten(desk: Desk, account: Account, plan: Plan, stop: ManagedOrder): void {
  const { trailing, breakEvenAfterR, partialTarget } = account.settings.exits;
  if (trailing === undefined && breakEvenAfterR === undefined && partialTarget === undefined) return;
  const { position } = desk;
  const sign = position.lots > 0 ? 1 : -1;
  const entry = position.averagePrice as number;
  const risk = (entry - (plan.initialStop as number)) * sign;
  if (!(risk > 0)) return;
  const reached = ((desk.close - entry) * sign) / risk;

  if (partialTarget !== undefined && !desk.partialTaken && reached >= partialTarget.atR) {
    const lots = Math.floor(Math.abs(position.lots) * partialTarget.fraction + 1e-9); // 0.29 × 100 is 28.999…
    desk.partialTaken = true;
    if (lots > 0) desk.intents.push(exitIntent(desk, account, lots, 'partial target'));
  }
  let level = plan.stop as number;
  if (breakEvenAfterR !== undefined && reached >= breakEvenAfterR) level = nearer(level, entry, sign);
  const atr = desk.exitAtr?.value;
  if (trailing !== undefined && atr !== undefined && reached >= trailing.afterR) level = nearer(level, desk.close - sign * trailing.distanceAtr * atr, sign);
  // toward the entry, and never through the market: the venue would fill it at once
  const { grid } = position;
  const price = sign > 0 ? grid.priceUp(level) : grid.priceDown(level);
  if ((price - (plan.stop as number)) * sign <= 0 || (desk.close - price) * sign <= 0) return;
  const sent = routeChange({ clientOrderId: stop.clientOrderId, instrument: desk.instrument.id, stopPrice: price, reason: 'stop tightened' }, stop, desk, account);
  if (sent) desk.plan = { ...plan, version: plan.version + 1, stop: toPrice(price) };
}

function nearer(level: number, candidate: number, sign: number): number {
  return (candidate - level) * sign > 0 ? candidate : level;
}

/** Exits whose position is gone guard nothing, and could open one. */
function cancelOrphans(desk: Desk, account: Account): void {
  const live = account.orders.live[desk.index] as readonly ManagedOrder[];
  for (let i = live.length - 1; i >= 0; i--) {
    const order = live[i];
    if (order === undefined || order.role === 'entry' || order.status === 'held' || order.status === 'pending' || order.cancelRequested) continue;
    const parent = order.parentId === undefined ? undefined : account.orders.get(order.parentId);
    if (parent !== undefined && !isTerminal(parent.status)) continue; // its entry goes on filling
    routeCancel(order, account);
  }
}
