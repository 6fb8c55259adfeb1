import type { Trade } from '../domain/position.js';
import { toFraction, toMoney, type Fraction, type Money, type UtcMs } from '../domain/units.js';
import { isoDuration } from './statistics/iso-duration.js';
import { mean, sampleDeviation, sessionReturns } from './statistics/session-returns.js';

/** What the statistics are computed from. Money in the base currency. */
export type PerformanceInput = {
  readonly startEquity: number;
  readonly endEquity: number;
  /** Open of the first and close of the last bar; undefined when there was none. */
  readonly from: UtcMs | undefined;
  readonly to: UtcMs | undefined;
  /** Equity at each session's close, oldest first; a session that the run ended in counts as the last. */
  readonly sessionEquity: Float64Array;
  /** Sessions in a year by the calendar: about 252 for exchanges, 365 for 24/7. */
  readonly sessionsPerYear: number;
  /** Of the equity after every bar: see `DrawdownTracker`. */
  readonly maxDrawdown: number;
  readonly maxDrawdownMs: number;
  readonly trades: Iterable<Pick<Trade, 'pnl' | 'commission'>> & { readonly length: number };
  /** Bars after which a position was open, and all bars. */
  readonly barsInMarket: number;
  readonly bars: number;
  /** Sums over all fills. */
  readonly commission: number;
  readonly slippage: number;
  /** Return of holding the instruments; undefined where it cannot be stated. */
  readonly buyAndHoldReturn: number | undefined;
};

/**
 * Statistics of a run; `undefined` where the sample cannot support a number. Fractions: 1 is 100%.
 * The definitions, with sources and minimum samples, stand at {@link computeStatistics}.
 */
export type PerformanceStatistics = {
  readonly startEquity: Money;
  readonly endEquity: Money;
  readonly totalReturn: Fraction;
  readonly buyAndHoldReturn: Fraction | undefined;
  readonly cagr: Fraction | undefined;
  readonly annualVolatility: Fraction | undefined;
  readonly sharpe: number | undefined;
  readonly sortino: number | undefined;
  readonly calmar: number | undefined;
  readonly maxDrawdown: Fraction | undefined;
  /** ISO-8601, days of 24 hours: `P3DT2H`. */
  readonly maxDrawdownDuration: string | undefined;
  readonly trades: number;
  readonly winRate: Fraction | undefined;
  readonly profitFactor: number | undefined;
  readonly expectancy: Money | undefined;
  readonly exposure: Fraction | undefined;
  readonly commission: Money;
  readonly slippage: Money;
};

/** Session returns below which no deviation is stated: with 30, its relative standard error is 1/√(2·29) = 13%. */
export const MIN_SESSION_RETURNS = 30;
/** Closed trades below which no ratio of return to risk is stated: the mean would be the luck of single trades. */
export const MIN_TRADES_FOR_RATIOS = 10;
/** Days below which no yearly growth is stated; a calendar year from its first to its last session has at least 355. */
export const MIN_DAYS_FOR_GROWTH = 355;

const DAY_MS = 86_400_000;
const DAYS_PER_YEAR = 365.25;
/** A deviation this small beside the mean is rounding, not risk. */
const ROUNDING = 1e-10;

/**
 * Statistics of one run.
 *
 * - `totalReturn` = end ÷ start − 1.
 * - `cagr` = (end ÷ start)^(1 ÷ years) − 1 over calendar time, a year being 365.25 days; −1 when nothing is left.
 *   From 355 days on: shorter periods are not annualised (GIPS 2010, provision 5.A.4).
 * - `annualVolatility` = sample deviation (n − 1) of session returns × √(sessions per year). From 30 returns on.
 * - `sharpe` = mean ÷ sample deviation of session returns × √(sessions per year), risk-free return 0 (W. Sharpe,
 *   "The Sharpe Ratio", Journal of Portfolio Management 21, 1994). From 30 returns and 10 trades on.
 * - `sortino` = mean ÷ downside deviation × √(sessions per year), where the downside deviation is the root of the
 *   mean over *all* returns of min(0, return)², target 0 (F. Sortino and L. Price, "Performance measurement in a
 *   downside risk framework", Journal of Investing 3, 1994). As `sharpe`; undefined without a negative return.
 * - `calmar` = `cagr` ÷ `maxDrawdown` over the whole run (T. Young, "Calmar Ratio: A Smoother Tool", Futures, 1991,
 *   who takes the last 36 months). Undefined without a `cagr` or a drawdown.
 * - `maxDrawdown` = greatest fall below the highest equity so far, as a fraction of it, over all bars; more than 1
 *   when equity became negative. `maxDrawdownDuration` is the longest time from a peak to its recovery or the end.
 * - A trade's net profit is its price profit less the commission of both ends. `winRate` = trades with a net profit
 *   above 0 ÷ trades. `profitFactor` = sum of net profits ÷ |sum of net losses|, undefined without a losing trade.
 *   `expectancy` = mean net profit of a trade, in money. From 1 trade on.
 * - `exposure` = bars after which a position was open ÷ bars.
 *
 * Returns of sessions that began with no equity left have no meaning: where there is one, volatility and ratios
 * are undefined.
 */
