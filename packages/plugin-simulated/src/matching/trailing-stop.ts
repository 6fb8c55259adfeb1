import type { SimOrder } from '../sim-order.js';

/** Trigger for a best price: whole ticks, rounded toward the market, so that the stop is never wider than asked. */
function trigger(order: SimOrder): number {
  const distance = order.trailFraction > 0 ? Math.abs(order.best) * order.trailFraction : order.trailTicks;
  return order.sign < 0 ? Math.ceil(order.best - distance - 1e-6) : Math.floor(order.best + distance + 1e-6);
}

/** Starts a trailing stop at `price` (ticks); a trigger that was given with the order stands until the market moves past it. */
export function startTrailing(order: SimOrder, price: number): void {
  order.best = price;
  if (!Number.isNaN(order.stop)) return;
  order.stop = trigger(order);
}

/** Takes over a new extreme (ticks). The trigger only ever comes nearer to the market. */
export function moveTrailing(order: SimOrder, extreme: number): void {
  if (order.sign < 0 ? extreme <= order.best : extreme >= order.best) return;
  order.best = extreme;
  const moved = trigger(order);
  if (order.sign < 0 ? moved > order.stop : moved < order.stop) {
    order.stop = moved;
    order.arm(0);
  }
}
