import { defineStrategy } from '@keelson/core/plugin';
import type { Strategy } from '@keelson/core/ports';
import { z } from 'zod';
import { OwnSide } from './own-side.js';
import { atMost, bars, minutes, multiple, side } from './params.js';
import { SessionPart } from './session-part.js';

/**
 * `vwap-reversion`: buys when price comes back into the band around the average price of the session from below, and sells when from
 * above.
 *
 * Idea: The volume-weighted average price is what the day's business was done at, and large orders are measured by it: far below it
 * buyers wait, far above it sellers. To be far away is no reason to enter; price has to turn first.
 *
 * Signals: after a close below the band's lower edge, `deviations` standard deviations from the average, the first close above it
 * and still below the average is long with confidence 0.6. The stop lies `stopDeviations` deviations beyond the edge, the
 * target at the average. Short is the mirror image. While a position is open, a close at or beyond the average, which moves on, is flat. With
 * `window: session` nothing counts in the first `quietMinutes`, when the band says little yet; nor do closes of the session before, and there
 * are no entries in the last `noEntryMinutes`. What is still open is flat `flatMinutes` before the close, or on the first bar of the next
 * session. A close at an edge is neither beyond it nor back within it.
 *
 * Daily bars have no session to average: they need `window: bars`.
 *
 * Fails: on days with a trend: price leaves the average and does not come back, and each turn is bought too early. Where volume is thin the
 * average is that of a few trades.
 *
 * Source: S. A. Berkowitz, D. E. Logue and E. A. Noser, "The total cost of transactions on the NYSE", *Journal of Finance* 43 (1988), for
 * the average as a measure; the band and its use are the practice of traders.
 */
export const vwapReversion = defineStrategy({
  params: z
    .strictObject({
      window: z.enum(['session', 'bars']).default('session').describe('`session`: the average of the session so far. `bars`: of the newest `period` bars.'),
      period: bars(50, 'Bars of the average, for `window: bars`.', 2),
      deviations: z.number().positive().max(100).default(2).describe('Half the band in standard deviations.'),
      stopDeviations: multiple(1, 'Distance of the stop beyond the edge, in standard deviations.'),
      quietMinutes: minutes(30, 'Nothing counts in this many minutes after the open, for `window: session`.'),
      noEntryMinutes: minutes(60, 'No entries in this many minutes before the close, for `window: session`.'),
      flatMinutes: minutes(5, 'Flat this many minutes before the close, for `window: session`; at most `noEntryMinutes`.'),
      side: side('both'),
    })
    .superRefine(atMost('flatMinutes', 'noEntryMinutes')),
  create({ params, use }): Strategy {
    const average = use('vwap', { window: params.window, period: params.period, deviations: params.deviations });
    const [upper, lower] = [average.output('upper'), average.output('lower')];
    const session = params.window === 'session' ? new SessionPart(use) : undefined;
    const { deviations, stopDeviations, quietMinutes, noEntryMinutes, flatMinutes } = params;
    const longs = params.side !== 'short';
    const shorts = params.side !== 'long';
    const rise = 'came back into the band of the average price from below';
    const fall = 'came back into the band of the average price from above';
    const met = { reason: 'back at the average price' };
    const ended = { reason: 'the session ends' };
    const own = new OwnSide();
    /** Since when price has not been within the band: −1 below it, 1 above it, 0 it is. */
    let beyond = 0;
    return {
      onBar({ bars, position, signal }) {
        session?.update();
        const held = own.see(position.quantity);
        if (session?.begins === true) beyond = 0;
        if (held !== 0 && session !== undefined && (session.begins || session.endsWithin(flatMinutes))) signal.flat(ended);
        if (session !== undefined && !((session.sinceOpen ?? 0) > quietMinutes)) return;
        const price = bars.close[bars.index];
        const middle = average.value ?? NaN;
        if (held !== 0 && (price - middle) * held >= 0) signal.flat(met);

        const [top, bottom] = [upper.value ?? NaN, lower.value ?? NaN];
        const from = beyond;
        if (price < bottom) beyond = -1;
        else if (price > top) beyond = 1;
        else if (price > bottom && price < top) beyond = 0;
        if (beyond !== 0 || from === 0 || session?.endsWithin(noEntryMinutes) === true) return;
        const stopDistance = ((top - middle) / deviations) * stopDeviations;
        if (from < 0 && longs && price < middle) {
          own.ask(1);
          signal.long({ confidence: 0.6, reason: rise, stop: bottom - stopDistance, target: middle });
        } else if (from > 0 && shorts && price > middle) {
          own.ask(-1);
          signal.short({ confidence: 0.6, reason: fall, stop: top + stopDistance, target: middle });
        }
      },
    };
  },
});
