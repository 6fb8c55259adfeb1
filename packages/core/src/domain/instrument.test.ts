import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instrument } from './instrument.js';
import { InstrumentGrid, StepGrid, isMarginSettled } from './instrument.js';

/** Steps of real instruments: ES, 6E, 6J, ZN (1/64), GC, stocks, coins, JPY pairs, whole lots. */
const STEPS = ['0.25', '0.00005', '0.0000005', '0.015625', '0.1', '0.01', '0.5', '0.001', '0.00000001', '1', '5', '100', '0.0025', '12.5'];
const step = fc.constantFrom(...STEPS);

describe('StepGrid', () => {
  it('gives for a number of steps the very double that the exact product reads as', () => {
    fc.assert(fc.property(step, fc.integer({ min: -10_000_000, max: 10_000_000 }), (text, n) => {
      const exact = new Decimal(text).times(n);
      expect(new StepGrid(Number(text)).value(n) + 0).toBe(exact.toNumber() + 0);
    }), { numRuns: 2_000 });
  });

  it('recognises every step and finds its number again', () => {
    fc.assert(fc.property(step, fc.integer({ min: -10_000_000, max: 10_000_000 }), (text, n) => {
      const grid = new StepGrid(Number(text));
      const value = new Decimal(text).times(n).toNumber();
      expect(grid.holds(value)).toBe(true);
      expect([grid.nearest(value) + 0, grid.up(value) + 0, grid.down(value) + 0]).toEqual([n, n, n]);
    }), { numRuns: 2_000 });
  });

  it('rounds up and down to the steps around a value, as exact arithmetic does', () => {
    fc.assert(fc.property(step, fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 1, max: 9_999 }), (text, n, part) => {
      const grid = new StepGrid(Number(text));
      const value = new Decimal(text).times(new Decimal(n).plus(new Decimal(part).div(10_000))).toNumber();
      expect([grid.down(value) + 0, grid.up(value) + 0]).toEqual([n, n + 1]);
      expect(grid.holds(value)).toBe(false);
      if (part !== 5_000) expect(grid.nearest(value) + 0).toBe(part < 5_000 ? n : n + 1);
    }), { numRuns: 2_000 });
  });

  it('takes rounding noise of a few ulps for the step itself', () => {
    const grid = new StepGrid(0.1);
    expect(0.1 + 0.2).not.toBe(0.3);
    expect([grid.up(0.1 + 0.2), grid.down(0.1 + 0.2), grid.value(3)]).toEqual([3, 3, 0.3]);
  });

  it.each([0, -0.25, NaN, Infinity])('refuses the step %s', (bad) => {
    expect(() => new StepGrid(bad)).toThrow(RangeError);
  });
});

describe('InstrumentGrid', () => {
  const es: Instrument = { id: 'ES', venue: 'CME', type: 'future', currency: 'USD', multiplier: 50, tickSize: 0.25, lotSize: 1, calendar: 'cme-equity-index', symbols: {} };

  it('brings prices to ticks and quantities down to lots', () => {
    const grid = new InstrumentGrid(es);
    expect([grid.priceUp(4500.01), grid.priceDown(4500.24), grid.priceNearest(4500.13), grid.quantityDown(2.9)]).toEqual([4500.25, 4500, 4500.25, 2]);
  });

  it('keeps a fraction of a coin that is a whole number of lots', () => {
    const grid = new InstrumentGrid({ ...es, id: 'BTC', type: 'spot', lotSize: 0.00001 });
    expect([grid.quantityDown(0.07), grid.quantityDown(0.123456789)]).toEqual([0.07, 0.12345]);
  });
});

describe('isMarginSettled', () => {
  it('is true where no notional changes hands', () => {
    expect((['future', 'perpetual', 'forex', 'stock', 'spot'] as const).map(isMarginSettled)).toEqual([true, true, true, false, false]);
  });
});
