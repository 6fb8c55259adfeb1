import { defineFeature } from '@keelson/core/plugin';
import { z } from 'zod';
import { period } from '../numeric/price-source.js';
import { BookPercentile } from './book-percentile.js';
import { SpreadReader } from './spread-reader.js';

/**
 * `spread-percentile`: how wide the spread is against those of the newest `period` bars.
 *
 * Unit: a fraction. Range: above 0 to below 1; 0.5 where all are equal; no value on a bar without a spread. Warm-up:
 * `period` bars. Needs: depth.
 *
 * Formula: (below + equal / 2) / count, over the spreads of the window, this one included; `equal` counts it too.
 * Bars without a spread take no part.
 *
 * Source: the mid-rank percentile, J. W. Tukey, *Exploratory Data Analysis* (1977), chapter 14.
 */
export const spreadPercentile = defineFeature({
  params: z.strictObject({ period: period.default(500).describe('Bars.') }),
  outputs: ['percentile'],
  needs: ['depth'],
  ahead: true,
  create: ({ params, instrument }) => new BookPercentile(params.period, new SpreadReader(instrument.tickSize)),
});
