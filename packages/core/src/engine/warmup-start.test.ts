import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarById } from '../domain/calendars/index.js';
import { parseTimeframe, type Timeframe } from '../domain/market-data.js';
import type { SessionCalendar } from '../domain/session-calendar.js';
import { toUtcMs } from '../domain/units.js';
import type { Desk } from '../pipeline/desk.js';
import { FeatureBank } from '../pipeline/feature-bank.js';
import { FeatureSlot } from '../pipeline/feature-slot.js';
import { BarRing } from '../series/bar-ring.js';
import { allocateBars } from '../series/bar-columns.js';
import { barCloseOf } from '../series/bar-close.js';
import { Resampler } from '../series/resampler.js';
import { warmupStart } from './warmup-start.js';

const calendar = calendarById('cme-equity-index') as SessionCalendar;
const frame = (text: string): Timeframe => parseTimeframe(text) as Timeframe;
const base = frame('5m');
/** A Wednesday, 15:02:30 UTC. */
const NOW = Date.UTC(2024, 0, 10, 15, 2, 30);

function desk(warmups: Readonly<Record<string, number>>): Desk {
  const banks = Object.entries(warmups).map(([timeframe, warmupBars]) => {
    const bank = new FeatureBank(timeframe, frame(timeframe).ms, 0);
    if (warmupBars > 0) bank.add('x', new FeatureSlot('x', { warmupBars, update: () => undefined, reset: () => undefined }, ['x']));
    return bank;
  });
  const own = banks.find(({ timeframe }) => timeframe === base.id) ?? new FeatureBank(base.id, base.ms, 0);
  return { calendar, bars: new BarRing(16), bank: own, higher: banks.filter((bank) => bank !== own).map((bank) => ({ bank })) } as unknown as Desk;
}

/** Bars of a timeframe that close by `now` when base bars come from `start` on; those that begin before it do not count. */
function closedBars(start: number, timeframe: Timeframe, now: number): number {
  const from = new BarRing(16);
  const into = new BarRing(16);
  const resampler = new Resampler(base, timeframe, calendar, into);
  const row = allocateBars(1);
  let closed = 0;
  for (let time = start; time < now; time += base.ms) {
    const session = calendar.sessionAt(toUtcMs(time));
    const close = barCloseOf(time, base, calendar);
    if (session === undefined || close > now) continue;
    row.time[0] = time;
    from.push(row, 0);
    from.closeTime[from.index] = close;
    resampler.settle(from);
    if (resampler.update(from) > 0 && (into.time[into.index] as number) >= start) closed++;
  }
  return closed;
}

describe('the start of a warm-up', () => {
  it('goes back as far as the features of each timeframe need, over nights and weekends', () => {
    const start = (warmups: Readonly<Record<string, number>>): string => new Date(warmupStart(desk(warmups), base, toUtcMs(NOW))).toISOString();
    expect(start({})).toBe('2024-01-10T13:40:00.000Z'); // 16 bars of the ring
    expect(start({ '5m': 10 })).toBe('2024-01-10T06:40:00.000Z'); // 100
    expect(start({ '1d': 1 })).toBe('2023-12-25T23:00:00.000Z'); // ten sessions before the open one: no 1 January
    expect(start({ '1d': 1, '1h': 0, '5m': 10 })).toBe('2023-12-25T23:00:00.000Z');
  });

  it('gives every feature its bars, and no more than a window beyond what it asks for ten times', () => {
    fc.assert(
      fc.property(fc.constantFrom('5m', '15m', '1h', '4h', '1d'), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 14 * 24 * 60 }), (id, warmup, minutes) => {
        const now = NOW + minutes * 60_000;
        const start = warmupStart(desk({ [id]: warmup }), base, toUtcMs(now));
        const wanted = warmup + Math.min(9 * warmup, 256);
        const count = closedBars(start, frame(id), now);
        expect(count).toBeGreaterThanOrEqual(wanted);
        if (wanted > 16) expect(count).toBe(wanted);
      }),
      { numRuns: 60 },
    );
  });

  it('ends in 1970 for what no market can have', () => {
    expect(warmupStart(desk({ '1d': 100_000 }), base, toUtcMs(NOW))).toBeLessThanOrEqual(0);
  });
});
