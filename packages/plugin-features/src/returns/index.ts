import type { FeatureSet } from '../feature-set.js';
import { autocorrelation } from './autocorrelation.js';
import { deviation } from './deviation.js';
import { efficiencyRatio } from './efficiency-ratio.js';
import { highest, lowest } from './highest.js';
import { kurtosis } from './kurtosis.js';
import { linearRegression } from './linear-regression.js';
import { mean } from './mean.js';
import { median } from './median.js';
import { percentileRank } from './percentile-rank.js';
import { logReturn, simpleReturn } from './return.js';
import { skew } from './skew.js';
import { upRatio } from './up-ratio.js';
import { zScore } from './z-score.js';

/** Changes of price and their distribution. */
export const returns = {
  return: simpleReturn,
  'log-return': logReturn,
  mean,
  median,
  deviation,
  skew,
  kurtosis,
  'z-score': zScore,
  'percentile-rank': percentileRank,
  autocorrelation,
  highest,
  lowest,
  'linear-regression': linearRegression,
  'efficiency-ratio': efficiencyRatio,
  'up-ratio': upRatio,
} satisfies FeatureSet;
