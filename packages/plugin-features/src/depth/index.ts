import type { FeatureSet } from '../feature-set.js';
import { depthPercentile } from './depth-percentile.js';
import { depthTop } from './depth-top.js';
import { imbalance } from './imbalance.js';
import { imbalancePercentile } from './imbalance-percentile.js';
import { medianSpread } from './median-spread.js';
import { microPrice } from './micro-price.js';
import { spread } from './spread.js';
import { spreadPercentile } from './spread-percentile.js';

/** The top of the order book at each bar's close, where the feed has it. */
export const depth = {
  spread,
  'median-spread': medianSpread,
  'spread-percentile': spreadPercentile,
  imbalance,
  'imbalance-percentile': imbalancePercentile,
  'micro-price': microPrice,
  'depth-top': depthTop,
  'depth-percentile': depthPercentile,
} satisfies FeatureSet;
