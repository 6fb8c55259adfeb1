import type { BarColumns, SessionCalendar } from '@keelson/core/domain';
import type { FeatureDefinition } from '@keelson/core/ports';
import { BarRing, sliceBars } from '@keelson/core/series';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomBars } from './bars.js';
import { createFeature, runFeature } from './features.js';

export type LawParams = Record<string, number | string | boolean>;

/** One feature for {@link describeFeatureLaws}. */
export type LawCase = {
  readonly name: string;
  readonly definition: FeatureDefinition;
  readonly params: fc.Arbitrary<LawParams>;
  /**
   * The textbook formula over whole columns, written without the feature's code: one column for each output,
   * in order, NaN where there is no value.
   */
  readonly batch: (bars: BarColumns, params: LawParams) => ReadonlyArray<ArrayLike<number>>;
  /** Largest difference from `batch`, of the value where that is above 1: 1e-9 unless the plain formula itself is worse. */
  readonly tolerance?: number;
  /** Bars to try; {@link anyBars} unless the feature needs others, e.g. several sessions. At least 100. */
  readonly bars?: fc.Arbitrary<BarColumns>;
  /** Bars on which every output has a value once warm, for features without one on still prices; see {@link movingBars}. */
  readonly warmingBars?: fc.Arbitrary<BarColumns>;
  readonly calendar?: SessionCalendar;
};

/** A period for the laws: short enough for 150 bars to tell something. */
export const anyPeriod = fc.integer({ min: 1, max: 40 });
/** Every source of a price. */
export const anySource = fc.constantFrom('close', 'open', 'high', 'low', 'hl2', 'hlc3', 'ohlc4');

/** Bars on the grid of the tick 0.01, off it, and coarse ones with many equal prices. */
export const anyBars = fc
  .record({ seed: fc.integer(), denominator: fc.constantFrom(100, 97.3, 1), step: fc.constantFrom(2, 8) })
  .map(({ seed, ...options }) => randomBars(seed, 150, options));

/** Bars on the grid only, for features that compare distances: off it, those that are equal on paper differ by a rounding. */
export const gridBars = fc.record({ seed: fc.integer(), denominator: fc.constantFrom(100, 1), step: fc.constantFrom(2, 8) }).map(({ seed, ...options }) => randomBars(seed, 150, options));

/** Bars of which no price equals the one before, high and low are apart, and each has a volume. */
export const movingBars = fc.record({ seed: fc.integer(), denominator: fc.constantFrom(100, 97.3) }).map(({ seed, denominator }) => {
  const bars = randomBars(seed, 150, { denominator, step: 8 });
  for (let i = 0; i < bars.length; i++) {
    // steps apart that no two bars share, so that no window stands still or repeats itself
    const lift = (i % 2 === 0 ? i : 600 - i) / denominator;
    for (const column of [bars.open, bars.high, bars.low, bars.close]) column[i] += lift;
    bars.high[i] += 1 / denominator;
    bars.low[i] -= 1 / denominator;
    bars.volume[i] = 1 + ((i * 37) % 101);
  }
  return bars;
});

/** The price of each bar that `source` names, by the plain formula. */
export function pricesOf({ open, high, low, close, length }: BarColumns, source: unknown): number[] {
  const pick: Record<string, (i: number) => number> = {
    open: (i) => open[i],
    high: (i) => high[i],
    low: (i) => low[i],
    close: (i) => close[i],
    hl2: (i) => (high[i] + low[i]) / 2,
    hlc3: (i) => (high[i] + low[i] + close[i]) / 3,
    ohlc4: (i) => (open[i] + high[i] + low[i] + close[i]) / 4,
  };
  return Array.from({ length }, (_, i) => pick[String(source)](i));
}

export const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** `of` each full window of `length` values, NaN before; also NaN where the window holds one. */
export function rollingOf(values: readonly number[], length: number, of: (window: readonly number[]) => number): number[] {
  return values.map((_, i) => {
    const window = i + 1 < length ? [NaN] : values.slice(i + 1 - length, i + 1);
    return window.some(Number.isNaN) ? NaN : of(window);
  });
}

/** The change from each value to the next, NaN for the first. */
export const changesOf = (values: readonly number[]): number[] => values.map((value, i) => value - (values[i - 1] ?? NaN));

/** The columns with values only where all of them have one, as the outputs of a feature have. */
export const togetherOf = (...columns: number[][]): number[][] => columns.map((column) => column.map((value, i) => (columns.some((other) => Number.isNaN(other[i])) ? NaN : value)));

