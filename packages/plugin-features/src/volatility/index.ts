import type { FeatureSet } from '../feature-set.js';
import { atr } from './atr.js';
import { bollinger } from './bollinger.js';
import { chaikinVolatility } from './chaikin-volatility.js';
import { choppiness } from './choppiness.js';
import { massIndex } from './mass-index.js';
import { natr } from './natr.js';
import { realisedVolatility } from './realised-volatility.js';
import { trueRange } from './true-range.js';
import { ulcerIndex } from './ulcer-index.js';
import { volatilityRank } from './volatility-rank.js';
import { volatilityRatio } from './volatility-ratio.js';

/** How far price goes. */
export const volatility = {
  'true-range': trueRange,
  atr,
  natr,
  bollinger,
  'realised-volatility': realisedVolatility,
  'volatility-ratio': volatilityRatio,
  'volatility-rank': volatilityRank,
  'chaikin-volatility': chaikinVolatility,
  'ulcer-index': ulcerIndex,
  choppiness,
  'mass-index': massIndex,
} satisfies FeatureSet;
