import { defineStrategy } from '@keelson/core/plugin';
import type { Strategy } from '@keelson/core/ports';
import { z } from 'zod';
import { at, highestHigh, lowestLow } from './bars-back.js';
import { OwnSide } from './own-side.js';
import { bars, barsBack, lessThan, multiple, multipleOrNone, side } from './params.js';

/**
 * `trend-pullback`: joins a strong trend after it came back to its average and went on.
 *
 * Idea: A trend does not go in a straight line. Who enters at a pullback to the average buys cheaper than who buys the
 * new high, and knows sooner that it was wrong: below the low of the pullback.
 *
 * Signals: the trend is up while the `fast` average of closes stands above the `slow` one and the ADX is at least `minAdx`. Long with
 * confidence 0.65 when, in such a trend, a bar closes above the fast average and above the high of the bar before it, and
 * its low or that of one of the `patience` bars before touched the fast average. The stop lies `stopAtr` ATR below the lowest low of these bars,
 * the target at `rewardRisk` times the stop's distance from the close. Short is the mirror image. While a position is open, the
 * averages crossing against it are flat.
 *
 * Fails: at the end of trends, where the last pullback is the turn, and in wide ranges, whose swings are long enough to look like a
 * trend. A trend that never comes back to its average is missed.
 *
 * Source: L. B. Raschke and L. A. Connors, *Street Smarts* (1995), "The Holy Grail", with closes for its
 * stop orders.
 */
export const trendPullback = defineStrategy({
  params: z
    .strictObject({
      fast: bars(20, 'Bars of the average that price comes back to; less than `slow`.'),
      slow: bars(50, 'Bars of the average that the fast one is compared with.', 2),
      adxPeriod: bars(14, 'Bars of the ADX.'),
      minAdx: z.number().min(0).max(100).default(30).describe('Weakest trend that is joined, in points of the ADX.'),
      patience: barsBack(3, 'Bars that the trend has to go on after the average was last touched.'),
      atrPeriod: bars(14, 'Bars of the ATR.'),
      stopAtr: multipleOrNone(0.5, 'Distance of the stop beyond the extreme of the pullback, in ATR.'),
      rewardRisk: multiple(2, "Target as a multiple of the stop's distance."),
      side: side('both'),
    })
    .superRefine(lessThan('fast', 'slow')),
  create({ params, use }): Strategy {
    const fast = use('ema', { period: params.fast });
    const slow = use('ema', { period: params.slow });
    const adx = use('adx', { period: params.adxPeriod });
    const atr = use('atr', { period: params.atrPeriod });
    const { patience, stopAtr, rewardRisk, minAdx } = params;
    const longs = params.side !== 'short';
    const shorts = params.side !== 'long';
    const resume = { up: 'the up trend went on after a pullback to its average', down: 'the down trend went on after a pullback to its average' };
    const over = { reason: 'the averages crossed against the position' };
    const own = new OwnSide();
    return {
      onBar({ bars, position, signal }) {
        const held = own.see(position.quantity);
        if (held > 0 ? fast.crossedBelow(slow) : held < 0 && fast.crossedAbove(slow)) signal.flat(over);
        const average = fast.value as number;
        const trend = average - (slow.value as number);
        if (!((adx.value ?? NaN) >= minAdx) || trend === 0) return;
        const price = bars.close[bars.index];
        if (trend > 0) {
          if (!longs || price <= average || price <= at(bars.high, bars, 1)) return;
          for (let k = 0; k <= patience; k++) {
            if (!(at(bars.low, bars, k) <= (fast.at(k) ?? NaN))) continue;
            const stop = lowestLow(bars, patience) - stopAtr * (atr.value as number);
            own.ask(1);
            return signal.long({ confidence: 0.65, reason: resume.up, stop, target: price + rewardRisk * (price - stop) });
          }
        } else {
          if (!shorts || price >= average || price >= at(bars.low, bars, 1)) return;
          for (let k = 0; k <= patience; k++) {
            if (!(at(bars.high, bars, k) >= (fast.at(k) ?? NaN))) continue;
            const stop = highestHigh(bars, patience) + stopAtr * (atr.value as number);
            own.ask(-1);
            return signal.short({ confidence: 0.65, reason: resume.down, stop, target: price - rewardRisk * (stop - price) });
          }
        }
      },
    };
  },
});
