import type { BarColumns } from '@keelson/core/domain';
import { allocateBars, sliceBars } from '@keelson/core/series';
import { randomBars } from '@keelson/test-kit/bars';
import { barsOfCloses, createFeature, runFeature } from '@keelson/test-kit/features';
import { describe, expect, it } from 'vitest';
import { trend } from './index.js';

function bars(rows: ReadonlyArray<readonly [high: number, low: number, close: number]>): BarColumns {
  const columns = allocateBars(rows.length);
  rows.forEach(([high, low, close], i) => {
    columns.time[i] = i * 60_000;
    columns.open[i] = columns.close[i] = close;
    columns.high[i] = high;
    columns.low[i] = low;
    columns.volume[i] = 1;
  });
  return columns;
}
const run = (id: keyof typeof trend, columns: BarColumns, params: Record<string, unknown> = {}, tickSize = 0.01): number[][] =>
  runFeature(createFeature(trend[id], params, { tickSize }), columns, trend[id].outputs.length).map((column) => Array.from(column));
const lastOf = (columns: readonly number[][]): number[] => columns.map((column) => column.at(-1) as number);

describe.each([
  { name: 'on the grid', price: 1.10775, tickSize: 0.00005 },
  { name: 'off the grid', price: 1 / 3, tickSize: 0.01 },
])('a market that stands still, $name', ({ price, tickSize }) => {
  it.each([
    ['adx', [0, 0, 0]],
    ['aroon', [0, 100, 100]],
    ['ichimoku', [price, price, price, price, price, price, 0]],
    ['supertrend', [price, 1]],
    ['donchian', [price, price, price, 0, 0.5]],
    ['keltner', [price, price, price, 0.5]],
    ['vortex', [0, 1, 1]],
    ['chandelier', [price, price]],
    ['trend-strength', [0]],
  ] as const)('%s says so, exactly', (id, expected) => {
    expect(lastOf(run(id, barsOfCloses(Array.from({ length: 121 }, () => price)), {}, tickSize))).toEqual(expected);
  });
});

describe('adx', () => {
  it('counts neither movement where both are equal on paper', () => {
    // high and low move out by one tick each, which differs in the last digit as a price
    const widening = bars(Array.from({ length: 40 }, (_, i) => [1.1 + 0.00005 * i, 1.1 - 0.00005 * i, 1.1] as const));
    expect(lastOf(run('adx', widening, {}, 0.00005))).toEqual([0, 0, 0]);
  });

  it('stays where it was while nothing moves', () => {
    const rise = Array.from({ length: 60 }, (_, i) => 100 + 0.01 * i);
    const strong = run('adx', barsOfCloses(rise))[0] as number[];
    expect(strong.at(-1)).toBeCloseTo(100, 9);
    const rest = run('adx', barsOfCloses([...rise, ...Array.from({ length: 30 }, () => rise.at(-1) as number)]))[0] as number[];
    expect(rest.at(-1)).toBeCloseTo(100, 9);
  });
});

describe('aroon', () => {
  it('takes the newest of equal highs', () => {
    const [, up, down] = run('aroon', bars([[5, 1, 2], [5, 2, 3], [4, 2, 3], [4, 3, 3]]), { period: 3 }) as [number[], number[], number[]];
    expect(up[3]).toBeCloseTo(100 / 3, 12);
    expect(down[3]).toBe(0);
  });
});

describe('ichimoku', () => {
  it('shows over the newest bar the cloud that a chart drew there before, and of the later bars what is known', () => {
    const columns = randomBars(5, 200);
    const [, , spanA, spanB, leadingA, leadingB] = run('ichimoku', columns) as number[][] as [number[], number[], number[], number[], number[], number[]];
    for (let i = 101; i < 200; i++) {
      expect(spanA[i]).toBe(leadingA[i - 25]);
      expect(spanB[i]).toBe(leadingB[i - 25]);
    }
    // the last 25 bars could be any others, and the cloud over the newest bar would be the same
    const others = sliceBars(columns, 0, 200);
    for (let i = 175; i < 200; i++) for (const column of [others.open, others.high, others.low, others.close]) column[i] = 50 + i;
    expect([run('ichimoku', others)[2]?.[199], run('ichimoku', others)[3]?.[199]]).toEqual([spanA[199], spanB[199]]);
  });

  it('compares the close with the one where the lagging line is drawn', () => {
    const columns = randomBars(6, 120);
    const lagging = run('ichimoku', columns)[6] as number[];
    expect(lagging[119]).toBe(columns.close[119] - columns.close[94]);
  });
});