export function computeStatistics(input: PerformanceInput): PerformanceStatistics {
  const { startEquity, endEquity, bars, trades } = input;
  const growth = yearlyGrowth(input);
  const risk = riskOf(input);
  const drawdown = bars > 0 ? input.maxDrawdown : undefined;
  return {
    startEquity: toMoney(startEquity),
    endEquity: toMoney(endEquity),
    totalReturn: toFraction(endEquity / startEquity - 1),
    buyAndHoldReturn: fraction(input.buyAndHoldReturn),
    cagr: fraction(growth),
    annualVolatility: fraction(risk.volatility),
    sharpe: risk.sharpe,
    sortino: risk.sortino,
    calmar: growth === undefined || drawdown === undefined || drawdown === 0 ? undefined : growth / drawdown,
    maxDrawdown: fraction(drawdown),
    maxDrawdownDuration: bars > 0 ? isoDuration(input.maxDrawdownMs) : undefined,
    trades: trades.length,
    ...tradeStatistics(trades),
    exposure: fraction(bars > 0 ? input.barsInMarket / bars : undefined),
    commission: toMoney(input.commission),
    slippage: toMoney(input.slippage),
  };
}

function yearlyGrowth({ startEquity, endEquity, from, to }: PerformanceInput): number | undefined {
  if (from === undefined || to === undefined || to - from < MIN_DAYS_FOR_GROWTH * DAY_MS) return undefined;
  if (endEquity <= 0) return -1;
  return (endEquity / startEquity) ** ((DAYS_PER_YEAR * DAY_MS) / (to - from)) - 1;
}

type Risk = { readonly volatility: number | undefined; readonly sharpe: number | undefined; readonly sortino: number | undefined };

function riskOf({ startEquity, sessionEquity, sessionsPerYear, trades }: PerformanceInput): Risk {
  const returns = sessionReturns(startEquity, sessionEquity);
  if (returns === undefined || returns.length < MIN_SESSION_RETURNS) return { volatility: undefined, sharpe: undefined, sortino: undefined };
  const average = mean(returns);
  const deviation = sampleDeviation(returns, average);
  const year = Math.sqrt(sessionsPerYear);
  const enoughTrades = trades.length >= MIN_TRADES_FOR_RATIOS;
  let squares = 0;
  for (const value of returns) if (value < 0) squares += value * value;
  const downside = Math.sqrt(squares / returns.length);
  return {
    volatility: deviation * year,
    sharpe: enoughTrades && deviation > Math.abs(average) * ROUNDING ? (average / deviation) * year : undefined,
    sortino: enoughTrades && downside > Math.abs(average) * ROUNDING ? (average / downside) * year : undefined,
  };
}

function tradeStatistics(trades: PerformanceInput['trades']): Pick<PerformanceStatistics, 'winRate' | 'profitFactor' | 'expectancy'> {
  if (trades.length === 0) return { winRate: undefined, profitFactor: undefined, expectancy: undefined };
  let wins = 0;
  let profit = 0;
  let loss = 0;
  for (const trade of trades) {
    const net = trade.pnl - trade.commission;
    if (net > 0) {
      wins++;
      profit += net;
    } else loss -= net;
  }
  return {
    winRate: toFraction(wins / trades.length),
    profitFactor: loss > 0 ? profit / loss : undefined,
    expectancy: toMoney((profit - loss) / trades.length),
  };
}

function fraction(value: number | undefined): Fraction | undefined {
  return value === undefined ? undefined : toFraction(value);
}

/** The statistics as JSON has them: the same keys in the same order, `null` for what is undefined. */
export type StatisticsJson = { readonly [Key in keyof PerformanceStatistics]: undefined extends PerformanceStatistics[Key] ? Exclude<PerformanceStatistics[Key], undefined> | null : PerformanceStatistics[Key] };

/** `statistics` for JSON, which would leave undefined keys out. */
export function statisticsJson(statistics: PerformanceStatistics): StatisticsJson {
  return Object.fromEntries(Object.entries(statistics).map(([key, value]) => [key, value ?? null])) as StatisticsJson;
}
