import type { FeatureSet } from '../feature-set.js';
import { accumulationDistribution } from './accumulation-distribution.js';
import { chaikinMoneyFlow } from './chaikin-money-flow.js';
import { chaikinOscillator } from './chaikin-oscillator.js';
import { easeOfMovement } from './ease-of-movement.js';
import { forceIndex } from './force-index.js';
import { obv } from './obv.js';
import { priceVolumeTrend } from './price-volume-trend.js';
import { relativeVolume } from './relative-volume.js';
import { upDownVolume } from './up-down-volume.js';
import { negativeVolumeIndex, positiveVolumeIndex } from './volume-index.js';
import { volumePercentile } from './volume-percentile.js';
import { volumeRatio } from './volume-ratio.js';
import { volumeTrend } from './volume-trend.js';
import { volumeZScore } from './volume-z-score.js';

/** How much changes hands, and on which side. */
export const volume = {
  'volume-ratio': volumeRatio,
  'volume-trend': volumeTrend,
  'volume-z-score': volumeZScore,
  'volume-percentile': volumePercentile,
  'relative-volume': relativeVolume,
  obv,
  'accumulation-distribution': accumulationDistribution,
  'chaikin-oscillator': chaikinOscillator,
  'chaikin-money-flow': chaikinMoneyFlow,
  'force-index': forceIndex,
  'ease-of-movement': easeOfMovement,
  'price-volume-trend': priceVolumeTrend,
  'negative-volume-index': negativeVolumeIndex,
  'positive-volume-index': positiveVolumeIndex,
  'up-down-volume': upDownVolume,
} satisfies FeatureSet;
