import type { BarRing } from '../series/bar-ring.js';
import type { FeatureBank } from './feature-bank.js';

/** A higher timeframe of one instrument. */
export type HigherSeries = {
  readonly bars: BarRing;
  readonly bank: FeatureBank;
  /** Takes the newest base bar; updates the bank for each higher bar that closed by it. */
  advance(base: BarRing): void;
};
