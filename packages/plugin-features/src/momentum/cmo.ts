import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';
import { RollingSum } from '../numeric/rolling-sum.js';
import { TickScale } from '../numeric/tick-scale.js';

/**
 * `cmo`: Chande's momentum oscillator, rises less falls as a share of all moves.
 *
 * Unit: points. Range: −100 to 100; 0 where there was no move. Warm-up: `period` + 1 bars, because the first bar
 * has no change.
 *
 * Formula: 100 × (up − down) / (up + down), with the plain sums of the rises and of the falls of the newest
 * `period` changes, as the author has it. (TA-Lib smooths the sums like Wilder.)
 *
 * Source: T. S. Chande and S. Kroll, *The New Technical Trader* (1994), chapter 5.
 */
export const cmo = defineFeature({
  params: z.strictObject({
    period: period.default(14).describe('Changes that are summed.'),
    source: priceSource.default('close'),
  }),
  outputs: ['cmo'],
  ahead: true,
  create: ({ params, instrument }) => new Cmo(params.period, params.source, instrument.tickSize),
});

class Cmo implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly up: RollingSum;
  private readonly down: RollingSum;
  private readonly move = new Float64Array(2);
  private before = NaN;

  constructor(
    length: number,
    source: PriceSource,
    private readonly tickSize: number,
  ) {
    this.warmupBars = length + 1;
    this.source = PriceReader.of(source, TickScale.of(tickSize, partsOf(source)));
    this.up = new RollingSum(length);
    this.down = new RollingSum(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { move, before } = this;
    this.source.read(bars);
    const { ticks, price } = this.source.sample;
    // in ticks, whole where the price lies on the grid: the unit cancels
    const now = ticks === ticks ? ticks : price / this.tickSize;
    this.before = now;
    out[0] = NaN;
    if (before !== before) return;
    move[0] = now > before ? now - before : 0;
    move[1] = now < before ? before - now : 0;
    this.up.push(move, 0);
    this.down.push(move, 1);
    const up = this.up.value;
    const down = this.down.value;
    const all = up + down;
    // the other way for a sum of NaN, which stays NaN, and of 0
    out[0] = all > 0 ? (100 * (up - down)) / all : all;
  }

  reset(): void {
    this.up.clear();
    this.down.clear();
    this.before = NaN;
  }
}
