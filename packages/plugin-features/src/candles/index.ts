import type { FeatureSet } from '../feature-set.js';

/** The shape of single bars and of a few in a row. */
export const candles = {} satisfies FeatureSet;
