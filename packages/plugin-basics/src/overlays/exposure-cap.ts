import { nearest } from '@keelson/core/config';
import { ConfigError } from '@keelson/core/errors';
import { defineRiskOverlay } from '@keelson/core/plugin';
import { z } from 'zod';
import { atMost, entryOverlay, PASS, percent, veto } from './entry-overlay.js';

const group = z.strictObject({
  name: z.string().min(1).describe('What the group is called in messages.'),
  instruments: z.array(z.string()).min(1).describe('Ids of its instruments. One may stand in several groups: each limit holds.'),
  maxFraction: z.number().gt(0).max(1000).describe('Most exposure of the group, as a fraction of equity: 1 is as much as the account is worth.'),
  measure: z.enum(['gross', 'net']).default('gross').describe('gross: longs and shorts add up. net: they offset one another.'),
});

const params = z.strictObject({ groups: z.array(group).min(1).describe('Instruments that move together, each group with its limit.') });

/**
 * `exposure-cap`: holds the exposure of groups of instruments below a fraction of equity.
 *
 * Exposure is quantity × price × multiplier in the base currency: of what is held, of entries that work, and of the
 * entry at hand, which is cut down to what is left. Instruments in no group are not limited;
 * `risk.maxExposureFraction` limits the whole account.
 */
export const exposureCap = defineRiskOverlay({
  params,
  create({ params: { groups }, instrument, instruments }) {
    const mine = groups.filter((each) => each.instruments.includes(instrument.id));
    groups.forEach((each, g) => {
      for (const id of each.instruments) {
        if (instruments.includes(id)) continue;
        const close = nearest(id, instruments);
        throw new ConfigError('CFG_REFERENCE', `exposure-cap: groups.${g}.instruments names '${id}', expected one of ${instruments.join(', ')}`, { hint: close === undefined ? 'add it to instruments:, or take it out of the group' : `did you mean ${close}?` });
      }
    });
    return entryOverlay((request, side) => {
      const perUnit = Math.abs(request.target.decisionPrice) * request.pointValue;
      let room = Number.POSITIVE_INFINITY;
      let tightest = mine[0];
      for (const each of mine) {
        const { instruments: members, maxFraction, measure } = each;
        let used = 0;
        for (const { instrument: id, long, short } of request.others) {
          if (members.includes(id)) used += measure === 'gross' ? long + short : (long - short) * side;
        }
        const left = request.equity * maxFraction - used;
        // what cannot be valued leaves nothing
        const some = Number.isNaN(left) ? Number.NEGATIVE_INFINITY : left;
        if (some < room) {
          room = some;
          tightest = each;
        }
      }
      if (tightest === undefined) return PASS;
      if (!(perUnit > 0)) return veto(`exposure of a quantity of 1 was ${perUnit}, expected above 0`);
      return atMost(request, room / perUnit, `group '${tightest.name}' may hold ${percent(tightest.maxFraction)} of equity (${tightest.measure})`);
    });
  },
});
