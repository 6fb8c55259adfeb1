import { createHash } from 'node:crypto';
import { schemaFaults } from '@keelson/core/config';
import { CALENDAR_IDS, calendarById, parseTimeframe, toUtcMs } from '@keelson/core/domain';
import type { BarColumns, Instrument, Session, SessionCalendar, UtcMs } from '@keelson/core/domain';
import type { DataFeed, HistoryRequest, VenueContext } from '@keelson/core/ports';
import { describe, expect, it } from 'vitest';
import { barChunks } from './bar-generator.js';
import { generateBars } from './generate-bars.js';
import type { GenerateBarsOptions } from './generate-bars.js';
import { syntheticFeed } from './synthetic-feed.js';
import { marketModel, syntheticParams } from './synthetic-params.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Monday to Friday, from the evening before (23:00 UTC) to 22:00; Wednesdays close early, at 18:00. */
const overnight = weekdays('overnight', 252, (day) => [-1, isWednesday(day) ? 18 : 22]);
const dayOnly = weekdays('day-only', 252, () => [14.5, 21]);

function weekdays(id: string, sessionsPerYear: number, hours: (day: number) => readonly [number, number]): SessionCalendar {
  const onDay = (day: number): Session => {
    const [open, close] = hours(day);
    return { date: new Date(day * DAY_MS).toISOString().slice(0, 10), open: toUtcMs(day * DAY_MS + open * HOUR_MS), close: toUtcMs(day * DAY_MS + close * HOUR_MS) };
  };
  const isWeekday = (day: number): boolean => (day + 4) % 7 >= 1 && (day + 4) % 7 <= 5;
  const dayOf = (time: UtcMs): number => Math.floor(time / DAY_MS);
  const search = (from: number, step: number, accept: (session: Session) => boolean): Session => {
    for (let day = from; ; day += step) if (isWeekday(day) && accept(onDay(day))) return onDay(day);
  };
  return {
    id,
    timeZone: 'UTC',
    sessionsPerYear,
    sessionAt: (time) => [dayOf(time), dayOf(time) + 1].filter(isWeekday).map(onDay).find((session) => session.open <= time && time < session.close),
    nextSession: (time) => search(dayOf(time) - 1, 1, (session) => session.open >= time),
    previousSession: (time) => search(dayOf(time) + 1, -1, (session) => session.close <= time),
  };
}

function isWednesday(day: number): boolean {
  return (day + 4) % 7 === 3;
}

const es: Instrument = { id: 'ES', venue: 'SIM', type: 'future', currency: 'USD', multiplier: 50, tickSize: 0.25, lotSize: 1, calendar: 'overnight', symbols: {} };

function generate(options: Partial<GenerateBarsOptions> = {}): BarColumns {
  return generateBars({ instrument: es, calendar: overnight, seed: 7, ...options });
}

function hashOf(bars: BarColumns): string {
  const hash = createHash('sha256');
  for (const column of [bars.time, bars.open, bars.high, bars.low, bars.close, bars.volume]) hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  return hash.digest('hex');
}

function rows(bars: BarColumns): number[][] {
  return Array.from({ length: bars.length }, (_, i) => [bars.time, bars.open, bars.high, bars.low, bars.close, bars.volume].map((column) => column[i] as number));
}

/** Bars of `ms`, counted from each session's open, by the plain definition of resampling. */
function resample(bars: BarColumns, calendar: SessionCalendar, ms: number): number[][] {
  const out: number[][] = [];
  for (const [time, open, high, low, close, volume] of rows(bars) as [number, number, number, number, number, number][]) {
    const session = calendar.sessionAt(toUtcMs(time)) as Session;
    const start = session.open + Math.floor((time - session.open) / ms) * ms;
    const last = out.at(-1) as [number, number, number, number, number, number] | undefined;
    if (last?.[0] === start) {
      last[2] = Math.max(last[2], high);
      last[3] = Math.min(last[3], low);
      last[4] = close;
      last[5] += volume;
    } else out.push([start, open, high, low, close, volume]);
  }
  return out;
}

