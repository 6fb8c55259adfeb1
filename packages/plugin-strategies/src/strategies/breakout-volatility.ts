import { defineStrategy } from '@keelson/core/plugin';
import type { Strategy } from '@keelson/core/ports';
import { z } from 'zod';
import { OwnSide } from './own-side.js';
import { bars, barsBack, multiple, multipleOrNone, side } from './params.js';

/**
 * `breakout-volatility`: waits for a close clearly beyond the channel, as volatility measures it, and enters at the pullback.
 *
 * Idea: A close a tick beyond a channel means little; one that is a good part of a usual bar beyond it means that somebody was in
 * earnest. Such bars often overshoot, so the entry is a limit order on the way back, and the stop and the target are as
 * far away as the market moves.
 *
 * Signals: a close more than `bufferAtr` ATR above the highest high of the `period` bars before it is long with confidence 0.65, as a limit
 * order `pullbackAtr` ATR below that close. The stop lies `stopAtr` ATR below the entry, the target at `rewardRisk` times that distance. Short is the
 * mirror image. The order is taken back (flat) when it was not filled after `patience` bars, and when a bar closes on the other side of the
 * channel's middle; no other breakout counts while it waits. The same close beyond the middle ends an open position. With `pullbackAtr: 0`
 * the entry is a market order.
 *
 * Fails: on false breakouts, which pull back furthest and so fill the order most surely; the strongest breakouts never come back and are missed. In
 * a market that has just become wild the channel is narrow for its ATR, and every bar is a breakout.
 *
 * Source: P. J. Kaufman, *Trading Systems and Methods* (2013), for breakouts and for volatility as their measure; the combination is
 * this strategy's own.
 */
export const breakoutVolatility = defineStrategy({
  params: z.strictObject({
    period: bars(20, 'Bars of the channel.', 2),
    bufferAtr: multipleOrNone(0.25, 'How far beyond the channel a bar has to close, in ATR.'),
    pullbackAtr: multipleOrNone(0.5, 'Distance of the entry from that close, in ATR; 0 enters at the market.'),
    patience: barsBack(5, 'Bars that the entry waits.', 1),
    atrPeriod: bars(14, 'Bars of the ATR.'),
    stopAtr: multiple(2, 'Distance of the stop from the entry, in ATR.'),
    rewardRisk: multiple(2, "Target as a multiple of the stop's distance."),
    side: side('both'),
  }),
  create({ params, use }): Strategy {
    const channel = use('donchian', { period: params.period });
    const [upper, lower, middle] = [channel.output('upper'), channel.output('lower'), channel.output('middle')];
    const atr = use('atr', { period: params.atrPeriod });
    const { bufferAtr, pullbackAtr, patience, stopAtr, rewardRisk } = params;
    const longs = params.side !== 'short';
    const shorts = params.side !== 'long';
    const rise = `closed ${bufferAtr} ATR or more above the high of ${params.period} bars`;
    const fall = `closed ${bufferAtr} ATR or more below the low of ${params.period} bars`;
    const failed = { reason: 'the breakout failed: closed beyond the middle of the channel' };
    const missed = { reason: `the breakout did not come back within ${patience} bars` };
    const own = new OwnSide();
    /** Bars that the entry at work still waits, and its direction. */
    let waiting = 0;
    let direction = 0;
    return {
      onBar({ bars, position, signal }) {
        const price = bars.close[bars.index];
        const held = own.see(position.quantity);
        if (waiting > 0) {
          const failing = (price - (middle.value as number)) * direction < 0;
          if (held === direction) waiting = 0;
          else if (failing || --waiting === 0) {
            waiting = 0;
            own.forget();
            return signal.flat(failing ? failed : missed);
          } else return;
        }
        if (held !== 0 && (price - (middle.value as number)) * held < 0) signal.flat(failed);

        // of the bar before: neither the channel nor the ATR may know the bar that breaks out of it
        const range = atr.at(1) ?? NaN;
        const up = longs && position.quantity <= 0 && price > (upper.at(1) ?? NaN) + bufferAtr * range;
        if (!up && !(shorts && position.quantity >= 0 && price < (lower.at(1) ?? NaN) - bufferAtr * range)) return;
        const side = up ? 1 : -1;
        const entry = price - side * pullbackAtr * range;
        const risk = stopAtr * range;
        if (!(risk > 0)) return;
        const levels = { confidence: 0.65, reason: up ? rise : fall, stop: entry - side * risk, target: entry + side * rewardRisk * risk };
        const details = pullbackAtr > 0 ? { ...levels, entry } : levels;
        if (pullbackAtr > 0) waiting = patience;
        direction = side;
        own.ask(side);
        if (up) signal.long(details);
        else signal.short(details);
      },
    };
  },
});
