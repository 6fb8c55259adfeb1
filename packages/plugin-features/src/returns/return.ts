import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import type { PriceSource } from '../numeric/price-source.js';
import { period, priceSource } from '../numeric/price-source.js';
import { ValueReader } from '../numeric/value-reader.js';

const params = z.strictObject({ horizon: period.default(1).describe('Bars from the earlier price to the newest.'), source: priceSource.default('close') });

/**
 * `return`: relative change of price over `horizon` bars.
 *
 * Unit: fraction; 0.01 is a rise of one percent. Range: ≥ −1 while prices are not negative; no value where the
 * earlier price is not positive. Warm-up: `horizon` + 1 bars.
 *
 * Formula: (p[t] − p[t − horizon]) / p[t − horizon]. The difference of prices on the tick grid is taken in whole
 * ticks, so that a small change keeps its digits.
 *
 * Source: J. Y. Campbell, A. W. Lo and A. C. MacKinlay, *The Econometrics of Financial Markets* (1997), section 1.4.
 */
export const simpleReturn = defineFeature({
  params,
  outputs: ['return'],
  ahead: true,
  create: ({ params: { horizon, source }, instrument }) => new Return('return', horizon, source, instrument.tickSize),
});

/**
 * `log-return`: logarithmic change of price over `horizon` bars; those of bars in a row add up.
 *
 * Unit: natural logarithm; 0.01 is a rise of about one percent. Range: unbounded, around 0; no value where one of
 * the prices is not positive. Warm-up: `horizon` + 1 bars.
 *
 * Formula: ln(p[t] / p[t − horizon]), taken from the relative change, so that a small change keeps its digits.
 *
 * Source: J. Y. Campbell, A. W. Lo and A. C. MacKinlay, *The Econometrics of Financial Markets* (1997), section 1.4.
 */
export const logReturn = defineFeature({
  params,
  outputs: ['log-return'],
  ahead: true,
  create: ({ params: { horizon, source }, instrument }) => new Return('log-return', horizon, source, instrument.tickSize),
});

class Return implements Feature {
  readonly warmupBars: number;
  private readonly reader: ValueReader;

  constructor(of: 'return' | 'log-return', horizon: number, source: PriceSource, tickSize: number) {
    this.warmupBars = horizon + 1;
    this.reader = ValueReader.of(of, source, tickSize, 1, horizon);
  }

  update(bars: BarWindow, out: Float64Array): void {
    out[0] = this.reader.read(bars) ? this.reader.cell[0] : NaN;
  }

  reset(): void {
    this.reader.clear();
  }
}
