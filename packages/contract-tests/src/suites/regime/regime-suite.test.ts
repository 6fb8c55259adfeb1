import { defineRegime } from '@keelson/core/plugin';
import type { Regime, RegimeContext, Schema } from '@keelson/core/ports';
import type { BarWindow, UtcMs } from '@keelson/core/domain';
import { z } from 'zod';
import { proveSuite } from '../../../testing/twins.js';
import type { RegimeSubject } from './regime-subject.js';
import { regimeSuite } from './regime-suite.js';

const strict = z.strictObject({ wide: z.number().default(0.1) });
const UP: Regime = { tradable: true, reason: '', labels: { trend: 'up' } };
const DOWN: Regime = { tradable: false, reason: 'it falls', labels: { trend: 'down' } };
const NOT_TRADABLE: Regime = { tradable: false, reason: '', labels: { trend: 'down' } };
const SIDEWAYS: Regime = { tradable: true, reason: '', labels: { trend: 'sideways' } };

type Classify = (bars: BarWindow, close: UtcMs, made: RegimeContext<unknown>) => Regime;
const sound: Classify = (bars) => (bars.close[bars.index] >= bars.open[bars.index] ? UP : DOWN);

const subject = (classify: Classify, params: Schema = strict, more: Partial<RegimeSubject> = {}): RegimeSubject => ({
  lengthBars: 300,
  labels: { trend: ['up', 'down'] },
  definition: defineRegime({ params, create: (made) => ({ classify: (bars, close) => classify(bars, close, made) }) }),
  ...more,
});

let served = 0;

proveSuite(regimeSuite, () => subject(sound), [
  { breaks: 'REG-010', how: 'takes other defaults each time', subject: () => subject(sound, z.strictObject({ wide: z.number().default(() => ++served) })) },
  { breaks: 'REG-020', how: 'lets any setting pass', subject: () => subject(sound, z.object({ wide: z.number().default(1) })) },
  { breaks: 'REG-030', how: 'lets any value pass', subject: () => subject(sound, z.strictObject({ wide: z.unknown().default(1) })) },
  { breaks: 'REG-040', how: 'says nothing on some bars', subject: () => subject((bars, close, made) => (bars.count % 50 === 0 ? (undefined as never) : sound(bars, close, made))) },
  { breaks: 'REG-050', how: 'forbids without a reason', subject: () => subject((bars, close, made) => (sound(bars, close, made) === UP ? UP : NOT_TRADABLE)) },
  { breaks: 'REG-060', how: 'gives a label that it did not declare', subject: () => subject((bars, close, made) => (bars.count % 9 === 0 ? SIDEWAYS : sound(bars, close, made))) },
  { breaks: 'REG-070', how: 'makes a new object on every bar', subject: () => subject((bars, close, made) => ({ ...sound(bars, close, made) })) },
  {
    breaks: 'REG-080',
    how: 'writes on what it gave before',
    subject: () => {
      const mine = new WeakMap<object, Regime>();
      return subject((bars, close, made) => {
        const now = sound(bars, close, made);
        const kept = mine.get(made);
        if (kept?.tradable === now.tradable) return kept;
        if (kept?.tradable === true) Object.assign(kept, { reason: 'it rose' });
        const next = { ...now, labels: { ...now.labels } };
        mine.set(made, next);
        return next;
      });
    },
  },
  {
    breaks: 'REG-090',
    how: 'gives another reason in every account',
    subject: () => {
      const numbers = new WeakMap<object, Regime>();
      return subject((bars, close, made) => {
        if (sound(bars, close, made) === UP) return UP;
        const mine = numbers.get(made) ?? { ...DOWN, reason: `it falls in account ${++served}` };
        numbers.set(made, mine);
        return mine;
      });
    },
  },
  {
    breaks: 'REG-100',
    how: 'fits itself to the bars of the run before',
    subject: () => {
      const fits = new WeakMap<object, number>();
      let latest = 0;
      return subject((_bars, close, made) => {
        if (!fits.has(made)) fits.set(made, latest);
        latest = close;
        return ((fits.get(made) as number) / 60_000) % 7 < 3 ? UP : DOWN;
      });
    },
  },
  {
    breaks: 'REG-110',
    how: 'throws where the price stands still',
    subject: () =>
      subject((bars, close, made) => {
        if (bars.high[bars.index] === bars.low[bars.index]) throw new RangeError('no range');
        return sound(bars, close, made);
      }),
  },
  {
    breaks: 'REG-120',
    how: 'writes to the volume',
    subject: () =>
      subject((bars, close, made) => {
        bars.volume[bars.index] = 1;
        return sound(bars, close, made);
      }),
  },
  {
    breaks: 'REG-130',
    how: 'looks at the bars of the call before',
    subject: () => {
      const kept = new WeakMap<object, BarWindow>();
      return subject((bars, close, made) => {
        const window = kept.get(made) ?? bars;
        kept.set(made, bars);
        return window.count === 0 ? UP : sound(bars, close, made);
      });
    },
  },
  { breaks: 'REG-140', how: 'asks for the time of day', subject: () => subject((bars, close, made) => (Date.now() === 0 ? UP : sound(bars, close, made))) },
  {
    breaks: 'REG-150',
    how: 'keeps its state beside its instances',
    subject: () => {
      let last = 0;
      return subject((bars) => {
        const rising = bars.count > 1 && bars.close[bars.index] >= last;
        last = bars.close[bars.index];
        return rising ? UP : DOWN;
      });
    },
  },
]);
