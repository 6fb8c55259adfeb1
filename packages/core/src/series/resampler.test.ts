import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarById } from '../domain/calendars/index.js';
import type { Bar, Timeframe } from '../domain/market-data.js';
import { parseTimeframe } from '../domain/market-data.js';
import type { SessionCalendar } from '../domain/session-calendar.js';
import { toPrice, toUtcMs } from '../domain/units.js';
import { allocateBars } from './bar-columns.js';
import { BarRing } from './bar-ring.js';
import { Resampler } from './resampler.js';

const frame = (text: string): Timeframe => parseTimeframe(text)!;
const at = (text: string): number => Date.parse(text);
const fx = calendarById('cme-fx')!;
const stocks = calendarById('us-equity')!;

function bar(time: number, price = 1, volume = 1): Bar {
  return { time: toUtcMs(time), open: toPrice(price), high: toPrice(price + 2), low: toPrice(price - 2), close: toPrice(price + 1), volume };
}

/** Higher bars in the order in which they closed, with the number of base bars seen at that time. */
function run(bars: readonly Bar[], base: Timeframe, target: Timeframe, calendar: SessionCalendar, settle = true): Array<Bar & { after: number }> {
  const ring = new BarRing(4096);
  const higher = new BarRing(4096);
  const resampler = new Resampler(base, target, calendar, higher);
  const row = allocateBars(1);
  const out: Array<Bar & { after: number }> = [];
  const take = (back: number, after: number): void => {
    const i = (higher.index - back) & higher.mask;
    out.push({ time: toUtcMs(higher.time[i]!), open: toPrice(higher.open[i]!), high: toPrice(higher.high[i]!), low: toPrice(higher.low[i]!), close: toPrice(higher.close[i]!), volume: higher.volume[i]!, after });
  };
  bars.forEach((b, n) => {
    for (const key of ['time', 'open', 'high', 'low', 'close', 'volume'] as const) row[key][0] = b[key];
    ring.push(row, 0);
    if (settle && resampler.settle(ring)) take(0, n);
    const session = calendar.sessionAt(b.time);
    ring.closeTime[ring.index] = base.session && session ? session.close : b.time + base.ms;
    const closed = resampler.update(ring);
    for (let back = closed - 1; back >= 0; back--) take(back, n + 1);
  });
  return out;
}

/** Oracle: groups by bucket with plain arithmetic over a scan of all sessions, then drops what has not closed. */
function group(bars: readonly Bar[], base: Timeframe, target: Timeframe, calendar: SessionCalendar): Bar[] {
  const buckets = new Map<number, { end: number; bars: Bar[] }>();
  for (const b of bars) {
    let session = calendar.previousSession(toUtcMs(b.time - 20 * 86_400_000));
    while (session.close <= b.time) session = calendar.nextSession(session.close);
    let start = session.open;
    let end = session.close;
    if (!target.session) {
      while (start + target.ms <= b.time) start = toUtcMs(start + target.ms);
      end = toUtcMs(Math.min(end, start + target.ms));
    }
    const bucket = buckets.get(start);
    if (bucket) bucket.bars.push(b);
    else buckets.set(start, { end, bars: [b] });
  }
  const last = bars.at(-1);
  const out: Bar[] = [];
  for (const [start, { end, bars: part }] of buckets) {
    if (last && last.time + base.ms < end && part.includes(last)) continue;
    out.push({
      time: toUtcMs(start), open: part[0]!.open, close: part.at(-1)!.close,
      high: toPrice(Math.max(...part.map((b) => b.high))), low: toPrice(Math.min(...part.map((b) => b.low))),
      volume: part.reduce((sum, b) => sum + b.volume, 0),
    });
  }
  return out;
}

const strip = (bars: ReadonlyArray<Bar & { after: number }>): Bar[] => bars.map(({ time, open, high, low, close, volume }) => ({ time, open, high, low, close, volume }));

/** Ten-minute bars within sessions of cme-fx around Thanksgiving 2023 (a Friday that ends early), with gaps. */
const sessionBars = fc
  .array(fc.record({ skip: fc.oneof({ weight: 6, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 200 }) }), price: fc.integer({ min: 90, max: 110 }), volume: fc.integer({ min: 0, max: 9 }) }), { maxLength: 300 })
  .map((steps) => {
    let time = at('2023-11-21T23:00:00Z') - 600_000;
    const bars: Bar[] = [];
    for (const { skip, price, volume } of steps) {
      time += skip * 600_000;
      if (fx.sessionAt(toUtcMs(time)) === undefined) time = fx.nextSession(toUtcMs(time)).open;
      bars.push(bar(time, price, volume));
    }
    return bars;
  });
const targets = fc.constantFrom('10m', '30m', '1h', '4h', '12h', '1d').map(frame);