/** Exponential mean with smoothing 2 / (length + 1), from the simple mean of the first `length` values that are numbers. */
export function exponentialOf(values: readonly number[], length: number): number[] {
  return recursiveOf(values, length, 2 / (length + 1));
}

/** Wilder's mean: smoothing 1 / length, from the simple mean of the first `length` values that are numbers. */
export function wilderOf(values: readonly number[], length: number): number[] {
  return recursiveOf(values, length, 1 / length);
}

function recursiveOf(values: readonly number[], length: number, share: number): number[] {
  const begin = values.findIndex((value) => !Number.isNaN(value));
  const result = values.map(() => NaN);
  const first = begin + length - 1;
  if (begin < 0 || first >= values.length) return result;
  result[first] = meanOf(values.slice(begin, first + 1));
  for (let i = first + 1; i < values.length; i++) result[i] = share * values[i] + (1 - share) * result[i - 1];
  return result;
}

/** Where two columns differ by more than `tolerance`, of the wanted value where that is above 1. */
function disagreements(column: Float64Array, wanted: ArrayLike<number> | undefined, tolerance: number): string[] {
  return Array.from(column).flatMap((value, i) => {
    const expected = wanted?.[i] as number;
    const agrees = Number.isNaN(expected) ? Number.isNaN(value) : Math.abs(value - expected) <= tolerance * Math.max(1, Math.abs(expected));
    return agrees ? [] : [`bar ${i}: ${value} against ${expected}`];
  });
}

/** Holds each feature to what every feature promises. */
export function describeFeatureLaws(cases: readonly LawCase[]): void {
  describe.each(cases)('$name', ({ definition, params, batch, tolerance = 1e-9, bars: ownBars, warmingBars, calendar }) => {
    const outputs = definition.outputs.length;
    const create = (p: LawParams) => createFeature(definition, p, calendar ? { calendar } : {});
    const checkOn = (arbitrary: fc.Arbitrary<BarColumns>, property: (bars: BarColumns, params: LawParams) => void) => fc.assert(fc.property(arbitrary, params, property), { numRuns: 60 });
    const check = (property: (bars: BarColumns, params: LawParams) => void) => checkOn(ownBars ?? anyBars, property);

    it('gives bar by bar what the formula gives over whole columns', () => {
      check((bars, p) => {
        const expected = batch(bars, p);
        expect(expected).toHaveLength(outputs);
        const columns = runFeature(create(p), bars, outputs);
        expect(columns.flatMap((column, k) => disagreements(column, expected[k], tolerance).map((place) => `${definition.outputs[k]}, ${place}`))).toEqual([]);
      });
    });

    it('has its first value on the bar that warmupBars names', () => {
      checkOn(warmingBars ?? ownBars ?? anyBars, (bars, p) => {
        bars.volume.fill(1);
        const feature = create(p);
        for (const column of runFeature(feature, bars, outputs)) expect(column.findIndex((value) => !Number.isNaN(value)) + 1).toBe(feature.warmupBars);
      });
    });

    it('has no value before that bar on any bars', () => {
      check((bars, p) => {
        const feature = create(p);
        for (const column of runFeature(feature, bars, outputs)) expect(column.slice(0, feature.warmupBars - 1).every(Number.isNaN)).toBe(true);
      });
    });

    it('gives the same values again after a reset', () => {
      check((bars, p) => {
        const feature = create(p);
        const first = runFeature(feature, bars, outputs);
        feature.reset();
        expect(runFeature(feature, bars, outputs)).toEqual(first);
        feature.reset();
        const rest = sliceBars(bars, Math.floor(bars.length * 0.47), bars.length);
        expect(runFeature(feature, rest, outputs)).toEqual(runFeature(create(p), rest, outputs));
      });
    });

    it('never changes the past when bars are appended', () => {
      check((bars, p) => {
        const some = Math.floor(bars.length * 0.6);
        const all = runFeature(create(p), bars, outputs);
        expect(runFeature(create(p), sliceBars(bars, 0, some), outputs)).toEqual(all.map((column) => column.slice(0, some)));
      });
    });

    it('needs no more of the window than the newest bar', () => {
      check((bars, p) => {
        const [narrow, out] = [new BarRing(1), new Float64Array(outputs)];
        const feature = create(p);
        const expected = runFeature(create(p), bars, outputs);
        for (let row = 0; row < bars.length; row++) {
          narrow.push(bars, row);
          feature.update(narrow, out);
          expect(Array.from(out)).toEqual(expected.map((column) => column[row]));
        }
      });
    });
  });
}
