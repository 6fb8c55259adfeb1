import type { CashMovement, Fill } from './events.js';
import { toMoney } from './units.js';

/** What a fill cost in all, with a cost that was told after it. */
export function withLateCost(fill: Fill, { amount, currency }: CashMovement): Fill {
  // a fill that was told without a cost may name the wrong currency
  if (fill.commission === 0) return { ...fill, commission: toMoney(-amount), commissionCurrency: currency };
  return fill.commissionCurrency === currency ? { ...fill, commission: toMoney(fill.commission - amount) } : fill;
}
