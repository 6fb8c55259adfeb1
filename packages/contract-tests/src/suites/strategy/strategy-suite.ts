import { isKeelsonError, messageOf } from '@keelson/core/errors';
import { isoTime } from '@keelson/core/domain';
import { sliceBars } from '@keelson/core/series';
import { OFFLINE, type Suite } from '../../frame/card.js';
import { expectEqual, expectThat, show } from '../../frame/expectations.js';
import { LAB_INSTRUMENT } from '../../lab/lab-run.js';
import { expectAsked } from '../../lab/expect-asked.js';
import { isOfSomethingBack, lentForTheCall } from '../../lab/lend.js';
import { paramsCards } from '../../lab/params-cards.js';
import { livelyBars, oddBars, stillBars } from '../../lab/sample-bars.js';
import { expectUnwritten } from '../../lab/unwritten.js';
import { ambientWatch } from '../../lab/watched.js';
import { barsFor, runStrategy, sampleRun, wanted, type Said, type StrategySubject } from './strategy-subject.js';

const place = ({ instrument, time, action }: Said): string => `${action} on ${instrument} at ${isoTime(time)}`;

/** What every strategy promises. */
export const strategySuite: Suite<StrategySubject> = {
  name: 'strategy',
  prefix: 'STR',
  about: 'What an account decides by. Every card runs it in an account of the kernel, with its own features; orders fill at once, without cost.',
  cards: [
    ...paramsCards<StrategySubject>('STR'),
    {
      id: 'STR-040',
      title: 'gives signals on the bars that it is tried on',
      why: 'Where it says nothing, no other card has anything to look at',
      tiers: OFFLINE,
      async run(subject) {
        const { said, calls, lab } = await sampleRun(subject, 'filled');
        expectAsked(calls > 0, lab, subject.lengthBars ?? 1000);
        expectThat(said.length > 0, `it said nothing on ${calls} bars`, "a signal: see the subject's bars and params");
      },
    },
    {
      id: 'STR-050',
      title: 'says the same on the same bars, also when its journal is lived through again',
      why: 'A result that comes out otherwise tomorrow is none, and what cannot be decided again cannot be explained',
      tiers: OFFLINE,
      async run(subject) {
        const [first, second] = [await runStrategy(subject), await runStrategy(subject)];
        expectEqual(second.said.length, first.said.length, 'the number of its signals on a second run');
        second.said.forEach((word, i) => expectEqual(word, first.said[i], `signal ${i + 1} of a second run`));
        if (first.lab.error === undefined) expectEqual((await first.lab.replay()).difference, undefined, 'the first difference of a replay');
      },
    },
    {
      id: 'STR-060',
      title: 'enters only when every feature that it read on the bar had a value',
      why: 'A comparison with a value that is not there is false, and its opposite true: that is no reason to trade',
      tiers: OFFLINE,
      async run(subject) {
        const [first] = (await sampleRun(subject, 'filled')).blind;
        expectThat(first === undefined, `it said ${first === undefined ? '' : place(first)} after it had read a feature without a value`, 'no entry then; a feature it can go without is asked for as optional');
      },
    },
    {
      id: 'STR-070',
      title: 'throws on no bars: holidays, ends of sessions, holes, jumps, one price for hours',
      why: 'A strategy that throws ends the run, with positions open',
      tiers: OFFLINE,
      async run(subject) {
        const length = subject.lengthBars ?? 1000;
        const sample = subject.timeframe === undefined ? {} : { timeframe: subject.timeframe };
        const pair = (make: typeof livelyBars, calendar = subject.calendar ?? '24/7') => ({ [LAB_INSTRUMENT]: make(length, { ...sample, calendar }), OTHER: make(length, { ...sample, calendar, seed: 2 }) });
        for (const [name, calendar, bars] of [
          ['its own bars', undefined, barsFor(subject)],
          ['odd bars', undefined, pair(oddBars)],
          ['bars that stand still', undefined, pair(stillBars)],
          ['sessions with holidays', 'us-equity', pair(oddBars, 'us-equity')],
        ] as const) {
          for (const dry of [false, true]) {
            const { lab } = await runStrategy(subject, { bars, dry, ...(calendar === undefined ? {} : { calendar }) });
            const others = isKeelsonError(lab.error) && (lab.error.code === 'STR_ASYNC' || lab.error.code === 'STR_SIGNAL'); // the matter of other cards
            expectThat(lab.error === undefined || others, `on ${name} it broke off: ${messageOf(lab.error)}`, 'a run to the end');
          }
        }
      },
    },
    {
      id: 'STR-080',
      title: 'never changes what it wanted when bars are appended',
      why: 'With tomorrow in its hands a strategy makes any backtest rich, and every live account poor',
      tiers: OFFLINE,
      async run(subject) {
        const bars = barsFor(subject);
        const whole = await sampleRun(subject, 'filled');
        for (const share of [0.35, 0.6, 0.85]) {
          const part = Object.fromEntries(Object.entries(bars).map(([id, columns]) => [id, sliceBars(columns, 0, Math.floor(columns.length * share))]));
          const { said } = await runStrategy(subject, { bars: part });
          said.forEach((word, i) => expectEqual(wanted(word), whole.said[i] === undefined ? undefined : wanted(whole.said[i]), `signal ${i + 1} with ${Math.round(share * 100)}% of the bars`));
          const end = Math.max(...Object.values(part).map(({ time, length }) => time[length - 1] as number));
          const missing = whole.said.slice(said.length).find(({ time }) => time < end);
          expectThat(missing === undefined, `with ${Math.round(share * 100)}% of the bars it did not say ${missing === undefined ? '' : place(missing)}`, 'what it says with all bars');
        }
      },
    },
    {
      id: 'STR-090',
      title: 'does not write to the bars',
      why: 'Every feature and every other strategy of the account reads the same ones',
      tiers: OFFLINE,
      async run(subject) {
        let fault: unknown;
        await runStrategy(subject, {
          around: (call, { bars }) => {
            try {
              return expectUnwritten(bars, call);
            } catch (thrown) {
              fault ??= thrown;
              throw thrown;
            }
          },
        });
        rethrow(fault, 'ContractFault');
      },
    },
    {
      id: 'STR-100',
      title: 'keeps nothing of what it is shown on a bar',
      why: 'The kernel uses it again: what is kept shows another bar, or another instrument, later',
      tiers: OFFLINE,
      async run(subject) {
        const { lab } = await runStrategy(subject, lentForTheCall());
        expectThat(!isOfSomethingBack(lab.error), 'it used bars, position, regime or signal of an earlier bar', 'those of the bar at hand, and of others only what it took out of them');
      },
    },
    {
      id: 'STR-110',
      title: 'answers at once and returns nothing',
      why: 'The bar path waits for nobody: a promise is an error that stops the account',
      tiers: OFFLINE,
      async run(subject) {
        let returned: unknown;
        await runStrategy(subject, {
          around: (call) => {
            const result = call();
            if (result instanceof Promise) result.catch(() => undefined);
            returned ??= result;
            return undefined;
          },
        });
        expectThat(returned === undefined, `onBar returned ${show(returned)}`, 'nothing: it speaks through signal');
      },
    },
    {
      id: 'STR-120',
      title: 'gives confidence from 0 to 1, and prices above 0',
      why: 'The vote, the gate and the size are made of them',
      tiers: OFFLINE,
      async run(subject) {
        for (const kind of ['filled', 'dry'] as const) {
          for (const word of (await sampleRun(subject, kind)).said) {
            const { confidence = 1 } = word.details;
            expectThat(confidence >= 0 && confidence <= 1, `confidence of ${place(word)} was ${String(confidence)}`, '0 to 1');
            for (const name of ['entry', 'stop', 'target', 'invalidation'] as const) {
              const price = word.details[name];
              expectThat(price === undefined || (Number.isFinite(price) && price > 0), `${name} of ${place(word)} was ${String(price)}`, 'a price above 0, or none');
            }
          }
        }
      },
    },
    {
      id: 'STR-130',
      title: 'puts stop and invalidation on the losing side, and the target on the winning one',
      why: 'A stop on the wrong side of the price is an exit at once, and a size worked out from it is nonsense',
      tiers: OFFLINE,
      async run(subject) {
        for (const kind of ['filled', 'dry'] as const) {
          for (const word of (await sampleRun(subject, kind)).said) {
            if (word.action === 'flat') continue;
            const sign = word.action === 'long' ? 1 : -1;
            const { entry = word.close, stop, target, invalidation } = word.details;
            for (const [name, price, side] of [
              ['stop', stop, -1],
              ['invalidation', invalidation, -1],
              ['target', target, 1],
            ] as const) {
              expectThat(price === undefined || !((price - entry) * sign * side <= 0), `${name} of ${place(word)} was ${String(price)} with an entry at ${entry}`, `one ${side * sign > 0 ? 'above' : 'below'} it`);
            }
          }
        }
      },
    },
    {
      id: 'STR-140',
      title: 'reads neither the clock nor the chance of the machine',
      why: 'A run must come out the same tomorrow, and on another machine',
      tiers: OFFLINE,
      async run(subject) {
        const { reads, watch } = ambientWatch();
        await runStrategy(subject, { making: watch, around: watch });
        expectThat(reads.size === 0, `it read ${[...reads].join(', ')}`, 'the time and the random numbers that it is given');
      },
    },
    {
      id: 'STR-150',
      title: 'shares nothing with another account of the process',
      why: 'Two accounts would trade on one another’s prices',
      tiers: OFFLINE,
      async run(subject) {
        const bars = barsFor(subject);
        const others = Object.fromEntries(Object.entries(bars).map(([id, columns], i) => [id, { ...livelyBars(columns.length, { seed: 77 + i }), time: columns.time }]));
        const alone = await runStrategy(subject, { bars, chunkBars: 5 });
        const [beside] = await Promise.all([runStrategy(subject, { bars, chunkBars: 5 }), runStrategy(subject, { bars: others, chunkBars: 7 })]);
        expectEqual(beside.said.length, alone.said.length, 'the number of its signals beside another account');
        beside.said.forEach((word, i) => expectEqual(wanted(word), wanted(alone.said[i] as Said), `signal ${i + 1} beside another account`));
      },
    },
  ],
};

/** Throws a fault that a run has swallowed; others are another card's matter. */
function rethrow(fault: unknown, name: string): void {
  if (fault instanceof Error && fault.name === name) throw fault;
}
