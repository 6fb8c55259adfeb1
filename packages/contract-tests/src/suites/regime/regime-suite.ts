import { isoTime } from '@keelson/core/domain';
import { messageOf } from '@keelson/core/errors';
import { sliceBars } from '@keelson/core/series';
import { OFFLINE, type Suite } from '../../frame/card.js';
import { expectEqual, expectThat, show } from '../../frame/expectations.js';
import { expectAsked } from '../../lab/expect-asked.js';
import { isOfSomethingBack, lentForTheCall } from '../../lab/lend.js';
import { paramsCards } from '../../lab/params-cards.js';
import { livelyBars, oddBars, stillBars } from '../../lab/sample-bars.js';
import { expectUnwritten } from '../../lab/unwritten.js';
import { ambientWatch } from '../../lab/watched.js';
import { regimeBars, runRegime, sampleRun, type RegimeSubject, type Verdict } from './regime-subject.js';

/** A label is a word that trades are grouped by: more than this many are a number in disguise. */
const MOST_LABELS = 24;

/** Tradable and labels, without the words for it. */
const said = ({ said: regime }: Verdict): unknown => ({ tradable: regime?.tradable, labels: regime?.labels });

/** What every regime classifier promises. */
export const regimeSuite: Suite<RegimeSubject> = {
  name: 'regime',
  prefix: 'REG',
  about: 'What says how the market is now, and whether it may be entered. Every card runs it in an account of the kernel, with its own features.',
  cards: [
    ...paramsCards<RegimeSubject>('REG'),
    {
      id: 'REG-040',
      title: 'says on every bar whether the market is tradable, with labels by dimension',
      why: 'What is no answer stops all entries, with a reason that names nobody',
      tiers: OFFLINE,
      async run(subject) {
        const { verdicts, lab } = await sampleRun(subject, 'lively');
        expectAsked(verdicts.length > 0, lab, subject.lengthBars ?? 1000);
        for (const { said: given, time } of verdicts) {
          expectThat(typeof given === 'object' && given !== null && typeof given.tradable === 'boolean', `on the bar of ${isoTime(time)} it gave ${show(given)}`, 'a regime with tradable, reason and labels');
          expectThat(typeof given.labels === 'object' && given.labels !== null, `labels were ${show(given.labels)}`, 'labels by dimension, { } for none');
        }
      },
    },
    {
      id: 'REG-050',
      title: 'gives a reason when the market is not tradable, and none when it is',
      why: 'An account that does not trade has to say why, or nobody can tell caution from a fault',
      tiers: OFFLINE,
      async run(subject) {
        for (const kind of ['lively', 'odd', 'still'] as const) {
          for (const { said: given, time } of (await sampleRun(subject, kind)).verdicts) {
            if (given?.tradable === undefined) continue; // REG-040 tells
            expectThat(typeof given.reason === 'string' && (given.reason.trim() === '') === given.tradable, `the reason on the bar of ${isoTime(time)} was ${show(given.reason)}, tradable ${String(given.tradable)}`, given.tradable ? 'an empty one' : 'why not');
          }
        }
      },
    },
    {
      id: 'REG-060',
      title: 'labels with few words, those that it declares',
      why: 'Weights, memory and reports go by labels: one that is never the same again groups nothing',
      tiers: OFFLINE,
      async run(subject) {
        const found = new Map<string, Set<unknown>>();
        for (const kind of ['lively', 'odd', 'still'] as const) {
          for (const { said: given } of (await sampleRun(subject, kind)).verdicts) {
            for (const [dimension, label] of Object.entries(given?.labels ?? {})) found.set(dimension, (found.get(dimension) ?? new Set()).add(label));
          }
        }
        for (const [dimension, labels] of found) {
          for (const label of labels) expectThat(typeof label === 'string' && label.trim() !== '', `a label of ${dimension} was ${show(label)}`, 'a word');
          expectThat(labels.size <= MOST_LABELS, `${dimension} had ${labels.size} labels, e.g. ${show([...labels].slice(0, 3))}`, `at most ${MOST_LABELS}`);
          const declared = subject.labels;
          if (declared === undefined) continue;
          const stray = [...labels].find((label) => declared[dimension]?.includes(label as string) !== true);
          expectThat(stray === undefined, `${dimension} was ${show(stray)}`, declared[dimension] === undefined ? `one of the dimensions ${Object.keys(declared).join(', ')}` : `one of ${declared[dimension].join(', ')}`);
        }
      },
    },
    {
      id: 'REG-070',
      title: 'gives the same object again while nothing has changed',
      why: 'The kernel tells a change by the object: a new one on every bar is work and garbage on every bar',
      tiers: OFFLINE,
      async run(subject) {
        const { verdicts } = await sampleRun(subject, 'lively');
        verdicts.forEach((verdict, i) => {
          const before = verdicts[i - 1];
          expectThat(before === undefined || before.text !== verdict.text || before.given === verdict.given, `on the bar of ${isoTime(verdict.time)} it gave a new object that says the same`, 'the object of the bar before');
        });
      },
    },
    {
      id: 'REG-080',
      title: 'never changes what it has given',
      why: 'The trade that was entered in a regime carries it: the past would say what the present is',
      tiers: OFFLINE,
      async run(subject) {
        const changed = (await sampleRun(subject, 'lively')).verdicts.find(({ given, text }) => (JSON.stringify(given) ?? 'undefined') !== text);
        expectThat(changed === undefined, `what was ${changed?.text ?? ''} is ${JSON.stringify(changed?.given)} now`, 'a new object for a new regime');
      },
    },
    {
      id: 'REG-090',
      title: 'says the same on the same bars, also when its journal is lived through again',
      why: 'A result that comes out otherwise tomorrow is none, and what cannot be decided again cannot be explained',
      tiers: OFFLINE,
      async run(subject) {
        const [first, second] = [await runRegime(subject), await runRegime(subject)];
        expectEqual(second.verdicts.length, first.verdicts.length, 'the number of its answers on a second run');
        second.verdicts.forEach(({ text, time }, i) => expectEqual(text, first.verdicts[i]?.text, `the answer on the bar of ${isoTime(time)} on a second run`));
        if (first.lab.error === undefined) expectEqual((await first.lab.replay()).difference, undefined, 'the first difference of a replay');
      },
    },
    {
      id: 'REG-100',
      title: 'never changes what it said when bars are appended',
      why: 'A filter that knows tomorrow makes any backtest rich',
      tiers: OFFLINE,
      async run(subject) {
        const bars = regimeBars(subject);
        const whole = await sampleRun(subject, 'lively');
        for (const share of [0.4, 0.75]) {
          const part = await runRegime(subject, { bars: sliceBars(bars, 0, Math.floor(bars.length * share)) });
          part.verdicts.forEach((verdict, i) => expectEqual(said(verdict), said(whole.verdicts[i] as Verdict), `what it said on the bar of ${isoTime(verdict.time)} with ${share * 100}% of the bars`));
        }
      },
    },
    {
      id: 'REG-110',
      title: 'throws on no bars, and not before its features are warm',
      why: 'One that throws stops all entries until somebody looks',
      tiers: OFFLINE,
      async run(subject) {
        for (const [name, make, calendar] of [
          ['lively bars', livelyBars, undefined],
          ['odd bars', oddBars, undefined],
          ['bars that stand still', stillBars, undefined],
          ['sessions with holidays', oddBars, 'us-equity'],
        ] as const) {
          const { thrown } = await runRegime(subject, { bars: regimeBars(calendar === undefined ? subject : { ...subject, calendar }, make), ...(calendar === undefined ? {} : { calendar }) });
          expectThat(thrown === undefined, `on ${name} it threw: ${messageOf(thrown)}`, 'an answer; unknown is no label, not an error');
        }
      },
    },
    {
      id: 'REG-120',
      title: 'does not write to the bars',
      why: 'Every feature and strategy of the account reads the same ones',
      tiers: OFFLINE,
      async run(subject) {
        const { thrown } = await runRegime(subject, { around: (call, bars) => expectUnwritten(bars, call) });
        if (thrown instanceof Error && thrown.name === 'ContractFault') throw thrown;
      },
    },
    {
      id: 'REG-130',
      title: 'keeps nothing of the bars it is shown',
      why: 'The kernel uses the window again: what is kept shows another bar later',
      tiers: OFFLINE,
      async run(subject) {
        const { thrown } = await runRegime(subject, lentForTheCall());
        expectThat(!isOfSomethingBack(thrown), 'it used the bars of an earlier call', 'those of the bar at hand');
      },
    },
    {
      id: 'REG-140',
      title: 'reads neither the clock nor the chance of the machine',
      why: 'A run must come out the same tomorrow, and on another machine',
      tiers: OFFLINE,
      async run(subject) {
        const { reads, watch } = ambientWatch();
        await runRegime(subject, { making: watch, around: watch });
        expectThat(reads.size === 0, `it read ${[...reads].join(', ')}`, 'the time of the bar');
      },
    },
    {
      id: 'REG-150',
      title: 'shares nothing with another account of the process',
      why: 'Two accounts would classify one another’s markets',
      tiers: OFFLINE,
      async run(subject) {
        const bars = regimeBars(subject);
        const others = { ...livelyBars(bars.length, { seed: 77 }), time: bars.time };
        const alone = await runRegime(subject, { bars, chunkBars: 5 });
        const [beside] = await Promise.all([runRegime(subject, { bars, chunkBars: 5 }), runRegime(subject, { bars: others, chunkBars: 7 })]);
        beside.verdicts.forEach((verdict, i) => expectEqual(said(verdict), said(alone.verdicts[i] as Verdict), `what it said on the bar of ${isoTime(verdict.time)} beside another account`));
      },
    },
  ],
};
