import type { BarColumns, Session, SessionCalendar } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import { joinBars, sliceBars } from '@keelson/core/series';
import { randomBars } from '@keelson/test-kit/bars';
import { anyPeriod, describeFeatureLaws, exponentialOf, meanOf, movingBars, rollingOf } from '@keelson/test-kit/feature-laws';
import fc from 'fast-check';
import { accumulationDistribution } from './accumulation-distribution.js';
import { chaikinMoneyFlow } from './chaikin-money-flow.js';
import { chaikinOscillator } from './chaikin-oscillator.js';
import { easeOfMovement } from './ease-of-movement.js';
import { forceIndex } from './force-index.js';
import { obv } from './obv.js';
import { priceVolumeTrend } from './price-volume-trend.js';
import { relativeVolume } from './relative-volume.js';
import { upDownVolume } from './up-down-volume.js';
import { negativeVolumeIndex, positiveVolumeIndex } from './volume-index.js';
import { volumePercentile } from './volume-percentile.js';
import { volumeRatio } from './volume-ratio.js';
import { volumeTrend } from './volume-trend.js';
import { volumeZScore } from './volume-z-score.js';

const period = anyPeriod;
const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const each = (bars: BarColumns, of: (i: number) => number): number[] => Array.from({ length: bars.length }, (_, i) => of(i));
const volumes = (bars: BarColumns): number[] => Array.from(bars.volume);
const cumulative = (values: readonly number[]): number[] => values.map((_, i) => sumOf(values.slice(0, i + 1)));
const some = (value: number): number => (Number.isFinite(value) ? value : NaN);

function flowsOf({ high, low, close, volume, length }: BarColumns): number[] {
  return Array.from({ length }, (_, i) => (high[i] === low[i] ? 0 : ((2 * close[i] - high[i] - low[i]) / (high[i] - low[i])) * volume[i]));
}

/** An average that begins with the first value. */
function smoothed(values: readonly number[], length: number): number[] {
  let mean = values[0] as number;
  return values.map((value) => (mean += (2 / (length + 1)) * (value - mean)));
}

function volumeIndexOf(bars: BarColumns, base: number, moves: (change: number) => boolean): number[] {
  let index = base;
  return each(bars, (i) => (i > 0 && moves(bars.volume[i] - bars.volume[i - 1]) ? (index *= bars.close[i] / bars.close[i - 1]) : index));
}

const SESSION_MS = 30 * 60_000;
const sessionOf = (number: number): Session => ({ date: `session ${number}`, open: toUtcMs(number * SESSION_MS), close: toUtcMs((number + 1) * SESSION_MS) });
/** Sessions of half an hour, one after the other. */
const halfHours: SessionCalendar = {
  id: 'half-hours',
  timeZone: 'UTC',
  sessionsPerYear: 17_520,
  sessionAt: (time) => sessionOf(Math.floor(time / SESSION_MS)),
  nextSession: (time) => sessionOf(Math.ceil(time / SESSION_MS)),
  previousSession: (time) => sessionOf(Math.floor(time / SESSION_MS) - 1),
};
/** Bars of which some minutes are missing. */
const patchyBars = fc.record({ seed: fc.integer(), missing: fc.uniqueArray(fc.integer({ min: 0, max: 159 }), { minLength: 10, maxLength: 60 }) }).map(({ seed, missing }) => {
  const all = randomBars(seed, 160);
  return joinBars(Array.from({ length: 160 }, (_, row) => row).filter((row) => !missing.includes(row)).map((row) => sliceBars(all, row, row + 1)));
});

