import { defineFeature } from '@keelson/core/plugin';
import { z } from 'zod';
import { period } from '../numeric/price-source.js';
import { BookPercentile } from './book-percentile.js';
import { ImbalanceReader } from './imbalance-reader.js';

/**
 * `imbalance-percentile`: how far the book leans to the bid against the newest `period` bars.
 *
 * Unit: a fraction. Range: above 0 to below 1; 0.5 where all are equal; no value on a bar without an imbalance.
 * Warm-up: `period` bars. Needs: depth.
 *
 * Formula: (below + equal / 2) / count, over `imbalance` in the window, this one included; `equal` counts it too. Bars
 * without an imbalance take no part.
 *
 * Source: the mid-rank percentile, J. W. Tukey, *Exploratory Data Analysis* (1977), chapter 14.
 */
export const imbalancePercentile = defineFeature({
  params: z.strictObject({ period: period.default(500).describe('Bars.') }),
  outputs: ['percentile'],
  needs: ['depth'],
  ahead: true,
  create: ({ params }) => new BookPercentile(params.period, new ImbalanceReader()),
});
