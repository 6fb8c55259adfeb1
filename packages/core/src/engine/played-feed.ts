import { setImmediate } from 'node:timers/promises';
import type { Bar, BarWindow } from '../domain/market-data.js';
import { toPrice, toUtcMs } from '../domain/units.js';
import { messageOf } from '../errors.js';
import type { DataFeed, DataFeedCapabilities, DataProvenance, HistoryRequest } from '../ports/data-feed.js';
import type { LiveHandlers } from '../ports/live-handlers.js';
import type { Timer } from '../ports/runtime.js';
import { BarRing } from '../series/bar-ring.js';
import { BarSource } from './bar-source.js';
import type { PlayedTime } from './played-time.js';

/** How fast the past is played: so many times as fast as it went, or as fast as it can be. */
export type PlaySpeed = number | 'max';

/** Moments between two looks at the outside world, where nothing is waited for. */
const BURST = 64;
/** Where nothing happened for long, e.g. over a weekend, so many bars' time is waited for and no more. */
const LONGEST_PAUSE_BARS = 10;

/**
 * Plays the history of a feed as live bars, in the order of their closes. It has a clock of its own, which stands at
 * the close of the bars that come and is not the machine's: the same bars give the same run at every speed.
 */
export class PlayedFeed implements DataFeed {
  private stopped = false;
  private endPause: () => void = () => undefined;

  constructor(
    private readonly past: DataFeed,
    private readonly speed: PlaySpeed,
    private readonly time: PlayedTime,
    /** The machine's, for the pauses between bars. */
    private readonly timer: Timer,
  ) {}

  get capabilities(): DataFeedCapabilities {
    // bars before the first one that is played were not there yet
    return { ...this.past.capabilities, history: false, live: true };
  }

  carries(instrument: string): Pick<DataFeedCapabilities, 'volume' | 'depth'> {
    return this.past.carries?.(instrument) ?? this.past.capabilities;
  }

  connect(): Promise<void> {
    return this.past.connect();
  }

  disconnect(): Promise<void> {
    this.stop();
    return this.past.disconnect();
  }

  history(request: HistoryRequest): ReturnType<DataFeed['history']> {
    return this.past.history(request);
  }

  subscribe(requests: readonly HistoryRequest[], handlers: LiveHandlers): () => void {
    this.stopped = false;
    const sources = requests.map((request, i) => new BarSource(i, request.instrument.id, false, new BarRing(1), request.timeframe, request.calendar, this.past.history(request)[Symbol.asyncIterator]()));
    const longestMs = LONGEST_PAUSE_BARS * Math.max(...requests.map(({ timeframe }) => timeframe.ms));
    this.play(sources, longestMs, handlers).then(
      () => undefined,
      (thrown: unknown) => {
        if (!this.stopped) handlers.onEnd(thrown instanceof Error ? thrown : new Error(messageOf(thrown)));
      },
    );
    return () => this.stop();
  }

  provenance(): readonly DataProvenance[] {
    return this.past.provenance();
  }

  warnings(): readonly string[] {
    return this.past.warnings();
  }

  private async play(sources: readonly BarSource[], longestMs: number, handlers: LiveHandlers): Promise<void> {
    let last: number | undefined;
    try {
      await setImmediate(); // the first bar comes after `subscribe` has returned
      for (let moment = 0; ; moment++) {
        for (const source of sources) if (source.empty) await source.fill();
        const answers = handlers.settle();
        if (answers !== undefined) await answers;
        if (moment % BURST === 0) await setImmediate();
        if (this.stopped) return;
        let close = Number.POSITIVE_INFINITY;
        for (const source of sources) close = Math.min(close, source.nextClose);
        if (close === Number.POSITIVE_INFINITY) break;
        if (this.speed !== 'max' && last !== undefined) await this.pause(Math.min(close - last, longestMs) / this.speed);
        if (this.stopped) return;
        this.time.turnTo(close);
        for (const source of sources) {
          if (source.nextClose !== close) continue;
          source.take();
          handlers.onBar(source.name, barOf(source.ring));
        }
        last = close;
      }
    } finally {
      for (const source of sources) await source.release();
    }
    handlers.onEnd();
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const callOff = this.timer.after(ms, resolve);
      this.endPause = () => {
        callOff();
        resolve();
      };
    });
  }

  private stop(): void {
    this.stopped = true;
    this.endPause();
  }
}

/** The newest bar of `bars`. */
function barOf(bars: BarWindow): Bar {
  const row = bars.index;
  const of = (column: Float64Array): number => column[row] as number;
  const prices = { time: toUtcMs(of(bars.time)), open: toPrice(of(bars.open)), high: toPrice(of(bars.high)), low: toPrice(of(bars.low)), close: toPrice(of(bars.close)), volume: of(bars.volume) };
  const { depth } = bars;
  if (depth === undefined) return prices;
  const known = (column: Float64Array): number | undefined => (Number.isNaN(of(column)) ? undefined : of(column));
  const price = (column: Float64Array): ReturnType<typeof toPrice> | undefined => (known(column) === undefined ? undefined : toPrice(of(column)));
  return { ...prices, depth: { bid: price(depth.bid), ask: price(depth.ask), bidSize: known(depth.bidSize), askSize: known(depth.askSize) } };
}
