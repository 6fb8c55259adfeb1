import type { FeatureSet } from '../feature-set.js';

/** Whether there is a trend, and where it would end. */
export const trend = {} satisfies FeatureSet;
