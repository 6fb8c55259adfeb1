import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BarWindow } from '../domain/market-data.js';
import { isKeelsonError } from '../errors.js';
import { allocateBars } from '../series/bar-columns.js';
import { BarRing } from '../series/bar-ring.js';
import { FeatureBank } from './feature-bank.js';
import { FeatureSlot } from './feature-slot.js';
import { BankFeatureHandle } from './feature-handle.js';

const row = allocateBars(1);
function push(ring: BarRing, close: number, open = 0): void {
  row.close[0] = close;
  row.open[0] = open;
  ring.push(row, 0);
}

/** A feature whose values are the bars' closes and opens. */
function seriesOf(bank: FeatureBank, key = 'pair'): { readonly close: BankFeatureHandle; readonly open: BankFeatureHandle; readonly updates: () => number } {
  let updates = 0;
  const slot = new FeatureSlot(
    key,
    {
      warmupBars: 1,
      update: (bars: BarWindow, out: Float64Array) => {
        updates++;
        out[0] = bars.close[bars.index] as number;
        out[1] = bars.open[bars.index] as number;
      },
      reset: () => undefined,
    },
    ['close', 'open'],
  );
  bank.add(key, slot);
  const close = new BankFeatureHandle(bank, slot, 0, new Map());
  return { close, open: close.output('open') as BankFeatureHandle, updates: () => updates };
}

/** The stated rule, by brute force: the sign now, against the last sign that was not zero. */
function naive(differences: readonly number[]): number {
  const now = Math.sign(differences.at(-1) as number);
  if (!(now === 1 || now === -1)) return 0;
  const before = differences.slice(0, -1).findLast((each) => Math.abs(each) > 0);
  return before !== undefined && Math.sign(before) === -now ? now : 0;
}

const values = fc.array(fc.oneof({ weight: 8, arbitrary: fc.integer({ min: -1, max: 1 }) }, { weight: 1, arbitrary: fc.constant(Number.NaN) }), { minLength: 1, maxLength: 120 });

describe('crosses', () => {
  it('follow the tie rule on series full of ties: the sign against the last difference that had one', () => {
    fc.assert(
      fc.property(values, (closes) => {
        const bank = new FeatureBank('1m', 60_000, 0);
        const { close, open } = seriesOf(bank);
        const ring = new BarRing(128);
        closes.forEach((value, i) => {
          push(ring, value, 0);
          bank.update(ring);
          const expected = naive(closes.slice(0, i + 1));
          expect([close.crossedAbove(open), close.crossedBelow(open), close.crossedAbove(0), close.crossedBelow(0)]).toEqual([expected > 0, expected < 0, expected > 0, expected < 0]);
          expect(open.crossedBelow(close)).toBe(expected > 0);
        });
      }),
    );
  });

  it('are the same when first asked for late in the run', () => {
    fc.assert(
      fc.property(values, fc.nat(119), (closes, late) => {
        const bank = new FeatureBank('1m', 60_000, 0);
        const { close, open } = seriesOf(bank);
        const ring = new BarRing(128);
        closes.forEach((value, i) => {
          push(ring, value, 0);
          bank.update(ring);
          if (i < late) return;
          expect(close.crossedAbove(open)).toBe(naive(closes.slice(0, i + 1)) > 0);
          expect(close.crossedAbove(0)).toBe(naive(closes.slice(0, i + 1)) > 0);
        });
      }),
    );
  });

  it('are asked of any number of changing levels without a tracker for each', () => {
    const bank = new FeatureBank('1m', 60_000, 0);
    const { close } = seriesOf(bank);
    const ring = new BarRing(128);
    const closes: number[] = [];
    for (let i = 0; i < 200; i++) {
      const value = (i * 7919) % 101;
      closes.push(value);
      push(ring, value);
      bank.update(ring);
      const level = ((i * 31) % 97) + 0.5;
      expect(close.crossedAbove(level)).toBe(naive(closes.map((each) => each - level)) > 0);
      expect(close.crossedAbove(Number.NaN)).toBe(false);
    }
    const { crosses } = bank as unknown as { crosses: unknown[] };
    expect(crosses.length).toBeLessThan(64);
  });

  it('between instruments compare the values of one moment, whichever bar is seen first', () => {
    for (const order of [[0, 1], [1, 0]]) {
      const banks = [new FeatureBank('1m', 60_000, 0), new FeatureBank('1m', 60_000, 1)];
      const [a, b] = banks.map((bank) => seriesOf(bank).close) as [BankFeatureHandle, BankFeatureHandle];
      const rings = [new BarRing(8), new BarRing(8)];
      const seen: string[] = [];
      for (const moment of [[1, 2], [4, 5], [6, 5], [9, 9], [3, 4]]) {
        for (const i of order) {
          push(rings[i] as BarRing, moment[i] as number);
          (banks[i] as FeatureBank).update(rings[i] as BarRing);
        }
        for (const bank of banks) bank.settleCrosses();
        seen.push(a.crossedAbove(b) ? 'above' : a.crossedBelow(b) ? 'below' : '-');
      }
      expect(seen).toEqual(['-', '-', 'above', '-', 'below']);
    }
  });

  it('between timeframes are looked at on each bar of the shorter one', () => {
    const hour = new FeatureBank('1h', 3_600_000, 0);
    const minute = new FeatureBank('1m', 60_000, 0);
    const slow = seriesOf(hour).close;
    const fast = seriesOf(minute).close;
    const hours = new BarRing(8);
    const minutes = new BarRing(8);
    const step = (value: number, hourValue?: number): string => {
      if (hourValue !== undefined) {
        push(hours, hourValue);
        hour.update(hours);
      }
      push(minutes, value);
      minute.update(minutes);
      const mirrored = slow.crossedBelow(fast);
      expect(mirrored).toBe(fast.crossedAbove(slow));
      return fast.crossedAbove(slow) ? 'above' : fast.crossedBelow(slow) ? 'below' : '-';
    };
    expect([step(1), step(1, 5), step(6), step(7), step(7, 9), step(9), step(10)]).toEqual(['-', '-', 'above', '-', 'below', '-', 'above']);
  });
});

