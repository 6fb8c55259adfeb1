import type { BarColumns, Trade, UtcMs } from '@keelson/core/domain';

/**
 * Equity in buckets, oldest first: row `i` of every column is one bucket of one or more bars. What
 * `EquityCurve.points()` gives.
 */
export type ReportCurve = {
  readonly length: number;
  /** Close of the bucket's last bar (UtcMs). */
  readonly time: ArrayLike<number>;
  readonly min: ArrayLike<number>;
  readonly max: ArrayLike<number>;
  readonly last: ArrayLike<number>;
};

/** The `stats` of a result; null or undefined where the sample cannot support a number. */
export type ReportStatistics = {
  readonly startEquity: number;
  readonly endEquity: number;
  readonly totalReturn: number;
  readonly buyAndHoldReturn: number | null | undefined;
  readonly cagr: number | null | undefined;
  readonly annualVolatility: number | null | undefined;
  readonly sharpe: number | null | undefined;
  readonly sortino: number | null | undefined;
  readonly calmar: number | null | undefined;
  readonly maxDrawdown: number | null | undefined;
  readonly maxDrawdownDuration: string | null | undefined;
  readonly trades: number;
  readonly winRate: number | null | undefined;
  readonly profitFactor: number | null | undefined;
  readonly expectancy: number | null | undefined;
  readonly exposure: number | null | undefined;
  readonly commission: number;
  readonly slippage: number;
};

/** Bars of one instrument for its chart; any resolution, drawn with at most some thousands. */
export type ReportPrices = {
  readonly instrument: string;
  /** Decides the decimals shown. */
  readonly tickSize: number;
  /** Currency of the price. */
  readonly currency: string;
  readonly bars: BarColumns;
};

export type ReportOpenPosition = {
  readonly instrument: string;
  /** Signed. */
  readonly quantity: number;
  readonly averagePrice: number;
  readonly unrealizedPnl: number;
};

export type ReportSource = { readonly instrument: string; readonly source: string; readonly hash: string };

/** All that one report shows: plain data, money in the base currency, times UtcMs. */
export type ReportData = {
  readonly account: string;
  readonly baseCurrency: string;
  /** Version of Keelson that made the run. */
  readonly version: string;
  readonly timeframe: string;
  /** Open of the first and close of the last bar; undefined when there was none. */
  readonly from: UtcMs | undefined;
  readonly to: UtcMs | undefined;
  readonly bars: number;
  /** True when the run was stopped before the data ended. */
  readonly partial: boolean;
  /** Why entries were halted by a risk limit, if they were. */
  readonly halted: string | undefined;
  readonly statistics: ReportStatistics;
  readonly curve: ReportCurve;
  /** Equity at each session's close, oldest first. */
  readonly sessionTimes: ArrayLike<number>;
  readonly sessionEquity: ArrayLike<number>;
  readonly trades: readonly Trade[];
  readonly openPositions: readonly ReportOpenPosition[];
  readonly prices: readonly ReportPrices[];
  readonly orders: number;
  readonly ordersHash: string;
  /** The account file as text, environment values and secrets already removed. */
  readonly configYaml: string;
  readonly provenance: readonly ReportSource[];
  readonly warnings: readonly string[];
};
