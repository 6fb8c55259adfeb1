import type { BarWindow, SessionCalendar } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { PriceReader, partsOf, priceSource, type PriceSource } from '../numeric/price-source.js';
import { TickScale } from '../numeric/tick-scale.js';
import { WeightedMean } from '../numeric/weighted-mean.js';
import { SessionClock } from './session-clock.js';

/**
 * `session-vwap-distance`: how far the close is from the session's volume-weighted average price.
 *
 * Outputs: `fraction` (of that average: 0.01 is 1% above), `distance` (in price).
 *
 * Unit: a fraction; price. Range: unbounded, around 0; no value while the session has no volume. Warm-up: 1 bar.
 * Needs: volume.
 *
 * Formula: distance = close − vwap, fraction = distance / vwap, with `vwap` as that feature gives it for
 * `window: session`; a bar outside of sessions counts to the one before.
 *
 * Source: S. A. Berkowitz, D. E. Logue and E. A. Noser, "The total cost of transactions on the NYSE", *Journal of
 * Finance* 43 (1988).
 */
export const sessionVwapDistance = defineFeature({
  params: z.strictObject({ source: priceSource.default('hlc3') }),
  outputs: ['fraction', 'distance'],
  needs: ['volume'],
  ahead: true,
  create: ({ params, instrument, calendar }) => new SessionVwapDistance(params.source, instrument.tickSize, calendar),
});

class SessionVwapDistance implements Feature {
  readonly warmupBars = 1;
  private readonly clock: SessionClock;
  private readonly source: PriceReader;
  private readonly mean: WeightedMean;

  constructor(source: PriceSource, tickSize: number, calendar: SessionCalendar) {
    const scale = TickScale.of(tickSize, partsOf(source));
    this.clock = new SessionClock(calendar);
    this.source = PriceReader.of(source, scale);
    this.mean = new WeightedMean(scale, partsOf(source));
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { clock, source, mean } = this;
    clock.update(bars);
    if (clock.begins) mean.clear();
    source.read(bars);
    mean.add(source.sample, bars.volume, bars.index);
    mean.settle();
    const distance = bars.close[bars.index] - mean.value;
    out[0] = distance / mean.value;
    out[1] = distance;
  }

  reset(): void {
    this.clock.clear();
    this.mean.clear();
  }
}
