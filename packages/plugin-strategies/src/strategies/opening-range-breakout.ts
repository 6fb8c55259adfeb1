import { defineStrategy } from '@keelson/core/plugin';
import type { Strategy } from '@keelson/core/ports';
import { z } from 'zod';
import { OwnSide } from './own-side.js';
import { atMost, minutes, multiple, side } from './params.js';
import { SessionPart } from './session-part.js';

/**
 * `opening-range-breakout`: goes with the first close beyond the range of the session's first minutes, and is flat at its end.
 *
 * Idea: The first minutes gather the orders of the night. Where price leaves their range, one side has got its way, and often keeps it
 * for the day; the range itself says where that was wrong.
 *
 * Signals: once the range is complete, the session's first close above its high is long with confidence 0.6, the first below its low is short; each
 * side once a session, and none in the last `noEntryMinutes`. The stop lies `stopFraction` of the range's width back from the edge that was
 * broken (1 is the other edge), the target at `rewardRisk` times the stop's distance from the close. What is still open is flat
 * `flatMinutes` before the close, or on the first bar of the next session where there was no bar so late. A close at the edge is not beyond it.
 *
 * The session is that of the instrument's `calendar`. A CME future's session opens on the evening before its date, and its
 * opening range is that of the evening. Bars have to divide `minutes`, so daily bars are refused.
 *
 * Fails: on days without direction, when both edges break and neither holds, and when the range is so wide that the move is over with it. Narrow
 * ranges put the stop within the noise.
 *
 * Source: T. Crabel, *Day Trading with Short Term Price Patterns and Opening Range Breakout* (1990), with closes for its stop orders.
 */
export const openingRangeBreakout = defineStrategy({
  params: z
    .strictObject({
      minutes: z.int().min(1).max(1_440).default(30).describe('Length of the opening range; a multiple of the bars.'),
      stopFraction: z.number().positive().max(10).default(1).describe('Distance of the stop from the broken edge, in widths of the range.'),
      rewardRisk: multiple(2, "Target as a multiple of the stop's distance."),
      noEntryMinutes: minutes(60, 'No entries in this many minutes before the close.'),
      flatMinutes: minutes(5, 'Flat this many minutes before the close; at most `noEntryMinutes`.'),
      side: side('both'),
    })
    .superRefine(atMost('flatMinutes', 'noEntryMinutes')),
  create({ params, use }): Strategy {
    const high = use('opening-range', { minutes: params.minutes });
    const [low, width] = [high.output('low'), high.output('width')];
    const session = new SessionPart(use);
    const { stopFraction, rewardRisk, noEntryMinutes, flatMinutes } = params;
    const rise = `closed above the range of the first ${params.minutes} minutes`;
    const fall = `closed below the range of the first ${params.minutes} minutes`;
    const ended = { reason: 'the session ends' };
    const own = new OwnSide();
    let longs = params.side !== 'short';
    let shorts = params.side !== 'long';
    return {
      onBar({ bars, position, signal }) {
        session.update();
        const held = own.see(position.quantity);
        if (session.begins) {
          longs = params.side !== 'short';
          shorts = params.side !== 'long';
        }
        if (held !== 0 && (session.begins || session.endsWithin(flatMinutes))) return signal.flat(ended);
        if (session.endsWithin(noEntryMinutes) || !((width.value ?? 0) > 0)) return;
        const price = bars.close[bars.index];
        const back = stopFraction * (width.value as number);
        if (longs && price > (high.value as number)) {
          longs = false;
          own.ask(1);
          const stop = (high.value as number) - back;
          signal.long({ confidence: 0.6, reason: rise, stop, target: price + rewardRisk * (price - stop) });
        } else if (shorts && price < (low.value as number)) {
          shorts = false;
          own.ask(-1);
          const stop = (low.value as number) + back;
          signal.short({ confidence: 0.6, reason: fall, stop, target: price - rewardRisk * (stop - price) });
        }
      },
    };
  },
});
