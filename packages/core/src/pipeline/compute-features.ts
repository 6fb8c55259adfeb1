import type { UtcMs } from '../domain/units.js';
import type { Desk } from './desk.js';

/**
 * Closed bar → feature values. Higher timeframes first: a higher bar that closed at or before this moment
 * is visible to everything that looks at this bar, and never earlier.
 */
export function computeFeatures(desk: Desk, close: UtcMs): void {
  const { higher } = desk;
  for (let i = 0; i < higher.length; i++) {
    (higher[i] as (typeof higher)[number]).advance(desk.bars, close);
  }
  desk.bank.update(desk.bars);
}
