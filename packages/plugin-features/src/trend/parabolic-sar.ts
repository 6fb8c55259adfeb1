import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';

/**
 * `parabolic-sar`: Wilder's stop and reverse, a trailing stop that speeds up and turns around when it is hit.
 *
 * Outputs: `sar` (the stop that was in force on the newest bar; where the bar hit it, the first stop of the other side),
 * `direction` (1 long, −1 short, after the newest bar), `next` (the stop for the next bar, known now). Unit: price, and 1 or
 * −1 for `direction`. Range: any price; a stop lies below the bars of a long and above those of a short. Warm-up: 2 bars.
 *
 * Formula: next = sar + factor × (extreme − sar), not beyond the lows (long) or highs (short) of the newest two bars. The
 * extreme is the highest high of the long, or the lowest low of the short; the factor starts at `start` and grows by `step`
 * with each new extreme, up to `max`. A long turns short on a bar whose low touches or passes the stop, a short turns long
 * on a high that does; the new stop is then the extreme that was reached, or the highest high (lowest low) of the newest two
 * bars if that lies beyond it, and the factor starts anew.
 *
 * The first position is short where the fall of the low of the second bar is positive and larger than the rise of its high,
 * and long otherwise; its stop is the high or low of the first bar. All as in TA-Lib, for a `start` that equals `step`. A
 * flip is final once its bar has closed: it never moves to another bar. Where nothing moves each bar touches the stop, and
 * the direction changes with every bar.
 *
 * Source: J. W. Wilder, *New Concepts in Technical Trading Systems* (1978), section II.
 */
export const parabolicSar = defineFeature({
  params: z
    .strictObject({
      start: z.number().positive().max(1).default(0.02).describe('Factor at the beginning of a position.'),
      step: z.number().min(0).max(1).default(0.02).describe('Growth of the factor with each new extreme.'),
      max: z.number().positive().max(1).default(0.2).describe('Largest factor; not below `start`.'),
    })
    .superRefine(({ start, max }, context) => {
      if (start > max) context.addIssue({ code: 'custom', path: ['start'], message: `start was ${start}, expected at most max (${max}): lower start or raise max` });
    }),
  outputs: ['sar', 'direction', 'next'],
  ahead: true,
  create: ({ params }) => new ParabolicSar(params.start, params.step, params.max),
});

/** All prices but the bars' are kept times the direction: a short is a long in a market upside down. */
class ParabolicSar implements Feature {
  readonly warmupBars = 2;
  /** 0 before the first position. */
  private direction: -1 | 0 | 1 = 0;
  private high = NaN;
  private low = NaN;
  private stop = NaN;
  private extreme = NaN;
  private factor = NaN;

  constructor(
    private readonly start: number,
    private readonly step: number,
    private readonly max: number,
  ) {}

  update(bars: BarWindow, out: Float64Array): void {
    const high = bars.high[bars.index];
    const low = bars.low[bars.index];
    if (this.direction === 0) this.begin(bars);
    const { direction } = this;
    if (direction === 0) {
      out[0] = NaN;
      out[1] = NaN;
      out[2] = NaN;
    } else {
      const isLong = direction > 0;
      const top = isLong ? high : -low;
      const bottom = isLong ? low : -high;
      const topBefore = isLong ? this.high : -this.low;
      const bottomBefore = isLong ? this.low : -this.high;
      let { stop, extreme, factor } = this;
      if (bottom <= stop) {
        const limit = top > topBefore ? top : topBefore;
        stop = extreme > limit ? extreme : limit;
        out[0] = direction * stop;
        stop += this.start * (bottom - stop);
        if (stop < limit) stop = limit;
        this.direction = isLong ? -1 : 1;
        this.stop = -stop;
        this.extreme = -bottom;
        this.factor = this.start;
      } else {
        out[0] = direction * stop;
        if (top > extreme) {
          extreme = top;
          factor = factor + this.step < this.max ? factor + this.step : this.max;
          this.extreme = extreme;
          this.factor = factor;
        }
        const limit = bottom < bottomBefore ? bottom : bottomBefore;
        stop += factor * (extreme - stop);
        this.stop = stop > limit ? limit : stop;
      }
      out[1] = this.direction;
      out[2] = this.direction * this.stop;
    }
    this.high = high;
    this.low = low;
  }

  reset(): void {
    this.direction = 0;
    this.high = NaN;
    this.low = NaN;
  }

  /** Takes the first position on the second bar. */
  private begin(bars: BarWindow): void {
    const high = bars.high[bars.index];
    const low = bars.low[bars.index];
    const rise = high - this.high;
    const fall = this.low - low;
    if (rise !== rise || fall !== fall) return;
    this.direction = fall > 0 && fall > rise ? -1 : 1;
    this.stop = this.direction > 0 ? this.low : -this.high;
    this.extreme = this.direction > 0 ? high : -low;
    this.factor = this.start;
    // the first bar does not limit the stop, as in TA-Lib
    this.high = high;
    this.low = low;
  }
}
