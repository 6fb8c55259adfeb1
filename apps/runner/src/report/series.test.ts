import { toMoney, toPrice, toQuantity, toUtcMs } from '@keelson/core/domain';
import type { BarColumns, Trade } from '@keelson/core/domain';
import { describe, expect, it } from 'vitest';
import { PriceRecorder, decimateBars } from './price-recorder.js';
import { drawdownCurve, exposureProfile, holdingCurve, monthlyReturns } from './series.js';

function barsOf(closes: readonly number[], firstOpen: number): BarColumns {
  const recorder = new PriceRecorder(64);
  closes.forEach((close, i) => recorder.record(i * 10, i === 0 ? firstOpen : (closes[i - 1] as number), close + 1, close - 1, close, 1));
  return recorder.bars();
}

function tradeOf(side: 'long' | 'short', entryTime: number, exitTime: number): Trade {
  return { instrument: 'A', side, quantity: toQuantity(1), entryTime: toUtcMs(entryTime), entryPrice: toPrice(1), exitTime: toUtcMs(exitTime), exitPrice: toPrice(1), pnl: toMoney(0), commission: toMoney(0), entryReason: '', exitReason: '' };
}

describe('drawdownCurve', () => {
  it('measures each low from the highest equity before it', () => {
    const curve = { length: 3, time: [1, 2, 3], min: [100, 90, 110], max: [100, 120, 115], last: [100, 120, 112] };
    const depths = drawdownCurve(curve, 100);
    expect(depths[0]).toBe(0);
    expect(depths[1]).toBeCloseTo(0.1, 12);
    expect(depths[2]).toBeCloseTo(10 / 120, 12);
  });
});

describe('holdingCurve', () => {
  it('holds equal parts from each first open, valued at closes that are known by then', () => {
    const prices = [{ instrument: 'A', tickSize: 1, currency: 'USD', bars: barsOf([110, 120, 130], 100) }, { instrument: 'B', tickSize: 1, currency: 'USD', bars: barsOf([20, 10, 5], 20) }];
    // bars open at 0, 10, 20 and last 10 each
    const curve = { length: 3, time: [10, 20, 30], min: [0, 0, 0], max: [0, 0, 0], last: [0, 0, 0] };
    const held = holdingCurve(curve, prices, 1_000);
    expect(held[0]).toBeCloseTo(500 * 1.1 + 500, 9);
    expect(held[1]).toBeCloseTo(500 * 1.2 + 250, 9);
    expect(held[2]).toBeCloseTo(500 * 1.3 + 125, 9);
  });
});

describe('exposureProfile', () => {
  it('gives the share of each stretch in a position, either side, overlaps once', () => {
    const profile = exposureProfile([tradeOf('long', 0, 15), tradeOf('long', 5, 20), tradeOf('short', 25, 30), { ...tradeOf('long', 38, 40), instrument: 'B' }], [{ instrument: 'A', quantity: -1, averagePrice: 1, unrealizedPnl: 0 }], 0, 40, 4);
    expect(profile.time).toEqual([0, 10, 20, 30]);
    expect(profile.long).toEqual([1, 1, 0, 0.2]);
    expect(profile.short).toEqual([0, 0, 0.5, 1]);
    expect(exposureProfile([tradeOf('long', 2, 6), tradeOf('long', 0, 4)], [], 0, 10, 1).long[0]).toBeCloseTo(0.6, 12);
  });
});

describe('monthlyReturns', () => {
  it('chains month ends, the first from the start equity, and sums up years', () => {
    const times = [Date.UTC(2023, 10, 30), Date.UTC(2023, 11, 15), Date.UTC(2023, 11, 29), Date.UTC(2024, 0, 2), Date.UTC(2024, 0, 31)];
    const years = monthlyReturns(100, times, [110, 90, 121, 130, 60.5]);
    expect(years.map(({ year }) => year)).toEqual([2023, 2024]);
    expect(years[0]?.months[10]).toBeCloseTo(0.1, 12);
    expect(years[0]?.months[11]).toBeCloseTo(0.1, 12);
    expect(years[0]?.total).toBeCloseTo(0.21, 12);
    expect(years[1]?.months[0]).toBeCloseTo(-0.5, 12);
    expect(years[1]?.total).toBeCloseTo(-0.5, 12);
    expect(years[1]?.months[1]).toBeUndefined();
  });
});

describe('PriceRecorder and decimateBars', () => {
  it('keep open, high, low, close and volume of all bars in few rows', () => {
    const recorder = new PriceRecorder(8);
    for (let i = 0; i < 1_000; i++) recorder.record(i, i, i + 2, i - 2, i + 1, 1);
    for (const bars of [recorder.bars(), decimateBars(recorder.bars(), 3)]) {
      expect(bars.length).toBeLessThanOrEqual(8);
      expect(bars.open[0]).toBe(0);
      expect(bars.close[bars.length - 1]).toBe(1_000);
      expect(Math.max(...bars.high)).toBe(1_001);
      expect(Math.min(...bars.low)).toBe(-2);
      expect(bars.volume.reduce((sum, volume) => sum + volume, 0)).toBe(1_000);
      for (let i = 1; i < bars.length; i++) expect(bars.open[i]).toBe(bars.time[i]);
    }
    expect(decimateBars(recorder.bars(), 3).length).toBeLessThanOrEqual(3);
  });
});
