import type { FeatureSet } from '../feature-set.js';

/** What was traded behind the moves of price. */
export const volume = {} satisfies FeatureSet;
