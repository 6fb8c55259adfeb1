import { createHash } from 'node:crypto';
import type { Bar, BarColumns, Instrument } from '@keelson/core/domain';
import { toPrice, toUtcMs } from '@keelson/core/domain';
import { DataError } from '@keelson/core/errors';
import type { DataFeed, DataFeedCapabilities, DataProvenance, HistoryRequest, LiveHandlers } from '@keelson/core/ports';
import { sliceBars } from '@keelson/core/series';
import type { FeedControl } from '../suites/data-feed/data-feed-subject.js';
import { testInstrument } from './instruments.js';
import { VirtualTime } from './virtual-time.js';

export type ScriptedFeedOptions = {
  readonly instrument?: Instrument;
  /** Bars that have closed already; the rest close by {@link ScriptedFeed.nextBar}. Default: all but 20. */
  readonly closed?: number;
  /** Length of a bar, ms. Default: a minute. */
  readonly barMs?: number;
  /** Rows in a chunk of history. Default: 64. */
  readonly chunkBars?: number;
  readonly time?: VirtualTime;
};

type Listener = { readonly handlers: LiveHandlers; next: number; readonly request: HistoryRequest };

/** A feed of one instrument from bars in memory, whose present is moved by hand. */
export class ScriptedFeed implements DataFeed, FeedControl {
  readonly capabilities: DataFeedCapabilities = { history: true, live: true, volume: true, depth: false };
  readonly instrument: Instrument;
  readonly time: VirtualTime;
  private readonly barMs: number;
  private readonly chunkBars: number;
  private closed: number;
  private listeners: Listener[] = [];
  private isBroken = false;
  private wasRead = false;

  constructor(
    private readonly bars: BarColumns,
    { instrument = testInstrument(), closed = Math.max(0, bars.length - 20), barMs = 60_000, chunkBars = 64, time = new VirtualTime() }: ScriptedFeedOptions = {},
  ) {
    this.instrument = instrument;
    this.closed = closed;
    this.barMs = barMs;
    this.chunkBars = chunkBars;
    this.time = time;
    if (closed > 0) time.turnTo((bars.time[closed - 1] as number) + barMs);
  }

  async connect(): Promise<void> {
    if (this.isBroken) throw new DataError('DATA_FEED', 'the scripted source is away, expected a connection', { hint: 'call restore', retry: 'safe' });
  }

  async disconnect(): Promise<void> {
    this.listeners = [];
  }

  async *history({ instrument, from = toUtcMs(Number.NEGATIVE_INFINITY), to = toUtcMs(Number.POSITIVE_INFINITY) }: HistoryRequest): AsyncGenerator<BarColumns> {
    if (instrument.id !== this.instrument.id) throw new DataError('DATA_MISSING', `instrument was ${instrument.id}, expected ${this.instrument.id}`);
    this.wasRead = true;
    const { time } = this.bars;
    let start = 0;
    let end = this.closed;
    while (start < end && (time[start] as number) < from) start++;
    while (end > start && (time[end - 1] as number) >= to) end--;
    for (let row = start; row < end; row += this.chunkBars) yield sliceBars(this.bars, row, Math.min(end, row + this.chunkBars));
  }

  subscribe(requests: readonly HistoryRequest[], handlers: LiveHandlers): () => void {
    const own = requests.filter(({ instrument }) => instrument.id === this.instrument.id).map((request) => ({ handlers, request, next: this.rowAt(request.from ?? this.time.now()) }));
    this.listeners.push(...own);
    this.tell();
    return () => {
      this.listeners = this.listeners.filter((each) => !own.includes(each));
    };
  }

  provenance(): readonly DataProvenance[] {
    if (!this.wasRead) return [];
    const hash = createHash('sha256');
    for (const column of [this.bars.time, this.bars.open, this.bars.high, this.bars.low, this.bars.close, this.bars.volume]) hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
    return [{ instrument: this.instrument.id, source: 'scripted', hash: `sha256:${hash.digest('hex')}` }];
  }

  warnings(): readonly string[] {
    return [];
  }

  /** The next bar closes. @throws RangeError when there is none left */
  nextBar(): number {
    if (this.closed >= this.bars.length) throw new RangeError('every bar of the scripted feed has closed, expected one that is left');
    const time = this.bars.time[this.closed] as number;
    this.closed++;
    this.time.turnTo(time + this.barMs);
    this.tell();
    return time;
  }

  /** The source tells its newest bar once more: nobody hears it, since it was told. */
  repeatBar(): void {
    this.tell();
  }

  /** Half of the next bar passes: nobody hears it. */
  openBar(): void {
    this.time.turnBy(this.barMs / 2);
    this.tell();
  }

  breakOff(): void {
    this.isBroken = true;
    for (const { handlers } of this.listeners.splice(0)) handlers.onError(new DataError('DATA_FEED', 'the scripted source broke off', { retry: 'safe' }));
  }

  restore(): void {
    this.isBroken = false;
  }

  /** Bars that have closed, and that a listener has not heard. */
  private tell(): void {
    if (this.isBroken) return;
    for (const listener of this.listeners) {
      while (listener.next < this.closed) {
        const row = listener.next;
        listener.next++;
        listener.handlers.onBar(this.instrument.id, this.barAt(row));
      }
    }
  }

  private rowAt(from: number): number {
    let row = this.closed;
    while (row > 0 && (this.bars.time[row - 1] as number) >= from) row--;
    return row;
  }

  private barAt(row: number): Bar {
    const { time, open, high, low, close, volume } = this.bars;
    return { time: toUtcMs(time[row] as number), open: toPrice(open[row] as number), high: toPrice(high[row] as number), low: toPrice(low[row] as number), close: toPrice(close[row] as number), volume: volume[row] as number };
  }
}
