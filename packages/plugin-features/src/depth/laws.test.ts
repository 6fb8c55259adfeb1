import type { BarColumns } from '@keelson/core/domain';
import { allocateBars } from '@keelson/core/series';
import { randomBars, seeded } from '@keelson/test-kit/bars';
import { anyPeriod, describeFeatureLaws } from '@keelson/test-kit/feature-laws';
import { createFeature, runFeature } from '@keelson/test-kit/features';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { depth } from './index.js';

type Row = { readonly bid: number; readonly ask: number; readonly bidSize: number; readonly askSize: number };

/** Bars with quotes around their close, on the grid of 0.01 and off it; `rare` is how often something is wrong with them. */
function quotedBars(rare: number): fc.Arbitrary<BarColumns> {
  return fc.record({ seed: fc.integer(), denominator: fc.constantFrom(100, 97.3) }).map(({ seed, denominator }) => {
    const bars = { ...randomBars(seed, 150, { denominator }), depth: allocateBars(150, true).depth! };
    const next = seeded(seed ^ 5);
    const { bid, ask, bidSize, askSize } = bars.depth;
    for (let i = 0; i < bars.length; i++) {
      const ticks = Math.round(bars.close[i]! * denominator);
      bid[i] = (ticks - Math.floor(next() * 3)) / denominator;
      ask[i] = (ticks + 1 + Math.floor(next() * 2)) / denominator;
      bidSize[i] = 1 + Math.floor(next() * 20);
      askSize[i] = Math.floor(next() * 20);
      if (next() < rare) bid[i] = bidSize[i] = NaN;
      if (next() < rare) ask[i] = NaN;
      if (next() < rare) bid[i] = ask[i]! + 0.01;
      if (next() < rare) bidSize[i] = askSize[i] = 0;
    }
    return bars;
  });
}

const rowsOf = ({ depth: top, length }: BarColumns): Row[] => Array.from({ length }, (_, i) => ({ bid: top!.bid[i]!, ask: top!.ask[i]!, bidSize: top!.bidSize[i]!, askSize: top!.askSize[i]! }));
/** To the precision that tells equal spreads from others. */
const spreadOf = ({ bid, ask }: Row): number => (ask >= bid ? Number((ask - bid).toFixed(9)) : NaN);
const imbalanceOf = ({ bidSize, askSize }: Row): number => (bidSize - askSize) / (bidSize + askSize);

function windows(values: readonly number[], length: unknown, of: (numbers: readonly number[], newest: number) => number): number[] {
  return values.map((newest, i) => (i + 1 < Number(length) ? NaN : of(values.slice(i + 1 - Number(length), i + 1).filter((value) => !Number.isNaN(value)), newest)));
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.length === 0 ? NaN : (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

/** Counted pair by pair: one that is equal counts half. */
const percentile = (values: readonly number[], newest: number): number => (Number.isNaN(newest) ? NaN : values.reduce((sum, value) => sum + (value < newest ? 1 : value === newest ? 0.5 : 0), 0) / values.length);

const [none, period] = [fc.constant({}), fc.record({ period: anyPeriod })];
const shared = { bars: quotedBars(0.1), warmingBars: quotedBars(0) };
// off the grid, spreads that are equal on paper differ in the last digit
const onGrid = { bars: shared.bars.map((bars) => snap(bars)), warmingBars: shared.warmingBars.map((bars) => snap(bars)) };

function snap(bars: BarColumns): BarColumns {
  for (const column of [bars.depth!.bid, bars.depth!.ask]) column.forEach((price, i) => (column[i] = Number(price.toFixed(2))));
  return bars;
}

describeFeatureLaws([
  { name: 'spread', definition: depth.spread, params: none, ...shared, batch: (bars) => [rowsOf(bars).map(spreadOf), rowsOf(bars).map((row) => spreadOf(row) / 0.01), rowsOf(bars).map((row) => (10_000 * spreadOf(row)) / ((row.bid + row.ask) / 2))], tolerance: 1e-6 },
  { name: 'median-spread', definition: depth['median-spread'], params: period, ...shared, tolerance: 1e-6, batch: (bars, p) => [1, 0.01].map((unit) => windows(rowsOf(bars).map(spreadOf), p['period'], (values) => medianOf(values) / unit)) },
  { name: 'spread-percentile', definition: depth['spread-percentile'], params: period, ...onGrid, batch: (bars, p) => [windows(rowsOf(bars).map(spreadOf), p['period'], percentile)] },
  { name: 'imbalance', definition: depth.imbalance, params: none, ...shared, batch: (bars) => [rowsOf(bars).map(imbalanceOf)] },
  { name: 'imbalance-percentile', definition: depth['imbalance-percentile'], params: period, ...shared, batch: (bars, p) => [windows(rowsOf(bars).map(imbalanceOf), p['period'], percentile)] },
  {
    name: 'micro-price',
    definition: depth['micro-price'],
    params: none,
    ...shared,
    batch: (bars) => {
      const prices = rowsOf(bars).map(({ bid, ask, bidSize, askSize }) => (ask >= bid ? (bid * askSize + ask * bidSize) / (bidSize + askSize) : NaN));
      return [prices, prices.map((price, i) => price - (rowsOf(bars)[i]!.bid + rowsOf(bars)[i]!.ask) / 2)];
    },
  },
  { name: 'depth-percentile', definition: depth['depth-percentile'], params: period, ...shared, batch: (bars, p) => [windows(rowsOf(bars).map(({ bidSize, askSize }) => bidSize + askSize), p['period'], percentile)] },
  { name: 'depth-top', definition: depth['depth-top'], params: none, ...shared, batch: (bars) => [rowsOf(bars).map(({ bidSize, askSize }) => bidSize + askSize), rowsOf(bars).map(({ bidSize }) => bidSize), rowsOf(bars).map(({ askSize }) => askSize)] },
]);

describe('features of the order book', () => {
  it.each(Object.entries(depth))('%s says that it needs depth, and has no value on bars without', (_, definition) => {
    expect(definition.needs).toEqual(['depth']);
    for (const column of runFeature(createFeature(definition), randomBars(1, 600), definition.outputs.length)) expect(column.every(Number.isNaN)).toBe(true);
  });

  it('give a spread of whole ticks exactly, whatever the price', () => {
    const bars = { ...randomBars(1, 3), depth: allocateBars(3, true).depth! };
    bars.depth.bid.set([0.1, 1234.57, 99_999.99]);
    bars.depth.ask.set([0.3, 1234.6, 100_000.01]);
    const [price, ticks] = runFeature(createFeature(depth.spread), bars, 3) as [Float64Array, Float64Array];
    expect(Array.from(ticks)).toEqual([20, 3, 2]);
    expect(Array.from(price)).toEqual([0.2, 0.03, 0.02]);
  });
});
