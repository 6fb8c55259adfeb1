import type { BarColumns } from '@keelson/core/domain';
import { calendarById, parseTimeframe, toUtcMs } from '@keelson/core/domain';
import { createRandom } from '@keelson/core/engine';
import { allocateBars } from '@keelson/core/series';
import { VIRTUAL_START } from '../fakes/virtual-time.js';


export type SampleOptions = {
  readonly seed?: number;
  /** Id of the calendar whose sessions the bars keep to; default: all hours. */
  readonly calendar?: string;
  /** Default `1m`; `1d` is one bar for each session. */
  readonly timeframe?: string;
  /** Without the top of the order book. */
  readonly withoutDepth?: boolean;
};

/**
 * Bars of a lively market, in ticks of 0.01: trends and reversals, no two closes in a row equal, every bar with a range,
 * volume and both sides of the order book. What is warm has a value on them.
 */
export function livelyBars(length: number, options: SampleOptions = {}): BarColumns {
  const random = createRandom(`lively ${options.seed ?? 1}`);
  const next = (): number => random.next();
  const bars = allocateBars(length, options.withoutDepth !== true);
  const clock = sessionTimes(options);
  let close = 10_000;
  for (let i = 0; i < length; i++) {
    const open = close;
    const step = Math.round((next() + next() + next() - 1.5) * 30 + 9 * Math.sin(i / 29) + 5 * Math.sin(i / 173));
    close = Math.max(2_000, open + (step === 0 ? 1 : step) + (open < 6_000 ? 7 : open > 16_000 ? -7 : 0));
    if (close === open) close++;
    put(bars, i, clock(), [open, Math.max(open, close) + 1 + Math.floor(next() * 9), Math.min(open, close) - 1 - Math.floor(next() * 9), close], 1 + Math.floor(next() * 4_000));
    putDepth(bars, i, close, 1 + Math.floor(next() * 3), 1 + Math.floor(next() * 90), 1 + Math.floor(next() * 90));
  }
  return bars;
}

/**
 * Bars of every kind that markets do have: hours without a trade, one price for a long time, jumps to ten times the price
 * and back, no volume and a great deal, an order book with empty sides, holes in time.
 */
export function oddBars(length: number, options: SampleOptions = {}): BarColumns {
  const random = createRandom(`odd ${options.seed ?? 1}`);
  const next = (): number => random.next();
  const bars = allocateBars(length, options.withoutDepth !== true);
  const clock = sessionTimes(options);
  let close = 10_000;
  for (let i = 0; i < length; i++) {
    const still = i % 97 >= 60;
    const open = still ? close : Math.max(5, close + Math.round((next() - 0.5) * 20));
    if (i % 211 === 150) close = Math.max(5, open * 10);
    else if (i % 211 === 180) close = Math.max(5, Math.round(open / 10));
    else close = still ? open : Math.max(5, open + Math.round((next() - 0.5) * 30));
    const reach = still ? 0 : Math.floor(next() * 12);
    put(bars, i, clock(), [open, Math.max(open, close) + reach, Math.max(1, Math.min(open, close) - reach), close], i % 7 === 0 ? 0 : i % 83 === 5 ? 1e9 : Math.floor(next() * 500));
    if (i % 5 !== 0) putDepth(bars, i, close, Math.floor(next() * 3), i % 3 === 0 ? Number.NaN : Math.floor(next() * 50), i % 11 === 0 ? Number.NaN : Math.floor(next() * 50));
    if (i % 61 === 60) for (let skip = Math.floor(next() * 90); skip > 0; skip--) clock();
  }
  return bars;
}

/** Bars of a market that stands still: one price, a volume of 1. */
export function stillBars(length: number, options: SampleOptions = {}): BarColumns {
  const bars = allocateBars(length, options.withoutDepth !== true);
  const clock = sessionTimes(options);
  for (let i = 0; i < length; i++) {
    put(bars, i, clock(), [10_000, 10_000, 10_000, 10_000], 1);
    putDepth(bars, i, 10_000, 1, 1, 1);
  }
  return bars;
}

function put(bars: BarColumns, i: number, time: number, ticks: readonly [number, number, number, number], volume: number): void {
  bars.time[i] = time;
  bars.open[i] = ticks[0] / 100;
  bars.high[i] = ticks[1] / 100;
  bars.low[i] = ticks[2] / 100;
  bars.close[i] = ticks[3] / 100;
  bars.volume[i] = volume;
}

function putDepth({ depth }: BarColumns, i: number, close: number, spread: number, bidSize: number, askSize: number): void {
  if (depth === undefined) return;
  depth.bid[i] = Number.isNaN(bidSize) ? Number.NaN : (close - spread) / 100;
  depth.ask[i] = Number.isNaN(askSize) ? Number.NaN : (close + spread) / 100;
  depth.bidSize[i] = bidSize;
  depth.askSize[i] = askSize;
}

/** Opens of one bar after the other. */
function sessionTimes({ calendar = '24/7', timeframe = '1m' }: SampleOptions): () => number {
  const sessions = calendarById(calendar);
  const frame = parseTimeframe(timeframe);
  if (sessions === undefined || frame === undefined) throw new RangeError(`found calendar '${calendar}' and timeframe '${timeframe}', expected ones that core knows`);
  let session = sessions.nextSession(toUtcMs(VIRTUAL_START));
  let time: number = session.open;
  return () => {
    if (time >= session.close) {
      session = sessions.nextSession(session.close);
      time = session.open;
    }
    const open = time;
    time = frame.session ? session.close : time + frame.ms;
    return open;
  };
}
