import type { FeatureSet } from '../feature-set.js';

/** Where a bar stands in its trading session. */
export const session = {} satisfies FeatureSet;
