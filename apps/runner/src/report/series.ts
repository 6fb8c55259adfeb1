import type { Trade } from '@keelson/core/domain';
import type { ReportCurve, ReportOpenPosition, ReportPrices } from './report-data.js';

/** Depth below the highest equity so far at each point of the curve, as a fraction of that peak, ≥ 0. */
export function drawdownCurve(curve: ReportCurve, startEquity: number): number[] {
  let peak = startEquity;
  return Array.from({ length: curve.length }, (_, i) => {
    // a bucket's low may come before its high: measured from the peak before it, never an invented fall
    const depth = Math.max(0, (peak - (curve.min[i] as number)) / peak);
    peak = Math.max(peak, curve.max[i] as number);
    return depth;
  });
}

/**
 * Equity of holding equal parts of the start equity in each instrument from its first open, without leverage or
 * costs, at the times of the curve. Empty without prices.
 */
export function holdingCurve(curve: ReportCurve, prices: readonly ReportPrices[], startEquity: number): number[] {
  const markets = prices.filter(({ bars }) => bars.length > 0);
  if (markets.length === 0) return [];
  const part = startEquity / markets.length;
  const next = markets.map(() => 0);
  return Array.from({ length: curve.length }, (_, i) => {
    const time = curve.time[i] as number;
    let equity = 0;
    markets.forEach(({ bars }, m) => {
      let row = next[m] as number;
      // a row's close is known where the next row begins
      while (row < bars.length && (row + 1 < bars.length ? (bars.time[row + 1] as number) <= time : i === curve.length - 1)) row++;
      next[m] = row;
      equity += row === 0 ? part : (part * (bars.close[row - 1] as number)) / (bars.open[0] as number);
    });
    return equity;
  });
}

/** Share of time in a long and in a short position, in equal stretches of the run. */
export type ExposureProfile = { readonly time: number[]; readonly long: number[]; readonly short: number[] };

/**
 * Exposure of `stretches` stretches between `from` and `to`. Overlapping positions count once a side. A position
 * that is still open is drawn from its instrument's last exit on: its entry is not among the closed trades.
 */
export function exposureProfile(trades: readonly Trade[], open: readonly ReportOpenPosition[], from: number, to: number, stretches = 240): ExposureProfile {
  const step = (to - from) / stretches;
  const time = Array.from({ length: stretches }, (_, i) => from + i * step);
  const share = (side: 'long' | 'short'): number[] => {
    const spans = trades.filter((trade) => trade.side === side).map((trade): [number, number] => [trade.entryTime, trade.exitTime]);
    for (const { instrument, quantity } of open) {
      if ((quantity > 0 ? 'long' : 'short') !== side) continue;
      const lastExit = trades.reduce((latest, trade) => (trade.instrument === instrument ? Math.max(latest, trade.exitTime) : latest), from);
      spans.push([lastExit, to]);
    }
    return coverage(spans, from, step, stretches);
  };
  return { time, long: share('long'), short: share('short') };
}

function coverage(spans: [number, number][], from: number, step: number, stretches: number): number[] {
  const covered = new Array<number>(stretches).fill(0);
  spans.sort((a, b) => a[0] - b[0]);
  let done = from;
  for (const [begin, end] of spans) {
    const start = Math.max(begin, done);
    for (let i = Math.max(0, Math.floor((start - from) / step)); i < stretches && from + i * step < end; i++) {
      const stretch = from + i * step;
      covered[i] = (covered[i] as number) + Math.max(0, Math.min(end, stretch + step) - Math.max(start, stretch)) / step;
    }
    done = Math.max(done, end);
  }
  return covered.map((share) => Math.min(1, share));
}

/** Returns of one calendar year (UTC): months 0 to 11, undefined where the run was not. */
export type YearOfReturns = { readonly year: number; readonly months: (number | undefined)[]; readonly total: number };

/** Returns by calendar month of the sessions' closes (UTC); the first and last month may be cut short by the run. */
export function monthlyReturns(startEquity: number, times: ArrayLike<number>, equity: ArrayLike<number>): YearOfReturns[] {
  const years: YearOfReturns[] = [];
  let beforeYear = startEquity;
  let beforeMonth = startEquity;
  for (let i = 0; i < times.length; i++) {
    const date = new Date(times[i] as number);
    const next = i + 1 < times.length ? new Date(times[i + 1] as number) : undefined;
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    if (next?.getUTCFullYear() === year && next.getUTCMonth() === month) continue;
    const value = equity[i] as number;
    let row = years.at(-1);
    if (row?.year !== year) {
      beforeYear = beforeMonth;
      row = { year, months: new Array<number | undefined>(12).fill(undefined), total: 0 };
      years.push(row);
    }
    row.months[month] = beforeMonth > 0 ? value / beforeMonth - 1 : undefined;
    years[years.length - 1] = { ...row, total: beforeYear > 0 ? value / beforeYear - 1 : 0 };
    beforeMonth = value;
  }
  return years;
}

/** Simple returns from session to session; those that began with nothing left are skipped. */
export function sessionReturnsOf(startEquity: number, equity: ArrayLike<number>): number[] {
  const returns: number[] = [];
  let before = startEquity;
  for (let i = 0; i < equity.length; i++) {
    if (before > 0) returns.push((equity[i] as number) / before - 1);
    before = equity[i] as number;
  }
  return returns;
}
