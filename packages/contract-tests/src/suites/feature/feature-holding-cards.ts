import { sliceBars } from '@keelson/core/series';
import { OFFLINE, type Card } from '../../frame/card.js';
import { expectThat, show } from '../../frame/expectations.js';
import { heldBytes, liveBytes } from '../../lab/heap.js';
import { livelyBars } from '../../lab/sample-bars.js';
import { columnsOf, expectUnwritten } from '../../lab/unwritten.js';
import { expectSameColumns } from './feature-compare.js';
import { copyWindow, lively, makeFeature, ringFor, runBare, type FeatureSubject } from './feature-subject.js';

/** Bars of the trial of memory, and what a feature may grow by over them, noise of the machine included. */
const LONG_BARS = 20_000;
const MOST_GROWTH = 80_000;
const ROUNDS = 4;

/** What a feature keeps, and what it leaves alone. */
export const featureHoldingCards: ReadonlyArray<Card<FeatureSubject>> = [
  {
    id: 'FEA-110',
    title: 'is after a reset as before its first bar',
    why: 'What is left of the bars before would make values depend on when the account was started',
    tiers: OFFLINE,
    run(subject) {
      const bars = lively(subject);
      const feature = makeFeature(subject);
      const first = runBare(subject, bars, { feature });
      feature.reset();
      expectSameColumns(subject, runBare(subject, bars, { feature }), first, bars.length, 'after a reset');
      feature.reset();
      const rest = sliceBars(bars, Math.floor(bars.length * 0.47), bars.length);
      expectSameColumns(subject, runBare(subject, rest, { feature }), runBare(subject, rest), rest.length, 'after a reset, on other bars');
    },
  },
  {
    id: 'FEA-120',
    title: 'shares nothing with another one of its kind',
    why: 'Two instruments of an account, or two accounts of a process, would mix their prices',
    tiers: OFFLINE,
    run(subject) {
      const bars = lively(subject);
      const rest = sliceBars(bars, Math.floor(bars.length * 0.3), bars.length);
      const alone = runBare(subject, rest);
      const [first, second] = [makeFeature(subject), makeFeature(subject)];
      const [ring, other] = [ringFor(subject), new Float64Array(subject.definition.outputs.length)];
      let row = 0;
      const beside = runBare(subject, rest, {
        feature: second,
        update: (feature, window, out) => {
          ring.push(bars, row++);
          first.update(ring.window, other);
          feature.update(window, out);
        },
      });
      expectSameColumns(subject, beside, alone, rest.length, 'beside another one');
    },
  },
  {
    id: 'FEA-130',
    title: 'does not write to the bars',
    why: 'Every other feature and strategy of the account reads the same ones',
    tiers: OFFLINE,
    run(subject) {
      runBare(subject, lively(subject, makeFeature(subject).warmupBars + 40), {
        update: (feature, window, out) => {
          expectUnwritten(window, () => feature.update(window, out));
        },
      });
    },
  },
  {
    id: 'FEA-140',
    title: 'keeps neither the bars nor the array that it writes to',
    why: 'The kernel uses both again, and may use others on the next bar',
    tiers: OFFLINE,
    run(subject) {
      const bars = lively(subject, makeFeature(subject).warmupBars + 40);
      const wanted = runBare(subject, bars);
      const found = runBare(subject, bars, {
        update: (feature, window, out) => {
          const [lent, into] = [copyWindow(window), new Float64Array(out.length).fill(Number.NaN)];
          feature.update(lent, into);
          out.set(into);
          for (const [, column] of columnsOf(lent)) column.fill(Number.NaN);
          into.fill(Number.NaN);
        },
      });
      expectSameColumns(subject, found, wanted, bars.length, 'when each update got bars and an array of its own');
    },
  },
  {
    id: 'FEA-150',
    title: 'writes every output on every bar, and each has a value on some',
    why: 'What is not written keeps the value of the bar before; an output without values is none',
    tiers: OFFLINE,
    run(subject) {
      const { outputs } = subject.definition;
      const mark = -7.25e77;
      const valued = outputs.map(() => false);
      expectThat(new Set(outputs).size === outputs.length, `outputs were ${outputs.join(', ')}`, 'each name once');
      runBare(subject, lively(subject), {
        update: (feature, window, out) => {
          out.fill(mark);
          feature.update(window, out);
          outputs.forEach((output, k) => {
            expectThat(out[k] !== mark, `${output} was not written on bar ${window.count}`, 'a number on every bar, NaN for no value');
            if (!Number.isNaN(out[k])) valued[k] = true;
          });
        },
      });
      outputs.forEach((output, k) => expectThat(valued[k] === true, `${output} had a value on no bar`, "one on bars that give it one: see the subject's bars"));
    },
  },
  {
    id: 'FEA-160',
    title: 'answers at once and returns nothing',
    why: 'The bar path waits for nobody: what comes later comes too late, and its error is lost',
    tiers: OFFLINE,
    run(subject) {
      runBare(subject, lively(subject), {
        update: (feature, window, out) => {
          const result = (feature.update as (...args: unknown[]) => unknown).call(feature, window, out);
          if (result instanceof Promise) result.catch(() => undefined);
          expectThat(result === undefined, `update returned ${show(result)}`, 'nothing, with its values in out');
        },
      });
    },
  },
  {
    id: 'FEA-170',
    title: `needs no more memory after ${LONG_BARS.toLocaleString('en')} bars`,
    why: 'An account runs for months: what grows by a number a bar ends it one night',
    tiers: OFFLINE,
    run(given) {
      const subject = { ...given, timeframe: '1m' }; // as many daily bars would be of centuries
      const length = Math.max(10_000, 2 * makeFeature(subject).warmupBars);
      const bars = livelyBars(length, subject.calendar === undefined ? {} : { calendar: subject.calendar });
      const [feature, ring, out] = [makeFeature(subject), ringFor(subject), new Float64Array(subject.definition.outputs.length)];
      const span = (bars.time[length - 1] as number) - (bars.time[0] as number) + 86_400_000;
      const week = 7 * 86_400_000;
      const further = Math.ceil(span / week) * week; // whole weeks, so that sessions stay sessions
      const pass = (): void => {
        for (let row = 0; row < length; row++) {
          ring.push(bars, row);
          feature.update(ring.window, out);
        }
        for (let row = 0; row < length; row++) bars.time[row] = (bars.time[row] as number) + further;
      };
      pass(); // full windows, compiled code
      let growth = Number.POSITIVE_INFINITY;
      // what the machine itself takes, e.g. for compiled code, it takes once: a leak goes on
      for (let round = 0; round < ROUNDS && growth >= MOST_GROWTH; round++) {
        const before = liveBytes();
        for (let done = 0; done < LONG_BARS; done += length) pass();
        if (heldBytes() - before < MOST_GROWTH) growth = 0;
        else growth = Math.min(growth, liveBytes() - before);
      }
      expectThat(growth < MOST_GROWTH, `its memory grew by ${Math.round(growth / 1000)} kB over ${LONG_BARS} bars, ${ROUNDS} times in a row`, 'state of a fixed size');
    },
  },
];