describeFeatureLaws([
  {
    name: 'volume-ratio',
    definition: volumeRatio,
    params: fc.record({ period }),
    batch: (bars, p) => [[NaN, ...rollingOf(volumes(bars), Number(p['period']), meanOf)].slice(0, bars.length).map((mean, i) => some(bars.volume[i] / mean))],
  },
  {
    name: 'volume-trend',
    definition: volumeTrend,
    params: fc.record({ period: fc.integer({ min: 2, max: 40 }) }),
    batch: (bars, p) => [
      rollingOf(volumes(bars), Number(p['period']), (window) => {
        const middle = (window.length - 1) / 2;
        const mean = meanOf(window);
        return some(sumOf(window.map((value, k) => (k - middle) * (value - mean))) / sumOf(window.map((_, k) => (k - middle) ** 2)) / mean);
      }),
    ],
  },
  {
    name: 'volume-z-score',
    definition: volumeZScore,
    params: fc.record({ period: fc.integer({ min: 2, max: 40 }) }),
    batch: (bars, p) => [
      rollingOf(volumes(bars), Number(p['period']), (window) => {
        const deviation = Math.sqrt(meanOf(window.map((value) => (value - meanOf(window)) ** 2)));
        return deviation === 0 ? 0 : ((window.at(-1) as number) - meanOf(window)) / deviation;
      }),
    ],
  },
  {
    name: 'volume-percentile',
    definition: volumePercentile,
    params: fc.record({ period: fc.integer({ min: 1, max: 9 }), lookback: fc.integer({ min: 10, max: 60 }) }),
    batch(bars, p) {
      return [
        rollingOf(rollingOf(volumes(bars), Number(p['period']), sumOf), Number(p['lookback']), (window) => {
          const newest = window.at(-1) as number;
          return (window.filter((value) => value < newest).length + (window.filter((value) => value === newest).length - 1) / 2) / (window.length - 1);
        }),
      ];
    },
  },
  {
    name: 'relative-volume',
    definition: relativeVolume,
    params: fc.record({ sessions: fc.integer({ min: 1, max: 3 }) }),
    calendar: halfHours,
    bars: patchyBars,
    warmingBars: fc.integer().map((seed) => randomBars(seed, 150)),
    batch(bars, p) {
      const count = Number(p['sessions']);
      const sessionAt = (i: number): number => Math.floor(bars.time[i] / SESSION_MS);
      const byTime = new Map(each(bars, (i) => i).map((i) => [bars.time[i], bars.volume[i]]));
      // one of which the beginning was not seen is left out
      const first = bars.time[0] % SESSION_MS < 60_000 ? sessionAt(0) : sessionAt(0) + 1;
      const seen = [...new Set(each(bars, sessionAt))].filter((session) => session >= first);
      return [
        each(bars, (i) => {
          const before = seen.filter((session) => session < sessionAt(i)).slice(-count);
          if (before.length < count || i < count * 30) return NaN;
          return some(bars.volume[i] / meanOf(before.map((session) => byTime.get(session * SESSION_MS + (bars.time[i] % SESSION_MS)) ?? 0)));
        }),
      ];
    },
  },
  {
    name: 'obv',
    definition: obv,
    params: fc.record({}),
    batch: (bars) => [cumulative(each(bars, (i) => (i === 0 ? 1 : Math.sign(bars.close[i] - bars.close[i - 1])) * bars.volume[i]))],
  },
  { name: 'accumulation-distribution', definition: accumulationDistribution, params: fc.record({}), batch: (bars) => [cumulative(flowsOf(bars))] },
  {
    name: 'chaikin-oscillator',
    definition: chaikinOscillator,
    params: fc.record({ fast: fc.integer({ min: 1, max: 10 }), slow: fc.integer({ min: 11, max: 40 }) }),
    // the plain formula takes the distance of two long sums
    tolerance: 1e-8,
    batch(bars, p) {
      const line = cumulative(flowsOf(bars));
      const slow = smoothed(line, Number(p['slow']));
      return [smoothed(line, Number(p['fast'])).map((fast, i) => (i + 1 < Number(p['slow']) ? NaN : fast - slow[i]))];
    },
  },
  {
    name: 'chaikin-money-flow',
    definition: chaikinMoneyFlow,
    params: fc.record({ period }),
    batch(bars, p) {
      const all = rollingOf(volumes(bars), Number(p['period']), sumOf);
      return [rollingOf(flowsOf(bars), Number(p['period']), sumOf).map((flow, i) => some(flow / all[i]))];
    },
  },
  {
    name: 'force-index',
    definition: forceIndex,
    params: fc.record({ period }),
    batch: (bars, p) => [exponentialOf(each(bars, (i) => (bars.close[i] - bars.close[i - 1]) * bars.volume[i]), Number(p['period']))],
  },
  {
    name: 'ease-of-movement',
    definition: easeOfMovement,
    params: fc.record({ period, volumeUnit: fc.constantFrom(1, 10_000) }),
    batch(bars, p) {
      const middle = (i: number): number => (bars.high[i] + bars.low[i]) / 2;
      const ease = each(bars, (i) => {
        if (i > 0 && (bars.volume[i] === 0 || bars.high[i] === bars.low[i])) return 0;
        return (middle(i) - middle(i - 1)) / (bars.volume[i] / Number(p['volumeUnit']) / (bars.high[i] - bars.low[i]));
      });
      return [rollingOf([NaN, ...ease.slice(1)], Number(p['period']), meanOf)];
    },
  },
  {
    name: 'price-volume-trend',
    definition: priceVolumeTrend,
    params: fc.record({}),
    batch(bars) {
      const changes = each(bars, (i) => (i === 0 ? 0 : bars.volume[i] * (bars.close[i] / bars.close[i - 1] - 1)));
      return [[NaN, ...cumulative(changes).slice(1)]];
    },
  },
  {
    name: 'negative-volume-index',
    definition: negativeVolumeIndex,
    params: fc.record({ base: fc.constantFrom(1, 100, 1_000) }),
    batch: (bars, p) => [volumeIndexOf(bars, Number(p['base']), (change) => change < 0)],
  },
  {
    name: 'positive-volume-index',
    definition: positiveVolumeIndex,
    params: fc.record({ base: fc.constantFrom(1, 100, 1_000) }),
    batch: (bars, p) => [volumeIndexOf(bars, Number(p['base']), (change) => change > 0)],
  },
  {
    name: 'up-down-volume',
    definition: upDownVolume,
    // among two changes of moving bars one falls
    params: fc.record({ period: fc.integer({ min: 2, max: 40 }) }),
    warmingBars: movingBars,
    batch(bars, p) {
      const sumWhere = (is: (change: number) => boolean) =>
        rollingOf([NaN, ...each(bars, (i) => (is(bars.close[i] - bars.close[i - 1]) ? bars.volume[i] : 0)).slice(1)], Number(p['period']), sumOf);
      const [up, down] = [sumWhere((change) => change > 0), sumWhere((change) => change < 0)];
      return [up.map((value, i) => some(value / down[i])), up.map((value, i) => some((value - down[i]) / (value + down[i])))];
    },
  },
]);
