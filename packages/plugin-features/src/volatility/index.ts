import type { FeatureSet } from '../feature-set.js';
import { atr } from './atr.js';
import { bollinger } from './bollinger.js';

/** How far price goes. */
export const volatility = { atr, bollinger } satisfies FeatureSet;
