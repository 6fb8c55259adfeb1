import type { BarWindow, SessionCalendar, Timeframe } from '@keelson/core/domain';
import { KeelsonError } from '@keelson/core/errors';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { SessionClock, lengthOf } from './session-clock.js';

const MINUTE_MS = 60_000;

/**
 * `opening-range`: high and low of the first minutes of the session, once they are over.
 *
 * Outputs: `high` (highest price of the range), `low` (lowest), `width` (high − low).
 *
 * Unit: price. Range: `width` ≥ 0; no value while the range forms, in a session without bars in it or that closes
 * before its end, and on a bar outside of sessions. Warm-up: `minutes` in bars; a first session that the data
 * begin in the middle of has no value.
 *
 * Formula: max of highs and min of lows over the bars that open within `minutes` of the session's open. The first
 * value is that of the bar that closes with the range; it stands until the session ends. `minutes` must be a
 * multiple of the bars' length (`FEA_PARAMS`).
 *
 * Source: T. Crabel, *Day Trading with Short Term Price Patterns and Opening Range Breakout* (1990).
 */
export const openingRange = defineFeature({
  params: z.strictObject({ minutes: z.int().min(1).max(1_440).default(30).describe('Length of the range, from the open of the session.') }),
  outputs: ['high', 'low', 'width'],
  ahead: true,
  create: ({ params, calendar, timeframe }) => new OpeningRange(calendar, params.minutes, timeframe),
});

class OpeningRange implements Feature {
  readonly warmupBars: number;
  private readonly clock: SessionClock;
  private readonly rangeMs: number;
  private readonly barMs: number;
  private high = NaN;
  private low = NaN;
  /** Bars until it is warm: with holes a range may be over after fewer, and warm-up must not depend on holes. */
  private missing = 0;

  /** @throws KeelsonError FEA_PARAMS when no bar closes with the range */
  constructor(calendar: SessionCalendar, minutes: number, timeframe: Timeframe) {
    this.rangeMs = minutes * MINUTE_MS;
    this.barMs = lengthOf(timeframe);
    this.warmupBars = this.rangeMs / this.barMs;
    if (!Number.isInteger(this.warmupBars) || this.warmupBars < 1) {
      throw new KeelsonError('FEA_PARAMS', `feature opening-range: minutes was ${minutes}, expected a multiple of the bars' length (${timeframe.id})`, { hint: 'choose another number of minutes, or a shorter timeframe' });
    }
    this.clock = new SessionClock(calendar);
    this.missing = this.warmupBars - 1;
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { clock } = this;
    const i = bars.index;
    clock.update(bars);
    if (clock.begins) this.high = this.low = NaN;
    const open = bars.time[i] - clock.open;
    if (open < this.rangeMs) {
      const high = bars.high[i];
      const low = bars.low[i];
      // negated, so that the first of a session counts
      if (!(high <= this.high)) this.high = high;
      if (!(low >= this.low)) this.low = low;
    }
    const over = open + this.barMs >= this.rangeMs && clock.whole && this.missing === 0;
    if (this.missing > 0) this.missing--;
    out[0] = over ? this.high : NaN;
    out[1] = over ? this.low : NaN;
    out[2] = over ? this.high - this.low : NaN;
  }

  reset(): void {
    this.clock.clear();
    this.high = this.low = NaN;
    this.missing = this.warmupBars - 1;
  }
}
