import { defineStrategy } from '@keelson/core/plugin';
import type { Strategy } from '@keelson/core/ports';
import { z } from 'zod';
import { at, highestHigh, lowestLow } from './bars-back.js';
import { OwnSide } from './own-side.js';
import { bars, barsBack, multiple, multipleOrNone, side } from './params.js';

/**
 * `momentum-reversal`: buys the first strength after a fall that went too far, and sells the first weakness after such a rise.
 *
 * Idea: A move that is large for the market's own volatility is often in part haste and forced selling, and is in part given
 * back. The move over `lookback` bars counts in ATR × √`lookback`, the distance that a random walk of such bars would
 * cover, so that one level suits every market and bar length. To be stretched is no reason to enter: a bar has to close
 * beyond the bar before it first.
 *
 * Signals: long with confidence 0.6 when a bar closes above the high of the bar before it, and the move was at or below
 * −`stretch` on it or on one of the `patience` bars before. The stop lies `stopAtr` ATR below the lowest low of these bars, the target
 * at `rewardRisk` times the stop's distance from the close. Short is the mirror image. While a position is open, the
 * move crossing zero is flat: it was given back.
 *
 * Fails: in trends that begin with a large move and go on, as after news: every pause looks like a reversal, and the stop is paid
 * again and again. In quiet markets the moves are small against costs.
 *
 * Source: N. Jegadeesh, "Evidence of predictable behavior of security returns", *Journal of Finance* 45 (1990), for the reversal after short-term
 * moves; the entry and the exits are this strategy's own.
 */
export const momentumReversal = defineStrategy({
  params: z.strictObject({
    lookback: bars(20, 'Bars that the move is taken over.', 2),
    stretch: multiple(1.5, 'Size of the move that is too large, in ATR × √`lookback`; 1.5 is about two standard deviations.'),
    patience: barsBack(3, 'Bars that the reversal may come after the move was last too large.'),
    atrPeriod: bars(14, 'Bars of the ATR.'),
    stopAtr: multipleOrNone(0.5, 'Distance of the stop beyond the extreme, in ATR.'),
    rewardRisk: multiple(1.5, "Target as a multiple of the stop's distance."),
    side: side('both'),
  }),
  create({ params, use }): Strategy {
    const momentum = use('momentum', { period: params.lookback });
    const atr = use('atr', { period: params.atrPeriod });
    const { stretch, patience, stopAtr, rewardRisk } = params;
    const longs = params.side !== 'short';
    const shorts = params.side !== 'long';
    const scale = Math.sqrt(params.lookback);
    const rise = `closed above the bar before it after a fall of ${stretch} or more`;
    const fall = `closed below the bar before it after a rise of ${stretch} or more`;
    const back = { reason: 'the move was given back' };

    /** The move up to `ago` bars ago; NaN before its first value. */
    const move = (ago: number): number => (momentum.at(ago) ?? NaN) / ((atr.at(ago) ?? NaN) * scale);
    const wasStretched = (sign: number): boolean => {
      for (let k = 0; k <= patience; k++) if (move(k) * sign >= stretch) return true;
      return false;
    };
    const own = new OwnSide();
    return {
      onBar({ bars, position, signal }) {
        const held = own.see(position.quantity);
        if (bars.count < 2) return;
        const price = bars.close[bars.index];
        if (longs && price > at(bars.high, bars, 1) && wasStretched(-1)) {
          const stop = lowestLow(bars, patience) - stopAtr * (atr.value as number);
          if (stop < price) {
            own.ask(1);
            return signal.long({ confidence: 0.6, reason: rise, stop, target: price + rewardRisk * (price - stop) });
          }
        }
        if (shorts && price < at(bars.low, bars, 1) && wasStretched(1)) {
          const stop = highestHigh(bars, patience) + stopAtr * (atr.value as number);
          if (stop > price) {
            own.ask(-1);
            return signal.short({ confidence: 0.6, reason: fall, stop, target: price - rewardRisk * (stop - price) });
          }
        }
        if (held > 0 ? momentum.crossedAbove(0) : held < 0 && momentum.crossedBelow(0)) signal.flat(back);
      },
    };
  },
});