describe('parabolic-sar', () => {
  // long from the second bar on, stop 9, extreme 12
  const rise = [[11, 9, 10], [12, 10, 11], [14, 11, 13]] as const;

  it('trails the extreme, faster with each new one, and not beyond the newest two lows', () => {
    const [sar, direction, next] = run('parabolic-sar', bars(rise)) as [number[], number[], number[]];
    expect(sar.slice(0, 2)).toEqual([NaN, 9]);
    expect(direction.slice(1)).toEqual([1, 1]);
    expect(next[1]).toBeCloseTo(9 + 0.02 * 3, 12);
    expect(sar[2]).toBe(next[1]);
    expect(next[2]).toBeCloseTo(9.06 + 0.04 * (14 - 9.06), 12);
    expect(lastOf(run('parabolic-sar', bars(rise), { start: 1, max: 1 }))).toEqual([10, 1, 10]);
  });

  it('turns around when the stop is touched, at the extreme of the position', () => {
    const touched = run('parabolic-sar', bars([...rise, [13, 9.2576, 12]])) as [number[], number[], number[]];
    expect(touched[2][2]).toBe(9.2576);
    expect(lastOf(touched)).toEqual([14, -1, 14]);
    expect(run('parabolic-sar', bars([...rise, [13, 9.26, 12]]))[1]?.[3]).toBe(1);
  });

  it('changes sides with every bar where nothing moves: each touches the stop', () => {
    const [sar, direction] = run('parabolic-sar', barsOfCloses([10, 10, 10, 10, 10])) as [number[], number[]];
    expect(sar.slice(1)).toEqual([10, 10, 10, 10]);
    expect(direction.slice(1)).toEqual([-1, 1, -1, 1]);
  });

  it('begins short where the low of the second bar falls further than its high rises', () => {
    expect(lastOf(run('parabolic-sar', bars([[11, 9, 10], [10, 7, 8]])))).toEqual([11, -1, 11 - 0.02 * 4]);
  });

  it('refuses a first factor above the largest', () => {
    expect(() => createFeature(trend['parabolic-sar'], { start: 0.3 })).toThrow('start was 0.3, expected at most max (0.2): lower start or raise max');
  });
});

describe('supertrend', () => {
  // every true range is 2: bands at the middle ± 2
  const params = { period: 2, multiplier: 1 };
  const start = [[11, 9, 10], [11, 9, 10], [11, 9, 10]] as const;

  it('keeps its direction on a close on the band and turns on one beyond', () => {
    const on = run('supertrend', bars([...start, [10, 8, 8]]), params) as [number[], number[]];
    expect([on[0][3], on[1][3]]).toEqual([8, 1]);
    const beyond = run('supertrend', bars([...start, [9.5, 7.5, 7.5]]), params) as [number[], number[]];
    expect(beyond[1][3]).toBe(-1);
    expect(beyond[0][3]).toBeCloseTo(8.5 + (2 + 2.5) / 2, 12);
  });

  it('takes its first direction from where the close stands in the bar', () => {
    expect(run('supertrend', bars([...start.slice(0, 2), [11, 9, 9.9]]), params)[1]?.[2]).toBe(-1);
    expect(run('supertrend', bars(start), params)[1]?.[2]).toBe(1);
  });
});

describe('trend-strength', () => {
  it('is 1 where every bar gains its own range, and exactly 0 along a line that is flat on paper', () => {
    expect(lastOf(run('trend-strength', barsOfCloses(Array.from({ length: 60 }, (_, i) => 100 + 0.25 * i))))[0]).toBeCloseTo(1, 12);
    // there and back: the slope of four such prices is none
    expect(lastOf(run('trend-strength', barsOfCloses([1.1, 1.10005, 1.10005, 1.1]), { period: 4, rangePeriod: 2 }, 0.00005))).toEqual([0]);
  });
});

describe('donchian', () => {
  const breakout = bars([[11, 9, 10], [12, 10, 11], [15, 11, 14]]);

  it('has the newest bar inside, or leaves it out so that a breakout stands outside', () => {
    expect(lastOf(run('donchian', breakout, { period: 2 }))).toEqual([12.5, 15, 10, 0.4, 0.8]);
    expect(lastOf(run('donchian', breakout, { period: 2, present: false }))).toEqual([10.5, 12, 9, 3 / 10.5, 5 / 3]);
  });

  it('leaves out the newest bar by exactly that bar', () => {
    const columns = randomBars(8, 80);
    const upper = run('donchian', columns)[1] as number[];
    const before = run('donchian', columns, { present: false })[1] as number[];
    expect(before.slice(20)).toEqual(upper.slice(19, -1));
  });
});
