import type { FeatureSet } from '../feature-set.js';

/** Changes of price and their distribution. */
export const returns = {} satisfies FeatureSet;
