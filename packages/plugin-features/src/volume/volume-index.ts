import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { DoubleProduct } from '../numeric/double-product.js';

const params = z.strictObject({ base: z.number().positive().max(1e9).default(1_000).describe('Value of the index on the first bar.') });

/**
 * `negative-volume-index`: an index of the close that moves on bars of less volume than the bar before, the days of the
 * smart money as its author has it.
 *
 * It begins at `base` on the first bar that it sees, so only its relative changes mean something: two runs that begin at
 * different bars differ by a factor.
 *
 * Unit: points. Range: above 0. Warm-up: 1 bar. Needs: volume.
 *
 * Formula: n[t] = n[t − 1] × close / close[t − 1] where the volume is below that of the bar before, else n[t − 1]; a close that is
 * not above 0 moves nothing. The product is kept in two doubles, so it does not drift.
 *
 * Source: P. L. Dysart (1936); N. G. Fosback, *Stock Market Logic* (1976), chapter 21.
 */
export const negativeVolumeIndex = defineFeature({
  params,
  outputs: ['negativeVolumeIndex'],
  needs: ['volume'],
  ahead: true,
  create: ({ params: { base } }) => new VolumeIndex(base, -1),
});

/**
 * `positive-volume-index`: an index of the close that moves on bars of more volume than the bar before, the days of the
 * crowd.
 *
 * It begins at `base` on the first bar that it sees, so only its relative changes mean something: two runs that begin at
 * different bars differ by a factor.
 *
 * Unit: points. Range: above 0. Warm-up: 1 bar. Needs: volume.
 *
 * Formula: p[t] = p[t − 1] × close / close[t − 1] where the volume is above that of the bar before, else p[t − 1]; a close that is
 * not above 0 moves nothing. The product is kept in two doubles, so it does not drift.
 *
 * Source: P. L. Dysart (1936); N. G. Fosback, *Stock Market Logic* (1976), chapter 21.
 */
export const positiveVolumeIndex = defineFeature({
  params,
  outputs: ['positiveVolumeIndex'],
  needs: ['volume'],
  ahead: true,
  create: ({ params: { base } }) => new VolumeIndex(base, 1),
});

class VolumeIndex implements Feature {
  readonly warmupBars = 1;
  private readonly product: DoubleProduct;
  private previousClose = NaN;
  private previousVolume = NaN;

  constructor(
    base: number,
    /** 1 moves with more volume, −1 with less. */
    private readonly sign: 1 | -1,
  ) {
    this.product = new DoubleProduct(base);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const close = bars.close[bars.index];
    const volume = bars.volume[bars.index];
    const before = this.previousClose;
    if (this.sign * (volume - this.previousVolume) > 0 && close > 0 && before > 0) this.product.scale(close, before);
    this.previousClose = close;
    this.previousVolume = volume;
    out[0] = this.product.value;
  }

  reset(): void {
    this.product.clear();
    this.previousClose = NaN;
    this.previousVolume = NaN;
  }
}
