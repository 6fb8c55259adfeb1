import { FEATURE, defineFeature, definePlugin, defineStrategy } from '@keelson/core/plugin';
import type { BarContext, Schema, StrategyContext } from '@keelson/core/ports';
import { z } from 'zod';
import { proveSuite } from '../../../testing/twins.js';
import { strategySuite } from './strategy-suite.js';
import type { StrategySubject } from './strategy-subject.js';

const strict = z.strictObject({ lookback: z.int().min(1).default(8) });

/** A feature that has no value on every fifth bar. */
const patchy = definePlugin({
  name: 'patchy',
  version: '1.0.0',
  api: '*',
  provides: ['feature'],
  register: ({ add }) =>
    add(
      FEATURE,
      'patchy',
      defineFeature({
        params: z.strictObject({}),
        outputs: ['close'],
        create: () => ({ warmupBars: 2, update: (bars, out) => void (out[0] = bars.count % 5 === 0 ? NaN : bars.close[bars.index]), reset: () => undefined }),
      }),
    ),
});

/** Follows the direction of the newest closes: sound, and what each twin is made of. */
type Parts = {
  readonly on: (context: BarContext, known: { readonly closes: readonly number[]; readonly value: () => number | undefined; readonly made: StrategyContext<unknown> }) => unknown;
  readonly params?: Schema;
};

const follow: Parts['on'] = ({ signal, bars, position }, { closes, value }) => {
  if (value() === undefined || closes.length < 8) return;
  const close = bars.close[bars.index];
  const up = close > (closes[0] as number);
  if (up && position.quantity <= 0) signal.long({ confidence: 0.7, reason: 'up', stop: close - 2, target: close + 3 });
  else if (!up && position.quantity > 0) signal.flat({ reason: 'down' });
  else if (!up && position.quantity === 0) signal.short({ confidence: 0.6, stop: close + 2, target: close - 3 });
};

function subject({ on, params = strict }: Parts): StrategySubject {
  return {
    plugins: [patchy],
    lengthBars: 400,
    definition: defineStrategy({
      params,
      create(made) {
        const feature = made.use('patchy');
        const closes: number[] = [];
        return {
          onBar(context) {
            closes.push(context.bars.close[context.bars.index]);
            if (closes.length > 8) closes.shift();
            return on(context, { closes, value: () => feature.value, made }) as undefined;
          },
        };
      },
    }),
  };
}

let served = 0;
let shared = 0;
let accounts = 0;
let kept: BarContext | undefined;

proveSuite(strategySuite, () => subject({ on: follow }), [
  { breaks: 'STR-010', how: 'takes other defaults each time', subject: () => subject({ on: follow, params: z.strictObject({ lookback: z.int().default(() => ++served) }) }) },
  { breaks: 'STR-020', how: 'lets any setting pass', subject: () => subject({ on: follow, params: z.object({ lookback: z.int().default(8) }) }) },
  { breaks: 'STR-030', how: 'lets any value pass', subject: () => subject({ on: follow, params: z.strictObject({ lookback: z.unknown().default(8) }) }) },
  { breaks: 'STR-040', how: 'never says anything', subject: () => subject({ on: () => undefined }) },
  {
    breaks: 'STR-050',
    how: 'tells another reason in every account',
    subject: () => {
      const numbers = new WeakMap<object, number>();
      return subject({
        on: ({ signal, bars }, { made }) => {
          if (!numbers.has(made)) numbers.set(made, ++accounts);
          if (bars.count % 10 === 1) signal.long({ reason: `account ${numbers.get(made)}` });
        },
      });
    },
  },
  { breaks: 'STR-060', how: 'takes a value that is not there for a low one', subject: () => subject({ on: ({ signal }, { value }) => void (!((value() ?? NaN) > 0) && signal.long()) }) },
  {
    breaks: 'STR-070',
    how: 'throws where the price stands still',
    subject: () =>
      subject({
        on: (context, known) => {
          if (known.closes.length === 8 && new Set(known.closes).size === 1) throw new RangeError('no spread');
          follow(context, known);
        },
      }),
  },
  {
    breaks: 'STR-080',
    how: 'fits itself to the bars of the run before',
    subject: () => {
      const fits = new WeakMap<object, number>();
      let latest = 0;
      return subject({
        on: ({ signal, bars, time }, { made }) => {
          if (made.instrument.id !== 'LAB') return;
          if (!fits.has(made)) fits.set(made, latest);
          latest = time;
          if (bars.count === 60) signal.long({ confidence: ((fits.get(made) as number) % 1000007) / 1000007 });
        },
      });
    },
  },
  {
    breaks: 'STR-090',
    how: 'writes to the volume',
    subject: () =>
      subject({
        on: (context, known) => {
          context.bars.volume[context.bars.index] = 5;
          follow(context, known);
        },
      }),
  },
  {
    breaks: 'STR-100',
    how: 'looks at the bars of the call before',
    subject: () => {
      kept = undefined;
      return subject({
        on: (context, known) => {
          const before = kept?.bars.count;
          kept = context.bars.count > 20 ? context : undefined;
          if (before !== -1) follow(context, known);
        },
      });
    },
  },
  {
    breaks: 'STR-110',
    how: 'returns a promise',
    subject: () =>
      subject({
        on: (context, known) => {
          follow(context, known);
          return context.bars.count > 60 ? Promise.resolve() : undefined;
        },
      }),
  },
  { breaks: 'STR-120', how: 'is surer than sure', subject: () => subject({ on: (context, known) => (context.bars.count === 300 ? context.signal.long({ confidence: 1.5 }) : follow(context, known)) }) },
  { breaks: 'STR-130', how: 'puts its stop above a long entry', subject: () => subject({ on: ({ signal, bars }) => void (bars.count % 20 === 0 && signal.long({ stop: bars.close[bars.index] + 1 })) }) },
  {
    breaks: 'STR-140',
    how: 'draws its own random numbers',
    subject: () =>
      subject({
        on: (context, known) => {
          if (Math.random() >= 0) follow(context, known);
        },
      }),
  },
  {
    breaks: 'STR-150',
    how: 'keeps its state beside its instances',
    subject: () =>
      subject({
        on: ({ signal, bars }) => {
          if (bars.count <= 2) shared = 0;
          shared += bars.close[bars.index];
          if (bars.count % 20 === 0) signal.long({ stop: (shared % 1) + 0.01 });
        },
      }),
  },
]);
