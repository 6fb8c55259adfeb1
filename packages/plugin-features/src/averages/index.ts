import type { FeatureSet } from '../feature-set.js';
import { ema } from './ema.js';
import { sma } from './sma.js';
import { vwap } from './vwap.js';

/** Averages of price. */
export const averages = { sma, ema, vwap } satisfies FeatureSet;
