import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { Quotes } from './quotes.js';

/**
 * `depth-top`: how much stands at the best prices.
 *
 * Outputs: `total` (on both sides), `bid` (at the best bid), `ask` (at the best ask).
 *
 * Unit: contracts, shares or coins. Range: ≥ 0; no value for a side that is empty, nor for the total then.
 * Warm-up: 1 bar. Needs: depth.
 *
 * Formula: bidSize + askSize.
 *
 * Source: A. Chordia, R. Roll and A. Subrahmanyam, "Market Liquidity and Trading Activity", *Journal of Finance* 56
 * (2001).
 */
export const depthTop = defineFeature({
  params: z.strictObject({}),
  outputs: ['total', 'bid', 'ask'],
  needs: ['depth'],
  ahead: true,
  create: () => new DepthTop(),
});

class DepthTop implements Feature {
  readonly warmupBars = 1;
  private readonly quotes = new Quotes();

  update(bars: BarWindow, out: Float64Array): void {
    const { quotes } = this;
    quotes.read(bars);
    out[0] = quotes.bidSize + quotes.askSize;
    out[1] = quotes.bidSize;
    out[2] = quotes.askSize;
  }

  reset(): void {}
}