function logReturns(close: ArrayLike<number>): number[] {
  return Array.from({ length: close.length - 1 }, (_, i) => Math.log((close[i + 1] as number) / (close[i] as number)));
}

function moments(values: readonly number[]): { deviation: number; kurtosis: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const fourth = values.reduce((sum, value) => sum + (value - mean) ** 4, 0) / values.length;
  return { deviation: Math.sqrt(square), kurtosis: fourth / square ** 2 };
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const meanA = a.reduce((sum, value) => sum + value, 0) / a.length;
  const meanB = b.reduce((sum, value) => sum + value, 0) / b.length;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  a.forEach((value, i) => {
    const other = (b[i] as number) - meanB;
    ab += (value - meanA) * other;
    aa += (value - meanA) ** 2;
    bb += other ** 2;
  });
  return ab / Math.sqrt(aa * bb);
}

describe('generated bars', () => {
  const bars = generate({ bars: 60_000 });

  it('are the same on every run and machine: the first 10,000 are pinned', () => {
    expect(hashOf(generate({ bars: 10_000, seed: 'pin' }))).toBe('90920b4d59247c092c43f930260f398256ff14023488d37bf6f5022e5c865912');
  });

  it('carry a book around the last trade where asked, and the same prices and volumes with it', () => {
    const deep = generate({ bars: 60_000, depth: true });
    expect(hashOf(deep)).toBe(hashOf(bars));
    expect(bars.depth).toBeUndefined();
    const { bid, ask, bidSize, askSize } = deep.depth!;
    const widths = new Map<number, number>();
    for (let i = 0; i < deep.length; i++) {
      const width = (ask[i]! - bid[i]!) / es.tickSize;
      widths.set(width, (widths.get(width) ?? 0) + 1);
      expect(deep.close[i] === bid[i] || deep.close[i] === ask[i]).toBe(true);
      expect(bidSize[i]! >= 1 && askSize[i]! >= 1).toBe(true);
    }
    expect([...widths.keys()].sort((a, b) => a - b)).toEqual([1, 2, 3]);
    expect(widths.get(1)! / deep.length).toBeGreaterThan(0.6);
    const imbalance = Array.from(bidSize, (size, i) => (size - askSize[i]!) / (size + askSize[i]!));
    expect(correlation(imbalance.slice(1), imbalance.slice(0, -1))).toBeGreaterThan(0.2);
  });

  it('have one book over timeframes: a bar shows what the last minute, or the last second, of it shows', () => {
    const minutes = generate({ bars: 3_000, depth: true });
    const higher = generate({ bars: 600, depth: true, timeframe: '5m' });
    const seconds = generate({ bars: 6_000, depth: true, timeframe: '30s' });
    const last = (from: BarColumns, before: number): number => from.time.findLastIndex((time) => time < before);
    for (const [coarse, fine, ms] of [[higher, minutes, 300_000], [minutes, seconds, 60_000]] as const) {
      for (let i = 0; i < coarse.length; i++) {
        const row = last(fine, coarse.time[i]! + ms);
        if (row === fine.length - 1) break;
        for (const name of ['bid', 'ask', 'bidSize', 'askSize'] as const) expect(coarse.depth![name][i]).toBe(fine.depth![name][row]);
      }
    }
  });

  it('differ by seed and by instrument', () => {
    expect(hashOf(generate({ bars: 500, seed: 8 }))).not.toBe(hashOf(generate({ bars: 500 })));
    expect(hashOf(generate({ bars: 500, instrument: { ...es, id: 'NQ' } }))).not.toBe(hashOf(generate({ bars: 500 })));
  });

  it('have a high and a low around open and close, on the tick, with volume in whole lots', () => {
    const faults: number[][] = [];
    for (const [, open, high, low, close, volume] of rows(bars) as [number, number, number, number, number, number][]) {
      const sound = high >= Math.max(open, close) && low <= Math.min(open, close) && low > 0 && volume >= 1;
      if (!sound || ![open * 4, high * 4, low * 4, close * 4, volume].every(Number.isInteger)) faults.push([open, high, low, close, volume]);
    }
    expect(faults).toEqual([]);
  });

  it('keep to decimal ticks and lots exactly', () => {
    const euro = generate({ bars: 2_000, startPrice: 1.085, sessionVolume: 200, instrument: { id: '6E', tickSize: 0.00005, lotSize: 0.1 } });
    for (const [, open, , , , volume] of rows(euro) as [number, number, number, number, number, number][]) {
      expect(open).toBe(Number(open.toFixed(5)));
      expect(Math.round(open * 1e5) % 5).toBe(0);
      expect(volume).toBe(Number(volume.toFixed(1)));
    }
  });

  it('fill every minute of every session, early closes included, and nothing else', () => {
    let session = overnight.nextSession(toUtcMs(Date.parse('2023-01-01')));
    let expected: number = session.open;
    for (const time of bars.time) {
      if (time !== expected) expect(time).toBe(expected);
      expected += 60_000;
      if (expected >= session.close) {
        session = overnight.nextSession(session.close);
        expected = session.open;
      }
    }
  });

  it.each(CALENDAR_IDS)('lie in the sessions of %s, each session from its open to its close', (id) => {
    const calendar = calendarById(id) as SessionCalendar;
    const year = generate({ calendar, end: '2024-01-01', timeframe: '30m' });
    const opens = new Set(year.time);
    let outside = 0;
    for (const time of year.time) if (calendar.sessionAt(toUtcMs(time)) === undefined) outside++;
    expect(outside).toBe(0);
    let sessions = 0;
    let bars = 0;
    for (let session = calendar.nextSession(toUtcMs(Date.parse('2023-01-01'))); session.close <= Date.parse('2024-01-01'); session = calendar.nextSession(session.close), sessions++) {
      expect(opens.has(session.open)).toBe(true);
      bars += Math.ceil((session.close - session.open) / (30 * 60_000));
    }
    expect(sessions).toBeGreaterThan(245);
    expect(year.length - bars).toBeLessThan(48); // a session over the end of the year
  });

  it('start near the start price', () => {
    expect(Math.abs((bars.open[0] as number) - 5000)).toBeLessThan(5);
  });

  it('stay positive and on the grid at the lowest price and the highest volatility', () => {
    const wild = generate({ bars: 50_000, startPrice: 0.5, annualVolatility: 3, annualDrift: -1 });
    expect(Math.min(...wild.low)).toBeGreaterThanOrEqual(0.25);
  });

  it('gap over closed hours by more than over a minute', () => {
    const day = generate({ calendar: dayOnly, bars: 390 * 500 });
    const gaps: number[] = [];
    const steps: number[] = [];
    for (let i = 1; i < day.length; i++) {
      const jump = Math.abs((day.open[i] as number) / (day.close[i - 1] as number) - 1);
      ((day.time[i] as number) - (day.time[i - 1] as number) > 60_000 ? gaps : steps).push(jump);
    }
    expect(mean(gaps)).toBeGreaterThan(5 * mean(steps));
  });

  it('hold together over timeframes: 5m, 4h and 1d are the resampled minutes, and minutes the resampled seconds', () => {
    const end = '2023-01-11T18:30:00Z'; // between two sessions
    const minutes = generate({ end });
    for (const timeframe of ['5m', '4h', '1d']) {
      expect(rows(generate({ end, timeframe }))).toEqual(resample(minutes, overnight, parseTimeframe(timeframe)?.ms as number));
    }
    expect(resample(generate({ end, timeframe: '1s' }), overnight, 60_000)).toEqual(rows(minutes));
    expect(resample(generate({ end, timeframe: '1s' }), overnight, 90_000)).toEqual(rows(generate({ end, timeframe: '90s' })));
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('generated markets', () => {
  const minutes = generate({ calendar: dayOnly, bars: 390 * 1_000 });
  const days = generate({ timeframe: '1d', bars: 3_000 });
  const minuteReturns = logReturns(minutes.close);
  const dayReturns = logReturns(days.close);

  it('have the volatility asked for', () => {
    const annual = moments(dayReturns).deviation * Math.sqrt(252);
    expect(annual).toBeGreaterThan(0.12);
    expect(annual).toBeLessThan(0.2);
  });

  it('have fat tails, by the minute and by the day', () => {
    expect(moments(minuteReturns).kurtosis).toBeGreaterThan(5);
    expect(moments(dayReturns).kurtosis).toBeGreaterThan(3.3);
  });

  it('cluster their volatility: squared returns correlate over days, also five days apart', () => {
    const squares = dayReturns.map((value) => value * value);
    expect(correlation(squares.slice(1), squares.slice(0, -1))).toBeGreaterThan(0.05);
    const absolute = dayReturns.map(Math.abs);
    expect(correlation(absolute.slice(5), absolute.slice(0, -5))).toBeGreaterThan(0.05);
  });

  it('do not correlate in their returns themselves', () => {
    expect(Math.abs(correlation(minuteReturns.slice(1), minuteReturns.slice(0, -1)))).toBeLessThan(0.05);
  });

  it('are busier at the open and the close than at noon, in range and in volume', () => {
    const range = new Array<number>(390).fill(0);
    const volume = new Array<number>(390).fill(0);
    for (let i = 0; i < minutes.length; i++) {
      range[i % 390] = (range[i % 390] as number) + ((minutes.high[i] as number) - (minutes.low[i] as number)) / (minutes.close[i] as number);
      volume[i % 390] = (volume[i % 390] as number) + (minutes.volume[i] as number);
    }
    for (const shape of [range, volume]) {
      const noon = mean(shape.slice(180, 210));
      expect(mean(shape.slice(0, 30))).toBeGreaterThan(1.4 * noon);
      expect(mean(shape.slice(-30))).toBeGreaterThan(1.3 * noon);
    }
  });

  it('trade more when they move more', () => {
    const size = Array.from(minutes.high, (high, i) => high - (minutes.low[i] as number));
    expect(correlation(size, [...minutes.volume])).toBeGreaterThan(0.3);
  });

  it('trade about the volume asked for in a session', () => {
    const perSession = mean([...days.volume]);
    expect(perSession).toBeGreaterThan(0.8 * 1_200_000);
    expect(perSession).toBeLessThan(1.2 * 1_200_000);
  });

  it('trend: monthly sums of returns vary more than independent days would', () => {
    const ratios = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => {
      const returns = logReturns(generate({ calendar: dayOnly, timeframe: '1d', bars: 2_100, seed }).close);
      const months = Array.from({ length: Math.floor(returns.length / 21) }, (_, i) => returns.slice(i * 21, i * 21 + 21).reduce((sum, value) => sum + value, 0));
      return moments(months).deviation ** 2 / (21 * moments(returns).deviation ** 2);
    });
    expect(mean(ratios)).toBeGreaterThan(1.03);
  });
});

describe('the synthetic feed', () => {
  const request: HistoryRequest = { instrument: es, calendar: overnight, timeframe: parseTimeframe('1m') as HistoryRequest['timeframe'] };

  function feedOf(settings: Record<string, unknown>): DataFeed {
    const params = syntheticParams.parse(settings);
    return syntheticFeed.create({ params } as unknown as VenueContext<unknown>);
  }

  async function read(feed: DataFeed, more: Partial<HistoryRequest> = {}): Promise<BarColumns[]> {
    const chunks: BarColumns[] = [];
    for await (const chunk of feed.history({ ...request, ...more })) chunks.push(chunk);
    return chunks;
  }

  it('streams the generated bars in chunks that share no memory', async () => {
    const chunks = await read(feedOf({ seed: 7, bars: 40_000 }));
    expect(chunks.map((chunk) => chunk.length)).toEqual([16_384, 16_384, 7_232]);
    expect(chunks.flatMap(rows)).toEqual(rows(generate({ bars: 40_000 })));
    expect(new Set(chunks.map((chunk) => chunk.close.buffer)).size).toBe(3);
  });

  it('gives the same bars in chunks of any size', () => {
    const whole = rows(generate({ bars: 5_000 }));
    const params = syntheticParams.parse({ seed: 7, bars: 5_000 });
    for (const chunkBars of [1, 7, 1_380, 4_999, 5_000, 100_000]) {
      const chunks = [...barChunks({ model: marketModel(params, 'ES'), instrument: es, calendar: overnight, timeframe: request.timeframe, start: Date.parse(params.start), end: Infinity, bars: 5_000, from: -Infinity, chunkBars, depth: false })];
      expect(chunks.flatMap(rows)).toEqual(whole);
    }
  });

  it('hands out from..to without changing the bars', async () => {
    const all = rows(generate({ bars: 30_000 }));
    const from = toUtcMs((all[5_000] as number[])[0] as number);
    const to = toUtcMs((all[12_345] as number[])[0] as number);
    expect((await read(feedOf({ seed: 7, bars: 30_000 }), { from, to })).flatMap(rows)).toEqual(all.slice(5_000, 12_345));
  });

  it('gives an instrument its own settings', async () => {
    const chunks = await read(feedOf({ bars: 10, instruments: { ES: { startPrice: 100 } } }));
    expect(Math.abs((chunks[0]?.open[0] as number) - 100)).toBeLessThan(1);
  });

  it('names its source by a hash that changes with every parameter, not with the part that was read', async () => {
    const hashes = new Set<string>();
    const variants: Record<string, unknown>[] = [{ bars: 5 }, { bars: 6 }, { bars: 5, seed: 1 }, { bars: 5, startPrice: 1 }, { bars: 5, annualVolatility: 0.2 }, { bars: 5, annualDrift: 0 }, { bars: 5, sessionVolume: 9 }, { bars: 5, start: '2023-02-01' }, { end: '2023-01-03' }];
    for (const variant of variants) {
      const feed = feedOf(variant);
      await read(feed);
      await read(feed, { from: toUtcMs(Date.parse('2023-01-02')) });
      expect(feed.provenance()).toHaveLength(1);
      expect(feed.provenance()[0]?.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
      hashes.add(feed.provenance()[0]?.hash as string);
    }
    expect(hashes.size).toBe(variants.length);
  });

  it.each([
    [{}, 'bars was missing and so was end, expected exactly one of the two: add one'],
    [{ bars: 5, end: '2024-01-01' }, 'bars was 5 beside end 2024-01-01, expected exactly one of the two: remove one'],
    [{ start: '2024-01-01', end: '2023-12-31' }, 'end after the start'],
    [{ bars: 5, volatility: 0.2 }, 'volatility'],
    [{ bars: 0 }, '>0'],
    [{ bars: 5, start: 'yesterday' }, ''],
  ])('refuses %j', (settings, message) => {
    const result = syntheticParams.safeParse(settings);
    expect(result.success).toBe(false);
    expect(result.error?.message).toContain(message);
  });

  it('blames the key bars for two lengths, as a whole message', () => {
    const settings = { bars: 100, end: '2024-01-01' };
    const faults = schemaFaults('CFG_TYPE', 'data', syntheticParams.safeParse(settings).error?.issues ?? [], settings, syntheticParams);
    expect(faults.map(({ line, context }) => [line, context])).toEqual([['CFG_TYPE: bars was 100 beside end 2024-01-01, expected exactly one of the two: remove one', { path: 'data.bars' }]]);
  });
});
