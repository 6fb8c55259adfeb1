import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { SpreadReader } from './spread-reader.js';

/**
 * `spread`: what stands between the best bid and the best ask when a bar closes.
 *
 * Outputs: `price` (ask − bid), `ticks` (the same in ticks of the instrument), `bps` (in hundredths of a percent of
 * the price between the two).
 *
 * Unit: price; ticks; basis points. Range: ≥ 0; no value where a side is empty or the quotes are crossed.
 * Warm-up: 1 bar. Needs: depth.
 *
 * Formula: ask − bid; 10000 × (ask − bid) / ((ask + bid) / 2). Quotes on the tick grid give whole ticks.
 *
 * Source: H. Demsetz, "The Cost of Transacting", *Quarterly Journal of Economics* 82 (1968).
 */
export const spread = defineFeature({
  params: z.strictObject({}),
  outputs: ['price', 'ticks', 'bps'],
  needs: ['depth'],
  ahead: true,
  create: ({ instrument }) => new Spread(instrument.tickSize),
});

class Spread implements Feature {
  readonly warmupBars = 1;
  private readonly reader: SpreadReader;

  constructor(tickSize: number) {
    this.reader = new SpreadReader(tickSize);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { reader } = this;
    reader.read(bars);
    out[0] = reader.value[0];
    out[1] = reader.ticks;
    out[2] = (20_000 * reader.value[0]) / (reader.quotes.bid + reader.quotes.ask);
  }

  reset(): void {}
}
