import type { ExitSettings } from '../config/exits-schema.js';
import type { Plan } from '../domain/plan.js';
import { toPrice } from '../domain/units.js';
import type { ManagedOrder } from '../execution/managed-order.js';
import type { Account } from './account.js';
import { basisOf } from './carried-position.js';
import type { Desk } from './desk.js';
import { revisePlan } from './revise-plan.js';
import { routeChange } from './route-orders.js';

/**
 * Moves the stop to the entry or after the market, whichever is nearer to it; never away from it.
 * @param reached open profit in R
 */
export function trailStop(desk: Desk, account: Account, plan: Plan, reached: number): void {
  const { trailing, breakEvenAfterR } = account.settings.exits;
  const { position } = desk;
  const sign = position.lots > 0 ? 1 : -1;
  let level = plan.stop as number;
  let change = '';
  if (breakEvenAfterR !== undefined && reached >= breakEvenAfterR && (basisOf(desk) - level) * sign > 0) {
    level = basisOf(desk);
    change = 'break-even';
  }
  if (trailing !== undefined && reached >= trailing.afterR) {
    const candidate = trailingLevel(desk, trailing, sign);
    if ((candidate - level) * sign > 0) {
      level = candidate;
      change = 'trailing stop';
    }
  }
  if (change === '') return;
  // toward the entry, and never through the market: the venue would fill it at once
  const { grid } = position;
  const price = sign > 0 ? grid.priceUp(level) : grid.priceDown(level);
  if ((price - (plan.stop as number)) * sign <= 0 || (desk.close - price) * sign <= 0) return;
  if (moveStops(desk, account, price)) revisePlan(desk, account, { stop: toPrice(price) }, change);
}

/** Where the trailing stop would hang now; NaN while what it hangs from is not warm. */
function trailingLevel(desk: Desk, { distanceAtr, distanceFraction }: NonNullable<ExitSettings['trailing']>, sign: number): number {
  if (distanceAtr !== undefined) return desk.close - sign * distanceAtr * (desk.exitAtr?.value ?? Number.NaN);
  if (distanceFraction !== undefined) return desk.close * (1 - sign * distanceFraction);
  return (sign > 0 ? desk.chandelier?.long.value : desk.chandelier?.short.value) ?? Number.NaN;
}

/**
 * Moves every stop of the position: one that was renewed stands beside what is left of the first.
 * @returns whether any was allowed to
 */
export function moveStops(desk: Desk, account: Account, price: number): boolean {
  const live = account.orders.live[desk.index] as readonly ManagedOrder[];
  let moved = false;
  for (let i = live.length - 1; i >= 0; i--) {
    const stop = live[i];
    if (stop === undefined || stop.role !== 'stop' || stop.status === 'held' || stop.sign * desk.position.lots > 0 || stop.cancelRequested) continue;
    if (routeChange({ clientOrderId: stop.clientOrderId, instrument: desk.instrument.id, stopPrice: toPrice(price), reason: 'stop tightened' }, stop, desk, account)) moved = true;
  }
  return moved;
}
