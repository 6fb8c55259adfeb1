import type { Bar, BarColumns, Timeframe } from '../src/domain/market-data.js';
import { parseTimeframe } from '../src/domain/market-data.js';
import { calendarById } from '../src/domain/calendars/index.js';
import type { Instrument } from '../src/domain/instrument.js';
import type { SessionCalendar } from '../src/domain/session-calendar.js';
import { toPrice, toUtcMs } from '../src/domain/units.js';
import type { DataFeed, HistoryRequest } from '../src/ports/data-feed.js';
import type { LiveHandlers } from '../src/ports/live-handlers.js';
import { allocateBars, joinBars, sliceBars } from '../src/series/bar-columns.js';

export const MINUTE = 60_000;
export const FRAME = parseTimeframe('1m') as Timeframe;
export const ES: Instrument = { id: 'ES', venue: 'CME', type: 'future', currency: 'USD', multiplier: 50, tickSize: 0.25, lotSize: 1, calendar: 'cme-equity-index', symbols: {} };
export const calendar = calendarById('cme-equity-index') as SessionCalendar;

/** Minute bars at these opens; the numbers follow from the time, so that equal times mean equal bars. */
export function barsAt(times: readonly number[], depth = false): BarColumns {
  const bars = allocateBars(times.length, depth);
  times.forEach((time, i) => {
    const price = 4000 + Math.sin(time / 7e6) * 50;
    bars.time[i] = time;
    bars.open[i] = bars.close[i] = price;
    bars.high[i] = price + 1 / 3;
    bars.low[i] = price - 0.1;
    bars.volume[i] = (time / MINUTE) % 17;
    if (bars.depth !== undefined && i % 3 > 0) [bars.depth.bid[i], bars.depth.ask[i], bars.depth.bidSize[i]] = [price - 0.25, price + 0.25, 5];
  });
  return bars;
}

/** A feed that has `bars`, gives those that have closed by `now`, and writes down what it was asked for. */
export class CountingFeed implements DataFeed {
  readonly capabilities = { history: true, live: true, volume: true, depth: false };
  readonly asked: Array<readonly [from: number | undefined, to: number | undefined]> = [];
  now = Number.POSITIVE_INFINITY;
  handlers: LiveHandlers | undefined;

  constructor(readonly bars: BarColumns, private readonly chunk = 7) {}

  async connect(): Promise<void> {}
  async disconnect(): Promise<void> {}

  async *history({ from = toUtcMs(-Infinity), to = toUtcMs(Infinity), ...request }: HistoryRequest): AsyncGenerator<BarColumns> {
    this.asked.push([Number.isFinite(from) ? from : undefined, Number.isFinite(to) ? to : undefined]);
    const rows = Array.from(this.bars.time.keys()).filter((row) => (this.bars.time[row] as number) >= from && (this.bars.time[row] as number) < to && (this.bars.time[row] as number) + request.timeframe.ms <= this.now);
    for (let at = 0; at < rows.length; at += this.chunk) yield sliceBars(this.bars, rows[at] as number, (rows[Math.min(rows.length, at + this.chunk) - 1] as number) + 1);
  }

  subscribe(_requests: readonly HistoryRequest[], handlers: LiveHandlers): () => void {
    this.handlers = handlers;
    return () => (this.handlers = undefined);
  }

  give(row: number): void {
    const of = (column: Float64Array): number => column[row] as number;
    const { bars } = this;
    const bar: Bar = { time: toUtcMs(of(bars.time)), open: toPrice(of(bars.open)), high: toPrice(of(bars.high)), low: toPrice(of(bars.low)), close: toPrice(of(bars.close)), volume: of(bars.volume) };
    this.handlers?.onBar(ES.id, bar);
  }

  provenance(): readonly [] {
    return [];
  }

  warnings(): readonly string[] {
    return [];
  }
}

/** All bars of a request, as plain rows. */
export async function rowsOf(feed: DataFeed, from?: number, to?: number): Promise<unknown[]> {
  const chunks: BarColumns[] = [];
  const bounds = { ...(from === undefined ? {} : { from: toUtcMs(from) }), ...(to === undefined ? {} : { to: toUtcMs(to) }) };
  for await (const chunk of feed.history({ instrument: ES, calendar, timeframe: FRAME, ...bounds })) chunks.push(chunk);
  const { length, depth, ...columns } = joinBars(chunks);
  return Array.from({ length }, (_, row) => [...Object.values(columns), ...(depth === undefined ? [] : Object.values(depth))].map((column) => (column as Float64Array)[row]));
}
