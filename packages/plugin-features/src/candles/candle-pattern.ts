import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { candlePatterns, type CandlePattern, type CandlePatternName } from './candle-patterns.js';
import { CandleWindow, MEAN_BARS } from './candle-window.js';

const NAMES = Object.keys(candlePatterns) as [CandlePatternName, ...CandlePatternName[]];

/**
 * `candle-pattern`: whether the newest bars form a candlestick pattern.
 *
 * Unit: none. Range: 1 for a pattern that is read as rising, −1 for one read as falling, 0 where there is none; 1 as well
 * for the four kinds of doji, which have no direction. Warm-up: 10 bars and those of the pattern (1 to 4).
 *
 * Formula: comparisons of bodies, shadows and prices, listed below pattern by pattern. The names of sizes mean, for
 * each bar by the bars before it: *long* is a body above the mean body of 10 bars, *short* one of at most that;
 * *tiny* is a tenth of the mean range (high − low) of 10 bars; *near*, *far* and *equal* are 0.2, 0.6 and 0.05 of the
 * mean range of 5 bars. White is a close at or above the open, black one below. The body is |close − open|; shadows
 * are what lies above and below it; a gap is a gap between bodies unless it says otherwise. All of it is computed
 * in ticks.
 *
 * Source: S. Nison, *Japanese Candlestick Charting Techniques* (1991); the sizes and comparisons are those of TA-Lib
 * (M. Fortier, 2005), except where a pattern below says so. No trend is asked for before a pattern: combine it with
 * a feature that measures one.
 *
 * **Doji.** `doji`: the body is at most tiny. `dragonfly-doji`: a doji with the upper shadow below tiny and the lower one
 * above. `gravestone-doji`: the reverse. `long-legged-doji`: a doji with a shadow longer than its body.
 *
 * **One bar.** `spinning-top`: a body below the mean, both shadows longer than it. `high-wave`: the same with shadows
 * longer than two bodies. `marubozu`: a long body, both shadows below tiny. `closing-marubozu`: a long body that closes
 * within tiny of its end. `belt-hold`: a long body that opens within tiny of its end. The sign of all five is the bar's
 * colour.
 *
 * **Hammers and stars.** `hammer` (1): a body below the mean, the lower shadow longer than it, the upper one below tiny,
 * and the body's bottom at most near above the low before. `hanging-man` (−1): the same shape, the bottom at least the
 * high before less near. `inverted-hammer` (1): a body below the mean, the upper shadow longer than it, the lower one
 * below tiny, a gap down. `shooting-star` (−1): the same shape after a gap up.
 *
 * **Two bars.** `engulfing`: colours differ, and the second body covers the first and is larger. `harami`: a short body
 * within a long one before; against the first. `harami-cross`: the same with a doji. `piercing` (1): long black,
 * then long white that opens below the low and closes above the middle of the first body and below its open.
 * `dark-cloud-cover` (−1): long white, then black that opens above the high and closes below the middle and above the
 * open. `tweezers`: a long body, then one of the other colour, with equal lows (1, the second is white) or equal highs
 * (−1); TA-Lib has none. `kicking`: two marubozu of two colours with a gap between the bars, the way of the second.
 * `doji-star`: a long body, then a doji beyond a gap in its direction; against the first. `matching-low` (1): two black
 * bars with equal closes. `homing-pigeon` (1): long black, then short black within it.
 *
 * **Three bars and four.** `morning-star` (1): long black, short below a gap, white that is not short and closes above
 * three tenths of the first body. `evening-star` (−1): its mirror image. `morning-doji-star`, `evening-doji-star`: the same
 * with a doji in the middle. `abandoned-baby`: the same again, with gaps between the whole bars on both sides.
 * `three-white-soldiers` (1): three white bars with upper shadows below tiny and rising closes, each opening above the
 * open before and at most near above its close, no body smaller than the one before by far, the last not short.
 * `three-black-crows` (−1): after a white bar three black ones with lower shadows below tiny and falling closes, each
 * opening within the body before, the first closing below the white bar's high. `three-inside`: a harami of any colour,
 * then a close beyond the first open; the way of the last. `three-outside`: a body that covers the one before on both
 * sides, then a close beyond its own. `three-line-strike`: three bars of one colour that close further and open
 * within near of the body before, then one that opens beyond and takes all three back; the way of the three.
 */
export const candlePattern = defineFeature({
  params: z.strictObject({ pattern: z.enum(NAMES).describe('Which pattern.') }),
  outputs: ['pattern'],
  ahead: true,
  create: ({ params, instrument }) => new CandlePatternFeature(candlePatterns[params.pattern], instrument.tickSize),
});

class CandlePatternFeature implements Feature {
  readonly warmupBars: number;
  private readonly window: CandleWindow;
  private missing: number;

  constructor(
    private readonly pattern: CandlePattern,
    tickSize: number,
  ) {
    this.warmupBars = this.missing = MEAN_BARS + pattern.candles;
    this.window = new CandleWindow(tickSize);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { window } = this;
    window.push(bars);
    if (this.missing > 0 && --this.missing > 0) out[0] = NaN;
    // + 0: no pattern against a black candle is 0, not −0
    else out[0] = this.pattern.find(window, window.index) + 0;
  }

  reset(): void {
    this.window.clear();
    this.missing = this.warmupBars;
  }
}
