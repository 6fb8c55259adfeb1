import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { PriceReader, period } from '../numeric/price-source.js';
import { RollingSum } from '../numeric/rolling-sum.js';
import { TickScale } from '../numeric/tick-scale.js';

/**
 * `mfi`: money flow index, the share of the money traded at rising prices; the relative strength index with volume.
 *
 * Unit: points. Range: 0 to 100 for positive prices; 50 where no money flowed at a changed price. Warm-up:
 * `period` + 1 bars, because the first bar has no change.
 *
 * Needs: volume.
 *
 * Formula: the flow of a bar is p × volume with p = (high + low + close) / 3; it counts as up where p is above
 * that of the bar before, as down where it is below, and not at all where it is equal. The index is
 * 100 × up / (up + down), each summed over `period` bars.
 *
 * Source: G. Quong and A. Soudack, "Volume-weighted RSI: money flow", Technical Analysis of Stocks & Commodities 7
 * (1989).
 */
export const mfi = defineFeature({
  params: z.strictObject({ period: period.default(14).describe('Bars of which the money is summed.') }),
  outputs: ['mfi'],
  needs: ['volume'],
  ahead: true,
  create: ({ params, instrument }) => new Mfi(params.period, instrument.tickSize),
});

class Mfi implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly up: RollingSum;
  private readonly down: RollingSum;
  private readonly flow = new Float64Array(2);
  private before = NaN;

  constructor(
    length: number,
    private readonly tickSize: number,
  ) {
    this.warmupBars = length + 1;
    this.source = PriceReader.of('hlc3', TickScale.of(tickSize, 3));
    this.up = new RollingSum(length);
    this.down = new RollingSum(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { flow, before } = this;
    this.source.read(bars);
    const { ticks, price } = this.source.sample;
    // thirds of a tick, whole where they lie on the grid: the unit cancels
    const typical = ticks === ticks ? ticks : price / this.tickSize;
    this.before = typical;
    out[0] = NaN;
    if (before !== before) return;
    const money = typical * bars.volume[bars.index];
    flow[0] = typical > before ? money : 0;
    flow[1] = typical < before ? money : 0;
    this.up.push(flow, 0);
    this.down.push(flow, 1);
    const up = this.up.value;
    const all = up + this.down.value;
    // the other way for a sum of NaN, which stays NaN, and of 0
    out[0] = all > 0 ? (100 * up) / all : all + 50;
  }

  reset(): void {
    this.up.clear();
    this.down.clear();
    this.before = NaN;
  }
}
