import type { BarWindow } from '../domain/market-data.js';
import type { Trade } from '../domain/position.js';
import type { Money, UtcMs } from '../domain/units.js';
import type { PerformanceStatistics } from '../portfolio/statistics.js';
import type { EquityCurve } from '../portfolio/statistics/equity-curve.js';
import type { DataProvenance } from '../ports/data-feed.js';

export type OpenPosition = {
  readonly instrument: string;
  /** Signed. */
  readonly quantity: number;
  readonly averagePrice: number;
  /** At the last close, in the base currency. */
  readonly unrealizedPnl: Money;
};

export type RunProgress = {
  /** Close time of the newest bar. */
  readonly time: UtcMs;
  readonly bars: number;
};

export type RunOptions = {
  /** First bar's open, inclusive. */
  readonly from?: UtcMs;
  /** Bars that open before this time. */
  readonly to?: UtcMs;
  /** Ends the run at the next moment; the result is then partial. */
  readonly signal?: AbortSignal;
  /** Called every few milliseconds of work, never per bar. */
  readonly onProgress?: (progress: RunProgress) => void;
  /** Sees each bar after it was traded on; the window is reused. For reports: it costs time. */
  readonly observeBar?: (instrument: number, bars: BarWindow, close: UtcMs) => void;
};

/** What a run came to. Equal configuration, data and seed give an equal result. */
export type RunResult = {
  readonly account: string;
  readonly baseCurrency: string;
  /** Open of the first and close of the last bar; undefined when there was none. */
  readonly from: UtcMs | undefined;
  readonly to: UtcMs | undefined;
  readonly bars: number;
  /** True when the run was stopped before the data ended. */
  readonly partial: boolean;
  /** Why entries are off until somebody resumes: a limit, a person, or a fault; not what a watchdog lifts by itself. */
  readonly halted: string | undefined;
  readonly statistics: PerformanceStatistics;
  readonly equity: EquityCurve;
  /** Listed at the first look: a long run is summed up without making each trade an object. */
  readonly trades: readonly Trade[];
  /** Orders that left the pipeline. */
  readonly orders: number;
  /** `sha256:…` over the ordered list of orders and fills. */
  readonly ordersHash: string;
  readonly openPositions: readonly OpenPosition[];
  readonly provenance: readonly DataProvenance[];
  readonly warnings: readonly string[];
};
