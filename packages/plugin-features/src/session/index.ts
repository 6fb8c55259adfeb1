import type { FeatureSet } from '../feature-set.js';
import { barTime } from './bar-time.js';

/** Where a bar stands in its trading session. */
export const session = { 'bar-time': barTime } satisfies FeatureSet;
