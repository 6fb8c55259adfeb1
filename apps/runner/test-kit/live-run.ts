import type { WatchSettings } from '@keelson/core/config';
import type { Bar, BarColumns } from '@keelson/core/domain';
import { toPrice, toUtcMs } from '@keelson/core/domain';
import { composeLive, type ComposeOptions, type LiveEngine, type RunResult } from '@keelson/core/engine';
import type { Journal, LiveHandlers } from '@keelson/core/ports';
import { VirtualTime } from '@keelson/contract-tests/fakes';
import { MINUTE } from './law-run.js';

export { VirtualTime };

/** A live feed whose bars are given by hand; its history is what was given so far, and more where a test says so. */
export class HandFeed {
  handlers: LiveHandlers | undefined;

  give(instrument: string, bars: BarColumns, row: number): void {
    const of = (column: Float64Array): number => column[row] as number;
    const bar: Bar = { time: toUtcMs(of(bars.time)), open: toPrice(of(bars.open)), high: toPrice(of(bars.high)), low: toPrice(of(bars.low)), close: toPrice(of(bars.close)), volume: of(bars.volume) };
    this.handlers?.onBar(instrument, bar);
  }
}

/** Nothing is watched over: bars of the past have holes that bars of the present would not have. */
export const CALM: Partial<WatchSettings> = { staleAfterBars: 1e6, orderTimeout: '9999d', reconcileEvery: '9999d', maxClockDrift: '9999d', warnClockDrift: '9999d' };

/** One life of a live account: from its start to its end, graceful or not. */
export class LiveLife {
  readonly engine: LiveEngine;
  private readonly stop = new AbortController();
  private running: Promise<RunResult> | undefined;

  constructor(
    options: Omit<ComposeOptions, 'journal'>,
    readonly journal: Journal,
    readonly time: VirtualTime,
    readonly feed: HandFeed,
    watch: Partial<WatchSettings> = CALM,
  ) {
    this.engine = composeLive({ ...options, config: { ...options.config, watch: { ...options.config.watch, ...watch } }, journal, clock: time, timer: time });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.running = this.engine.run({ signal: this.stop.signal, onReady: resolve });
      this.running.catch(reject);
    });
  }

  /** Gives the rows of every instrument that close in each minute, in time order. */
  async play(bars: Readonly<Record<string, BarColumns>>, from: number, to: number): Promise<void> {
    const closes = new Set<number>();
    for (const columns of Object.values(bars)) for (let row = 0; row < columns.length; row++) closes.add((columns.time[row] as number) + MINUTE);
    for (const close of [...closes].sort((a, b) => a - b)) {
      if (close <= from || close > to) continue;
      this.time.turnTo(close);
      for (const [instrument, columns] of Object.entries(bars)) {
        const row = columns.time.indexOf(close - MINUTE);
        if (row >= 0) this.feed.give(instrument, columns, row);
      }
      this.time.turnTo(close + 3_000);
    }
  }

  async end(): Promise<RunResult> {
    this.stop.abort();
    return this.running as Promise<RunResult>;
  }
}
