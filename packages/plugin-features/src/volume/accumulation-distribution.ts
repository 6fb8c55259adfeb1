import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { DoubleSum } from '../numeric/double-sum.js';
import { closeLocation } from './close-location.js';

/**
 * `accumulation-distribution`: volume that closed near the high (accumulated) less volume that closed near the low
 * (distributed).
 *
 * It counts from the first bar that it sees, so only its changes mean something: two runs that begin at different bars
 * differ by a constant.
 *
 * Unit: volume. Range: unbounded. Warm-up: 1 bar. Needs: volume.
 *
 * Formula: a[t] = a[t − 1] + volume × ((close − low) − (high − close)) / (high − low), from 0; a bar without a range adds
 * nothing. The sum is kept in two doubles, so it does not drift.
 *
 * Source: M. Chaikin; S. B. Achelis, *Technical Analysis from A to Z* (2000), "Accumulation/Distribution".
 */
export const accumulationDistribution = defineFeature({
  params: z.strictObject({}),
  outputs: ['accumulationDistribution'],
  needs: ['volume'],
  ahead: true,
  create: () => new AccumulationDistribution(),
});

class AccumulationDistribution implements Feature {
  readonly warmupBars = 1;
  private readonly sum = new DoubleSum();

  update(bars: BarWindow, out: Float64Array): void {
    const i = bars.index;
    this.sum.add(closeLocation(bars.high[i], bars.low[i], bars.close[i]) * bars.volume[i]);
    out[0] = this.sum.value;
  }

  reset(): void {
    this.sum.clear();
  }
}