describe('FeatureBank', () => {
  it('computes a feature once a bar, whoever holds it', () => {
    const bank = new FeatureBank('1m', 60_000, 0);
    const { close, updates } = seriesOf(bank);
    const ring = new BarRing(8);
    for (let i = 1; i <= 5; i++) {
      push(ring, i);
      bank.update(ring);
      void [close.value, close.output('open').value, close.at(1), close.crossedAbove(2)];
    }
    expect(updates()).toBe(5);
    expect(bank.size).toBe(1);
    expect(close.output('open')).toBe(close.output('open'));
  });

  it('names the feature that throws', () => {
    const bank = new FeatureBank('5m', 300_000, 0);
    bank.add('bad', new FeatureSlot('bad', { warmupBars: 1, update: () => { throw new Error('oops'); }, reset: () => undefined }, ['x']));
    const ring = new BarRing(8);
    push(ring, 1);
    let thrown: unknown;
    try {
      bank.update(ring);
    } catch (error) {
      thrown = error;
    }
    expect(isKeelsonError(thrown) && thrown.line).toContain("FEA_THREW: feature 'bad' on 5m bars threw: oops");
  });
});

describe('feature handle', () => {
  it('gives values by age within the window of 256, and undefined beyond, before the first and where there is none', () => {
    const bank = new FeatureBank('1m', 60_000, 0);
    const { close } = seriesOf(bank);
    expect([close.value, close.ready, close.at(0)]).toEqual([undefined, false, undefined]);
    const ring = new BarRing(512);
    for (let i = 1; i <= 300; i++) {
      push(ring, i === 299 ? Number.NaN : i);
      bank.update(ring);
    }
    expect([close.value, close.ready, close.at(0), close.at(1), close.at(2), close.at(255), close.at(256), close.at(-1)]).toEqual([300, true, 300, undefined, 298, 45, undefined, undefined]);
  });

  it('refuses an output that the feature does not have, and a cross with something else', () => {
    const { close } = seriesOf(new FeatureBank('1m', 60_000, 0));
    expect(() => close.output('middle')).toThrow('expected one of close, open');
    expect(() => close.crossedAbove({} as never)).toThrow('neither a feature nor a number');
  });
});
