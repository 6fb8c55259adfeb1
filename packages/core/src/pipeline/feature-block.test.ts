import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BarWindow } from '../domain/market-data.js';
import type { Feature } from '../ports/feature.js';
import { allocateBars } from '../series/bar-columns.js';
import { BarRing } from '../series/bar-ring.js';
import { FeatureBank } from './feature-bank.js';
import type { ComingBars } from './feature-block.js';
import { BankFeatureHandle } from './feature-handle.js';
import { FeatureSlot } from './feature-slot.js';
import { FEATURE_WINDOW } from './feature-window.js';

/** Mean of some closes, and where in the series it is; reads the bars as far back as it may. */
class Lookback implements Feature {
  readonly warmupBars: number;
  private seen = 0;

  constructor(
    private readonly bars: number,
    private readonly throwsOn = Number.POSITIVE_INFINITY,
  ) {
    this.warmupBars = bars;
  }

  update({ close, closeTime, index, mask, count }: BarWindow, out: Float64Array): void {
    this.seen++;
    if (this.seen === this.throwsOn) throw new RangeError(`no bar ${this.seen}`);
    let sum = 0;
    for (let back = 0; back < this.bars; back++) sum += close[(index - back) & mask] as number;
    out[0] = count < this.bars ? Number.NaN : sum / this.bars;
    out[1] = (closeTime[index] as number) + this.seen + count / 1e6;
  }

  reset(): void {
    this.seen = 0;
  }
}

const LENGTHS = [1, 2, 20, 1023];

/** Bars that arrive in chunks, as an engine's source has them. */
class Arriving implements ComingBars {
  readonly ring = new BarRing();
  row = 0;
  private readonly bars;

  constructor(
    closes: readonly number[],
    private readonly chunkBars: number,
  ) {
    this.bars = allocateBars(closes.length);
    closes.forEach((close, row) => {
      this.bars.time[row] = row;
      this.bars.close[row] = close;
    });
  }

  take(): void {
    this.push(this.ring, this.row++);
  }

  preview(ring: BarRing, most: number): number {
    const first = this.row - 1;
    const end = Math.min(first + most, this.bars.length, (Math.floor(first / this.chunkBars) + 1) * this.chunkBars);
    for (let row = first; row < end; row++) this.push(ring, row);
    return end - first;
  }

  private push(ring: BarRing, row: number): void {
    ring.push(this.bars, row);
    ring.closeTime[ring.index] = row + 1;
  }
}

function bankOf(features: ReadonlyArray<readonly [Feature, boolean]>): { readonly bank: FeatureBank; readonly handles: readonly BankFeatureHandle[] } {
  const bank = new FeatureBank('1m', 60_000, 0);
  const handles = features.map(([feature, ahead], i) => {
    const slot = new FeatureSlot(`f${i}`, feature, ['mean', 'place'], undefined, ahead);
    bank.add(slot.name, slot);
    return new BankFeatureHandle(bank, slot, 0, new Map());
  });
  return { bank, handles };
}

const mixed = (): Array<[Feature, boolean]> => LENGTHS.flatMap((length) => [[new Lookback(length), true] as [Feature, boolean], [new Lookback(length), false] as [Feature, boolean]]);
const walk = (length: number): number[] => Array.from({ length }, (_, i) => 100 + Math.sin(i) * 7 + i / 3);

describe('features computed ahead', () => {
  it.each([1, 7, 128, 1000, 5000])('have the values of features that are updated bar by bar, bit for bit and for every look back, in chunks of %i bars', (chunkBars) => {
    const arriving = new Arriving(walk(3000), chunkBars);
    const [ahead, plain] = [bankOf(mixed()), bankOf(mixed())];
    ahead.bank.foresee(arriving);
    let valued = 0;
    for (let bar = 0; bar < 3000; bar++) {
      arriving.take();
      ahead.bank.update(arriving.ring);
      plain.bank.update(arriving.ring);
      const backs = bar % 97 === 0 ? Array.from({ length: FEATURE_WINDOW + 2 }, (_, back) => back) : [0, 1];
      ahead.handles.forEach((handle, i) => {
        const other = plain.handles[i] as BankFeatureHandle;
        for (const back of backs) {
          for (const [mine, theirs] of [[handle, other], [handle.output('place'), other.output('place')]] as const) {
            if (!Object.is(mine.at(back), theirs.at(back))) expect(`bar ${bar}, feature ${i}, back ${back}: ${mine.at(back)}`).toBe(theirs.at(back));
            if (mine.at(back) !== undefined) valued++;
          }
        }
        if (handle.crossedAbove(120) !== other.crossedAbove(120) || handle.ready !== other.ready) expect.unreachable(`bar ${bar}, feature ${i}`);
      });
    }
    expect(valued).toBeGreaterThan(40_000);
  });

  it('show no bar that is still to come, whatever a handle is asked for', () => {
    const odd = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(NaN, -0, -0.5, 0.5, -1, -511, -512, 255.5, 256, 511, 512, 2 ** 32 - 1, 2 ** 31, Infinity, -Infinity));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), fc.array(odd, { minLength: 20, maxLength: 60 }), (bars, asked) => {
        const arriving = new Arriving(walk(1000), 1000);
        const { bank, handles } = bankOf(mixed());
        bank.foresee(arriving);
        for (let bar = 0; bar < bars; bar++) {
          arriving.take();
          bank.update(arriving.ring);
        }
        for (const handle of handles) {
          const place = handle.output('place');
          expect(Math.floor(place.value as number)).toBe(2 * bars);
          for (const back of asked) expect(place.at(back) ?? 0).toBeLessThanOrEqual(place.value as number);
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each([1, 2, 128, 129, 300])('throw on their own bar, the first one first: bar %i', (bar) => {
    const arriving = new Arriving(walk(1000), 1000);
    const { bank, handles } = bankOf([[new Lookback(1), true], [new Lookback(1, bar + 3), true], [new Lookback(1, bar), true], [new Lookback(1, bar + 1), true], [new Lookback(1), false]]);
    bank.foresee(arriving);
    for (let i = 1; i < bar; i++) {
      arriving.take();
      bank.update(arriving.ring);
      expect(handles.map(({ value }) => value)).toEqual(handles.map(() => arriving.ring.close[arriving.ring.index]));
    }
    arriving.take();
    expect(() => bank.update(arriving.ring)).toThrow(expect.objectContaining({ code: 'FEA_THREW', message: expect.stringContaining(`feature 'f2' on 1m bars threw: no bar ${bar}`) as string }));
  });
});
