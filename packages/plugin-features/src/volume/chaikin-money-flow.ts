import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { period } from '../numeric/price-source.js';
import { RollingSum } from '../numeric/rolling-sum.js';
import { closeLocation } from './close-location.js';

/**
 * `chaikin-money-flow`: the share of the volume that closed near the high, less the share that closed near the low.
 *
 * Unit: fraction. Range: −1 to 1; no value where the window has no volume. Warm-up: `period` bars. Needs: volume.
 *
 * Formula: Σ volume × ((close − low) − (high − close)) / (high − low) over Σ volume, both over `period` bars; a bar without a
 * range counts 0 in the first sum.
 *
 * Source: M. Chaikin; S. B. Achelis, *Technical Analysis from A to Z* (2000), "Chaikin Money Flow".
 */
export const chaikinMoneyFlow = defineFeature({
  params: z.strictObject({ period: period.default(21).describe('Bars of both sums.') }),
  outputs: ['chaikinMoneyFlow'],
  needs: ['volume'],
  ahead: true,
  create: ({ params }) => new ChaikinMoneyFlow(params.period),
});

class ChaikinMoneyFlow implements Feature {
  readonly warmupBars: number;
  private readonly flows: RollingSum;
  private readonly volumes: RollingSum;
  private readonly flow = new Float64Array(1);

  constructor(length: number) {
    this.warmupBars = length;
    this.flows = new RollingSum(length);
    this.volumes = new RollingSum(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const i = bars.index;
    this.flow[0] = closeLocation(bars.high[i], bars.low[i], bars.close[i]) * bars.volume[i];
    this.flows.push(this.flow, 0);
    this.volumes.push(bars.volume, i);
    out[0] = this.volumes.value > 0 ? this.flows.value / this.volumes.value : NaN;
  }

  reset(): void {
    this.flows.clear();
    this.volumes.clear();
  }
}
