import { defineStrategy } from '@keelson/core/plugin';
import type { Strategy } from '@keelson/core/ports';
import { z } from 'zod';
import { OwnSide } from './own-side.js';
import { atMost, bars, multiple, side } from './params.js';

/**
 * `donchian-trend`: follows every move beyond the channel of the last weeks, and leaves at the end of a shorter channel.
 *
 * Idea: Nobody knows which new high begins a long trend, so all are bought: many small losses pay for a few trends that go further
 * than anyone would have put a target. The exit by a shorter channel gives a trend room and takes part of the profit back.
 *
 * Signals: a close above the highest high of the `entryPeriod` bars before it is long with confidence 0.6, a close below their lowest
 * low is short. The stop lies `stopAtr` ATR from the close; there is no target. While a position is open, a close beyond the
 * channel of the `exitPeriod` bars before, on the wrong side, is flat. A close at the edge itself is not beyond it. After a stop the next close
 * beyond the channel enters again.
 *
 * Fails: in markets that swing within a range: it buys the top of every swing and sells the bottom. Two of three trades lose in good
 * years too, and years can pass between the trends that pay for them.
 *
 * Source: C. Faith, *The Original Turtle Trading Rules* (2003), System 1, on closes for its stop orders and without its
 * filter of winning trades and its pyramids; the channel is R. D. Donchian's.
 */
export const donchianTrend = defineStrategy({
  params: z
    .strictObject({
      entryPeriod: bars(20, 'Bars of the channel that is entered beyond.'),
      exitPeriod: bars(10, 'Bars of the channel that ends a position; at most `entryPeriod`.'),
      atrPeriod: bars(20, 'Bars of the ATR.'),
      stopAtr: multiple(2, 'Distance of the stop from the close, in ATR.'),
      side: side('both'),
    })
    .superRefine(atMost('exitPeriod', 'entryPeriod')),
  create({ params, use }): Strategy {
    const channel = use('donchian', { period: params.entryPeriod });
    const [upper, lower] = [channel.output('upper'), channel.output('lower')];
    const inner = use('donchian', { period: params.exitPeriod });
    const [innerUpper, innerLower] = [inner.output('upper'), inner.output('lower')];
    const atr = use('atr', { period: params.atrPeriod });
    const { stopAtr } = params;
    const longs = params.side !== 'short';
    const shorts = params.side !== 'long';
    const rise = `closed above the high of ${params.entryPeriod} bars`;
    const fall = `closed below the low of ${params.entryPeriod} bars`;
    const leaveLong = { reason: `closed below the low of ${params.exitPeriod} bars` };
    const leaveShort = { reason: `closed above the high of ${params.exitPeriod} bars` };
    const own = new OwnSide();
    return {
      onBar({ bars, position, signal }) {
        const held = own.see(position.quantity);
        const price = bars.close[bars.index];
        const risk = stopAtr * (atr.value ?? NaN);
        // the channels of the bars before this one: a bar cannot close beyond a channel that it is part of
        if (longs && risk > 0 && price > (upper.at(1) ?? NaN)) {
          own.ask(1);
          signal.long({ confidence: 0.6, reason: rise, stop: price - risk });
        } else if (shorts && risk > 0 && price < (lower.at(1) ?? NaN)) {
          own.ask(-1);
          signal.short({ confidence: 0.6, reason: fall, stop: price + risk });
        } else if (held > 0 && price < (innerLower.at(1) ?? NaN)) signal.flat(leaveLong);
        else if (held < 0 && price > (innerUpper.at(1) ?? NaN)) signal.flat(leaveShort);
      },
    };
  },
});
