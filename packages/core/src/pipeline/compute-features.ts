import type { Desk } from './desk.js';

/**
 * Closed bar → feature values. Higher timeframes first: a higher bar that closed at or before this moment
 * is visible to everything that looks at this bar, and never earlier.
 */
export function computeFeatures(desk: Desk): void {
  const { higher } = desk;
  for (let i = 0; i < higher.length; i++) {
    (higher[i] as (typeof higher)[number]).advance(desk.bars);
  }
  desk.bank.update(desk.bars);
}

/** Crosses between instruments, once every bar of the moment was seen. */
export function settleCrosses(desk: Desk): void {
  desk.bank.settleCrosses();
  const { higher } = desk;
  for (let i = 0; i < higher.length; i++) (higher[i] as (typeof higher)[number]).bank.settleCrosses();
}
