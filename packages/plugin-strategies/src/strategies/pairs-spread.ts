import { ConfigError } from '@keelson/core/errors';
import { defineStrategy } from '@keelson/core/plugin';
import type { Strategy } from '@keelson/core/ports';
import { z } from 'zod';
import { PairWindow } from './pair-window.js';
import { lessThan, multiple, multipleOrNone } from './params.js';

/**
 * `pairs-spread`: sells the dear and buys the cheap one of two instruments that move together, until they meet again.
 *
 * Idea: Two instruments with a common cause drift apart for reasons that pass, an order of one side or a late quote. What counts is
 * the spread, ln(`first`) − hedge ratio × ln(`second`), in standard deviations from its mean over `period` bars: its
 * z-score. The market as a whole cancels out.
 *
 * Signals: each instrument of the pair has its own leg, and both come from the same numbers on the same bar. A z-score at or above
 * `entry` is short of `first` and long of `second`, with confidence 0.6; at or below −`entry` the other way around. (With a
 * negative hedge ratio both legs have one side.) A z-score that is back at `exit` is flat for both legs. One at or beyond `stop`
 * is flat too, and there is no new entry before the z-score was back at `exit`.
 *
 * Nothing is said in between. A leg that the account's limits refused, or that a stop of `exits:` closed, is not opened again, and the
 * other leg stands alone until the pair is left: give a pair no tight stops, and limits that fit both legs. Where the
 * strategy's `instruments:` name only one of the two, only that leg is traded.
 *
 * The sizes are the account's. `sizing: { use: equity-fraction }` makes legs of equal worth, which is what a hedge ratio of 1 stands for.
 * Only moments at which both instruments have a bar count, so both need the same timeframe and trading hours that overlap.
 *
 * Fails: when the common cause ends, as in a takeover, a default or a change of index: the spread then never comes back, and the `stop`
 * is what it costs. Mostly the profit of a pair is small against two commissions and two spreads.
 *
 * Source: E. Gatev, W. N. Goetzmann and K. G. Rouwenhorst, "Pairs trading: performance of a relative-value arbitrage rule",
 * *Review of Financial Studies* 19 (2006), with a rolling mean for its formation period.
 */
export const pairsSpread = defineStrategy({
  params: z
    .strictObject({
      first: z.string().min(1).describe('Id of the instrument whose price the spread counts up.'),
      second: z.string().min(1).describe('Id of the instrument whose price the spread counts down.'),
      hedge: z.enum(['fixed', 'rolling']).default('fixed').describe('`fixed`: the ratio is `hedgeRatio`. `rolling`: the least-squares slope of ln(`first`) on ln(`second`) over `period` bars.'),
      hedgeRatio: z.number().min(-100).max(100).default(1).describe('Share of the second log price, for `hedge: fixed`.'),
      period: z.int().min(3).max(100_000).default(60).describe('Bars that mean, deviation and slope are taken over.'),
      entry: multiple(2, 'Deviations from the mean at which the pair is opened; less than `stop`.'),
      exit: multipleOrNone(0, 'Deviations from the mean at which it is closed; less than `entry`.'),
      stop: multiple(4, 'Deviations from the mean at which it is given up.'),
    })
    .superRefine(lessThan('exit', 'entry'))
    .superRefine(lessThan('entry', 'stop'))
    .superRefine(({ first, second }, context) => {
      if (first === second) context.addIssue({ code: 'custom', path: ['second'], message: `second was ${second}, expected another instrument than first: name the other leg` });
    }),
  create({ params, instrument, use }): Strategy {
    const { first, second, entry, exit, stop } = params;
    if (instrument.id !== first && instrument.id !== second) {
      throw new ConfigError('CFG_REFERENCE', `pairs-spread was seated on ${instrument.id}, expected ${first} or ${second}`, { hint: `add instruments: [${first}, ${second}] to the strategy` });
    }
    const [price, against] = [use('sma', { period: 1 }, { instrument: first }), use('sma', { period: 1 }, { instrument: second })];
    const times = [use('bar-time', {}, { instrument: first }), use('bar-time', {}, { instrument: second })] as const;
    const leg = instrument.id === first ? 1 : -1;
    const window = new PairWindow(params.period);
    const rolling = params.hedge === 'rolling';
    const open = { confidence: 0.6, reason: `${first} and ${second} stand ${entry} or more deviations apart` };
    const met = { reason: `${first} and ${second} are back together` };
    const lost = { reason: `${first} and ${second} went ${stop} deviations apart` };
    /** 1 long of the spread, −1 short of it, 0 neither. */
    let spread = 0;
    let givenUp = false;
    return {
      onBar({ signal }) {
        if (times[0].value !== times[1].value) return;
        window.push(Math.log(against.value as number), Math.log(price.value as number));
        if (!window.full) return;
        const slope = rolling ? window.slope : params.hedgeRatio;
        const apart = window.deviationsOf(slope);
        if (apart !== apart) return;
        if (spread !== 0 && -spread * apart <= exit) {
          if (!givenUp) signal.flat(met);
          spread = 0;
          givenUp = false;
        } else if (spread !== 0 && !givenUp && -spread * apart >= stop) {
          signal.flat(lost);
          givenUp = true;
        }
        if (spread !== 0 || Math.abs(apart) < entry || Math.abs(apart) >= stop) return;
        spread = apart > 0 ? -1 : 1;
        // the second leg goes against the first, unless the two run against each other
        const wanted = leg === 1 ? spread : -spread * Math.sign(slope);
        if (wanted > 0) signal.long(open);
        else if (wanted < 0) signal.short(open);
      },
    };
  },
});