describe('Resampler', () => {
  it('builds the bar of its bucket from first open, extremes, last close and summed volume', () => {
    const t = at('2024-01-02T14:30:00Z');
    const bars = [bar(t, 10, 1), bar(t + 60_000, 14, 2), bar(t + 120_000, 6, 3), bar(t + 180_000, 9, 4), bar(t + 240_000, 11, 5)];
    expect(run(bars, frame('1m'), frame('5m'), stocks)).toEqual([{ time: t, open: 10, high: 16, low: 4, close: 12, volume: 15, after: 5 }]);
  });

  it('anchors buckets at the open of the session, not at the full hour', () => {
    const open = at('2024-01-02T14:30:00Z');
    const bars = Array.from({ length: 13 }, (_, i) => bar(open + i * 1_800_000));
    const out = run(bars, frame('30m'), frame('1h'), stocks);
    expect(out.map((b) => new Date(b.time).toISOString().slice(11, 16))).toEqual(['14:30', '15:30', '16:30', '17:30', '18:30', '19:30', '20:30']);
  });

  it('cuts the last bucket of a session at its close, also at an early one', () => {
    const open = at('2023-11-24T14:30:00Z'); // closes at 13:00 New York
    const bars = Array.from({ length: 7 }, (_, i) => bar(open + i * 1_800_000));
    const out = run(bars, frame('30m'), frame('4h'), stocks);
    expect(out.map((b) => [new Date(b.time).toISOString(), b.volume, b.after])).toEqual([['2023-11-24T14:30:00.000Z', 7, 7]]);
  });

  it('makes one daily bar of a session that spans midnight', () => {
    const open = at('2024-01-03T23:00:00Z');
    const bars = Array.from({ length: 23 }, (_, i) => bar(open + i * 3_600_000));
    expect(run(bars, frame('1h'), frame('1d'), fx).map((b) => [b.time, b.volume, b.after])).toEqual([[open, 23, 23]]);
  });

  it('keeps an unfinished bar to itself', () => {
    const t = at('2024-01-02T14:30:00Z');
    expect(run([bar(t), bar(t + 60_000), bar(t + 120_000), bar(t + 180_000)], frame('1m'), frame('5m'), stocks)).toEqual([]);
  });

  it('closes a bar that a gap left open before the bar beyond the gap is added', () => {
    const t = at('2024-01-02T14:30:00Z');
    for (const beyond of [300_000, 420_000]) {
      const out = run([bar(t, 10), bar(t + beyond, 50)], frame('1m'), frame('5m'), stocks);
      expect(out).toEqual([{ time: t, open: 10, high: 12, low: 8, close: 11, volume: 1, after: 1 }]);
    }
  });

  it('closes two bars with one base bar that ends a gap and completes its own bucket', () => {
    const t = at('2024-01-02T14:30:00Z');
    const bars = [bar(t, 10), bar(t + 540_000, 50)];
    const expected = [[t, 11, 1], [t + 300_000, 51, 2]];
    expect(run(bars, frame('1m'), frame('5m'), stocks).map((b) => [b.time, b.close, b.after])).toEqual(expected);
    const merged = run(bars, frame('1m'), frame('5m'), stocks, false);
    expect(merged.map((b) => [b.time, b.close, b.after])).toEqual([[t, 11, 2], [t + 300_000, 51, 2]]);
  });

  it('makes no bar of a bucket without base bars', () => {
    const t = at('2024-01-02T14:30:00Z');
    const out = run([bar(t), bar(t + 3_600_000), bar(t + 7_200_000)], frame('1m'), frame('5m'), stocks);
    expect(out.map((b) => b.time)).toEqual([t, t + 3_600_000]);
  });

  it('passes each bar on when the timeframes are the same', () => {
    const open = at('2024-01-02T14:30:00Z');
    const days = [bar(open, 1), bar(at('2024-01-03T14:30:00Z'), 2)];
    expect(run(days, frame('1d'), frame('1d'), stocks).map((b) => [b.close, b.after])).toEqual([[2, 1], [3, 2]]);
  });

  it('starts afresh after a reset', () => {
    const higher = new BarRing(8);
    const resampler = new Resampler(frame('1m'), frame('5m'), stocks, higher);
    const ring = new BarRing(8);
    const row = allocateBars(1);
    row.time[0] = at('2024-01-02T14:30:00Z');
    ring.push(row, 0);
    ring.closeTime[ring.index] = row.time[0] + 60_000;
    resampler.update(ring);
    resampler.reset();
    row.time[0] = at('2024-01-02T15:30:00Z');
    ring.push(row, 0);
    ring.closeTime[ring.index] = row.time[0] + 60_000;
    expect(resampler.settle(ring)).toBe(false);
    expect(resampler.update(ring)).toBe(0);
  });

  it.each([['5m', '7m'], ['1h', '30m'], ['7m', '1d'], ['1d', '1h'], ['2h', '3h']])('refuses to build from %s bars the timeframe %s', (base, target) => {
    expect(() => new Resampler(frame(base), frame(target), fx, new BarRing(8))).toThrowError(
      expect.objectContaining({ code: 'FEA_TIMEFRAME', message: `timeframe was ${target}, expected a multiple of the bars' ${base}` }),
    );
  });

  it('gives the same bars as grouping all base bars at once', () => {
    fc.assert(fc.property(sessionBars, targets, (bars, target) => {
      expect(strip(run(bars, frame('10m'), target, fx))).toEqual(group(bars, frame('10m'), target, fx));
    }), { numRuns: 200 });
  });

  it('never changes a closed bar when more bars follow, whatever they are', () => {
    fc.assert(fc.property(sessionBars, sessionBars, targets, fc.nat(300), (bars, others, target, cut) => {
      const head = bars.slice(0, cut);
      const known = run(head, frame('10m'), target, fx);
      const tail = others.filter((b) => b.time > (head.at(-1)?.time ?? -Infinity));
      const longer = run([...head, ...tail], frame('10m'), target, fx);
      // A bar that closes for a gap closes as the next bar arrives, of which it knows the time alone.
      expect(longer.slice(0, known.length)).toEqual(known);
      const gap = longer[known.length];
      if (gap !== undefined && gap.after === head.length) expect(strip([gap])).toEqual(group([...head, bar(8e12)], frame('10m'), target, fx).slice(known.length, known.length + 1));
    }), { numRuns: 200 });
  });

  it('shows no higher bar before the close of its bucket', () => {
    fc.assert(fc.property(sessionBars, targets, (bars, target) => {
      for (const higher of run(bars, frame('10m'), target, fx)) {
        const session = fx.sessionAt(higher.time)!;
        const end = target.session ? session.close : Math.min(higher.time + target.ms, session.close);
        const newest = bars[higher.after - 1]!;
        const arriving = bars[higher.after];
        expect(newest.time + 600_000 >= end || arriving!.time >= end).toBe(true);
      }
    }), { numRuns: 100 });
  });

  it('puts bars outside of sessions into buckets of UTC time that end where a session opens', () => {
    const t = at('2024-01-03T22:10:00Z'); // in the daily break of cme-fx, which ends at 23:00
    const out = run([bar(t, 5), bar(t + 1_800_000, 7), bar(t + 3_600_000, 9), bar(t + 18_000_000, 11)], frame('1m'), frame('4h'), fx);
    expect(out.map((b) => [new Date(b.time).toISOString(), b.open, b.close])).toEqual([
      ['2024-01-03T22:00:00.000Z', 5, 8],
      ['2024-01-03T23:00:00.000Z', 9, 10],
    ]);
  });

  it('survives any times at all', () => {
    const times = fc.array(fc.oneof(fc.double(), fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2024-02-01T00:00:00Z') })), { maxLength: 50 });
    fc.assert(fc.property(times, targets, (list, target) => {
      const out = run(list.map((time) => bar(time)), frame('10m'), target, fx);
      expect(out.reduce((sum, b) => sum + b.volume, 0)).toBeLessThanOrEqual(list.length);
    }), { numRuns: 300 });
  });

  it('gives a higher bar the depth of its last base bar that has one, and none to one without', () => {
    const ring = new BarRing(16);
    const higher = new BarRing(16);
    const resampler = new Resampler(frame('1m'), frame('2m'), calendarById('24/7')!, higher);
    const row = allocateBars(1, true);
    const open = at('2024-03-04T10:00:00Z');
    const seen: number[][] = [];
    [[1, NaN], [NaN, 2], [3, 4], [NaN, NaN], [NaN, NaN], [NaN, NaN], [5, 6], [7, 8]].forEach(([bid, ask], i) => {
      row.time[0] = open + i * 60_000;
      Object.assign(row.depth!, { bid: Float64Array.of(bid!), ask: Float64Array.of(ask!), bidSize: Float64Array.of(i), askSize: Float64Array.of(10 * i) });
      ring.push(row, 0);
      ring.closeTime[ring.index] = open + (i + 1) * 60_000;
      if (resampler.update(ring) > 0) seen.push((['bid', 'ask', 'bidSize', 'askSize'] as const).map((name) => higher.depth![name][higher.index]!));
    });
    expect(seen).toEqual([[NaN, 2, 1, 10], [3, 4, 2, 20], [NaN, NaN, NaN, NaN], [7, 8, 7, 70]]);
  });
});
