import type { FeatureSet } from '../feature-set.js';

/** The top of the order book, where the feed has it. */
export const depth = {} satisfies FeatureSet;
