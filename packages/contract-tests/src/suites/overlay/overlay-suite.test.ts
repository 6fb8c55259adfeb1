import { defineRiskOverlay } from '@keelson/core/plugin';
import type { OverlayContext, OverlayRequest, OverlayVerdict, Schema } from '@keelson/core/ports';
import { z } from 'zod';
import { proveSuite } from '../../../testing/twins.js';
import type { OverlaySubject } from './overlay-subject.js';
import { overlaySuite } from './overlay-suite.js';

const strict = z.strictObject({ most: z.number().default(4) });
type Review = (request: OverlayRequest, made: OverlayContext<unknown>) => OverlayVerdict;

/** At most 4 where the trade before lost. */
const sound: Review = ({ target, ownTrades }) => {
  const last = ownTrades.at(-1);
  return last === undefined || last.pnl >= 0 || Math.abs(target.quantity) <= 4 ? { kind: 'pass' } : { kind: 'reduce', quantity: 4, reason: 'the trade before lost' };
};

const subject = (review: Review, params: Schema = strict): OverlaySubject => ({
  lengthBars: 300,
  definition: defineRiskOverlay({ params, create: (made) => ({ review: (request) => review(request, made) }) }),
});

let served = 0;

proveSuite(overlaySuite, () => subject(sound), [
  { breaks: 'OVL-010', how: 'takes other defaults each time', subject: () => subject(sound, z.strictObject({ most: z.number().default(() => ++served) })) },
  { breaks: 'OVL-020', how: 'lets any setting pass', subject: () => subject(sound, z.object({ most: z.number().default(1) })) },
  { breaks: 'OVL-030', how: 'lets any value pass', subject: () => subject(sound, z.strictObject({ most: z.unknown().default(1) })) },
  { breaks: 'OVL-040', how: 'lets everything pass', subject: () => subject(() => ({ kind: 'pass' })) },
  { breaks: 'OVL-050', how: 'gives no verdict now and then', subject: () => subject((request, made) => (request.time % 420_000 === 0 ? (undefined as never) : sound(request, made))) },
  { breaks: 'OVL-060', how: 'asks for more', subject: () => subject(({ target }) => ({ kind: 'reduce', quantity: Math.abs(target.quantity) * 2, reason: 'more' })) },
  { breaks: 'OVL-070', how: 'vetoes without a word', subject: () => subject(() => ({ kind: 'veto', reason: '' })) },
  {
    breaks: 'OVL-080',
    how: 'takes the target down itself',
    subject: () =>
      subject((request, made) => {
        const verdict = sound(request, made);
        Object.assign(request.target, { quantity: 0 });
        return verdict;
      }),
  },
  {
    breaks: 'OVL-090',
    how: 'compares with the request before',
    subject: () => {
      const kept = new WeakMap<object, OverlayRequest>();
      return subject((request, made) => {
        const before = kept.get(made);
        kept.set(made, request);
        return before?.time === 0 ? { kind: 'pass' } : sound(request, made);
      });
    },
  },
  {
    breaks: 'OVL-100',
    how: 'tells another reason in every account',
    subject: () => {
      const numbers = new WeakMap<object, number>();
      return subject((_request, made) => {
        const number = numbers.get(made) ?? ++served;
        numbers.set(made, number);
        return { kind: 'veto', reason: `account ${number}` };
      });
    },
  },
  {
    breaks: 'OVL-110',
    how: 'fits itself to the bars of the run before',
    subject: () => {
      const fits = new WeakMap<object, number>();
      let latest = 0;
      return subject(({ time }, made) => {
        if (!fits.has(made)) fits.set(made, latest);
        latest = time;
        return { kind: 'reduce', quantity: ((fits.get(made) as number) / 60_000) % 7, reason: 'fitted' };
      });
    },
  },
  {
    breaks: 'OVL-120',
    how: 'throws without a stop',
    subject: () =>
      subject((request, made) => {
        if (request.target.stop === request.target.decisionPrice) throw new RangeError('no distance');
        return sound(request, made);
      }),
  },
  { breaks: 'OVL-130', how: 'draws a random number', subject: () => subject((request, made) => (Math.random() < 0 ? { kind: 'pass' } : sound(request, made))) },
  {
    breaks: 'OVL-140',
    how: 'keeps its state beside its instances',
    subject: () => {
      let last = 0;
      return subject(({ target, bars }) => {
        const more = bars.count > 20 && target.decisionPrice > last;
        last = target.decisionPrice;
        return more ? { kind: 'veto', reason: 'dearer' } : { kind: 'reduce', quantity: 1, reason: 'cheaper' };
      });
    },
  },
]);
