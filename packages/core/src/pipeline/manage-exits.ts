import type { Plan } from '../domain/plan.js';
import type { ManagedOrder } from '../execution/managed-order.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';
import { guardPosition, leave } from './guard-position.js';
import { exitIntent } from './plan-orders.js';
import { toPrice } from '../domain/units.js';
import { routeChange } from './route-orders.js';

/**
 * Position + plan + bar → exits, before any entry is thought of: time limit, disaster stop, partial target,
 * break-even, trailing stop. Also puts back a stop that was lost, and takes back what guards nothing.
 *
 * @returns true when the whole position is on its way out: nothing else is decided on this bar
 */
export function manageExits(desk: Desk, account: Account): boolean {
  desk.disturbed = desk.loose = false;
  const { lots } = desk.position;
  const { plan } = desk;
  const leaving = lots === 0 ? 0 : account.orders.pendingExitLots(desk.index);
  if (lots !== 0) {
    const reason = reasonToLeave(desk, account, plan);
    if (reason !== undefined && leaving < Math.abs(lots)) {
      leave(desk, account, reason);
      return true;
    }
  }
  if (guardPosition(desk, account, true)) return true;
  if (leaving >= Math.abs(lots) || plan?.initialStop === undefined) return false;
  tighten(desk, account, plan);
  return false;
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

function tighten(desk: Desk, account: Account, plan: Plan): void {
  const { trailing, breakEvenAfterR, partialTarget } = account.settings.exits;
  if (trailing === undefined && breakEvenAfterR === undefined && partialTarget === undefined) return;
  const { position } = desk;
  const sign = position.lots > 0 ? 1 : -1;
  const entry = position.averagePrice as number;
  const risk = (entry - (plan.initialStop as number)) * sign;
  if (!(risk > 0)) return;
  const reached = ((desk.close - entry) * sign) / risk;

  if (partialTarget !== undefined && !desk.partialTaken && reached >= partialTarget.atR) {
    const staying = Math.abs(position.lots) - account.orders.pendingExitLots(desk.index);
    const lots = Math.min(staying, Math.floor(Math.abs(position.lots) * partialTarget.fraction + 1e-9)); // 0.29 × 100 is 28.999…
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
  if (moveStops(desk, account, price)) desk.plan = { ...plan, version: plan.version + 1, stop: toPrice(price) };
}

/** Every stop of the position goes along: one that was renewed stands beside what is left of the first. */
function moveStops(desk: Desk, account: Account, price: number): boolean {
  const live = account.orders.live[desk.index] as readonly ManagedOrder[];
  let moved = false;
  for (let i = live.length - 1; i >= 0; i--) {
    const stop = live[i];
    if (stop === undefined || stop.role !== 'stop' || stop.status === 'held' || stop.sign * desk.position.lots > 0 || stop.cancelRequested) continue;
    if (routeChange({ clientOrderId: stop.clientOrderId, instrument: desk.instrument.id, stopPrice: toPrice(price), reason: 'stop tightened' }, stop, desk, account)) moved = true;
  }
  return moved;
}

function nearer(level: number, candidate: number, sign: number): number {
  return (candidate - level) * sign > 0 ? candidate : level;
}
