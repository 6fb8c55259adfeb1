import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { Quotes } from './quotes.js';

/**
 * `micro-price`: the price between bid and ask that the sizes point to: the heavier the bid, the nearer to the ask.
 *
 * Outputs: `price` (the size-weighted mid), `edge` (its distance from the plain mid).
 *
 * Unit: price. Range: `price` from bid to ask, `edge` within half a spread of 0; no value where a side is empty or
 * the quotes are crossed. Warm-up: 1 bar. Needs: depth.
 *
 * Formula: (bid × askSize + ask × bidSize) / (bidSize + askSize), as bid + (ask − bid) × bidSize / (bidSize + askSize);
 * edge = price − (bid + ask) / 2.
 *
 * Source: J. Gatheral and R. C. A. Oomen, "Zero-intelligence realized variance estimation", *Finance and Stochastics*
 * 14 (2010). S. Stoikov, "The micro-price", *Quantitative Finance* 18 (2018), adjusts it by a fitted model; this
 * does not.
 */
export const microPrice = defineFeature({
  params: z.strictObject({}),
  outputs: ['price', 'edge'],
  needs: ['depth'],
  ahead: true,
  create: () => new MicroPrice(),
});

class MicroPrice implements Feature {
  readonly warmupBars = 1;
  private readonly quotes = new Quotes();

  update(bars: BarWindow, out: Float64Array): void {
    const { quotes } = this;
    quotes.read(bars);
    const { bid, ask, bidSize, askSize } = quotes;
    const share = ask >= bid ? bidSize / (bidSize + askSize) : NaN;
    out[0] = bid + (ask - bid) * share;
    out[1] = (ask - bid) * (share - 0.5);
  }

  reset(): void {}
}
