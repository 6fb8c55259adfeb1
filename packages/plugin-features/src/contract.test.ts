import { declareSuite, featureSuite, type FeatureSubject } from '@keelson/contract-tests';
import { describe, it } from 'vitest';
import { families } from './index.js';

const DAILY: Partial<FeatureSubject> = { calendar: 'us-equity', timeframe: '1d' };

/** What a feature cannot do without, and the bars on which it has values from its warm-up on. */
const SUBJECTS: Readonly<Record<string, Partial<FeatureSubject>>> = {
  ...Object.fromEntries(['sma', 'ema', 'wma', 'smma', 'dema', 'tema', 'trima', 'hull', 'zlema', 't3', 'vwma'].map((id) => [id, { params: { period: 20 } }])),
  'candle-pattern': { params: { pattern: 'doji' } },
  'relative-volume': { params: { sessions: 2 } },
  'overnight-gap': DAILY,
  'prior-day': DAILY,
  'pivot-points': DAILY,
};

for (const family of Object.values(families)) {
  for (const [id, definition] of Object.entries(family)) declareSuite(featureSuite, { describe, it }, { definition, ...SUBJECTS[id] }, { of: id });
}
