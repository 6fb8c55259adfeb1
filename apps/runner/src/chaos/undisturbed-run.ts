import type { BarWindow, UtcMs } from '@keelson/core/domain';
import type { Engine, RunResult } from '@keelson/core/engine';
import { GrowingColumn } from '../analyze/growing-column.js';
import type { TimedBars } from './moments.js';

/** What an account does on its data while nothing goes wrong, and the bars that it saw. */
export type UndisturbedRun = {
  readonly result: RunResult;
  /** By instrument, in the account's order. */
  readonly bars: readonly TimedBars[];
};

/** Runs an account over its history once, and keeps the bars. */
export async function runUndisturbed(engine: Engine, instruments: number, range: { readonly from?: UtcMs; readonly to?: UtcMs }, signal: AbortSignal): Promise<UndisturbedRun> {
  const columns = Array.from({ length: instruments }, () => new BarColumnsGrown());
  const result = await engine.run({ ...range, signal, observeBar: (instrument, bars, close) => (columns[instrument] as BarColumnsGrown).push(bars, close) });
  return { result, bars: columns.map((each) => each.bars()) };
}

const NAMES = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

class BarColumnsGrown {
  private readonly columns = NAMES.map(() => new GrowingColumn());
  private readonly closes = new GrowingColumn();

  push(bars: BarWindow, close: number): void {
    NAMES.forEach((name, i) => (this.columns[i] as GrowingColumn).push(bars[name][bars.index] as number));
    this.closes.push(close);
  }

  bars(): TimedBars {
    const closes = this.closes.values();
    const [time, open, high, low, close, volume] = this.columns.map((column) => column.values()) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
    return { columns: { length: closes.length, time, open, high, low, close, volume }, closes };
  }
}
