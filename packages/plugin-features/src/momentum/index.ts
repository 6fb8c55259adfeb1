import type { FeatureSet } from '../feature-set.js';
import { macd } from './macd.js';
import { rsi } from './rsi.js';

/** How fast price moves, and whether the move tires. */
export const momentum = { rsi, macd } satisfies FeatureSet;
