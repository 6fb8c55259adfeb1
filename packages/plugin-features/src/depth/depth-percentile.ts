import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import { z } from 'zod';
import { period } from '../numeric/price-source.js';
import { BookPercentile, type BookReader } from './book-percentile.js';

/**
 * `depth-percentile`: how much stands at the best prices against the newest `period` bars.
 *
 * Unit: a fraction. Range: above 0 to below 1; 0.5 where all are equal; no value on a bar on which a side is empty.
 * Warm-up: `period` bars. Needs: depth.
 *
 * Formula: (below + equal / 2) / count, over bidSize + askSize of the bars of the window, this one included; `equal`
 * counts it too. Bars with an empty side take no part. O(log `period`) a bar.
 *
 * Source: the mid-rank percentile, J. W. Tukey, *Exploratory Data Analysis* (1977), chapter 14.
 */
export const depthPercentile = defineFeature({
  params: z.strictObject({ period: period.default(500).describe('Bars.') }),
  outputs: ['percentile'],
  needs: ['depth'],
  ahead: true,
  create: ({ params }) => new BookPercentile(params.period, new SizeReader()),
});

class SizeReader implements BookReader {
  readonly value = new Float64Array(1);

  read({ depth, index }: BarWindow): void {
    this.value[0] = depth === undefined ? NaN : (depth.bidSize[index] as number) + (depth.askSize[index] as number);
  }
}
