import type { Trade } from '@keelson/core/domain';
import { decimalsOf } from './format.js';
import { decimateBars } from './price-recorder.js';
import type { ReportData, ReportPrices } from './report-data.js';
import { drawdownCurve, exposureProfile, holdingCurve } from './series.js';

/** Trades in the list and on the charts; a page with more grows slow and heavy. The newest are kept. */
export const MAX_TRADES = 5_000;
/** Rows of one price chart, and of all price charts together. */
const MAX_PRICE_ROWS = 5_000;
const MAX_PRICE_ROWS_IN_ALL = 20_000;

/** What the page's script draws from. Times are whole seconds, as the difference to the time before. */
export type ChartPayload = {
  readonly currency: string;
  readonly equity: { readonly t: number[]; readonly value: number[]; readonly hold: number[]; readonly drawdown: number[] };
  readonly exposure: { readonly t: number[]; readonly long: number[]; readonly short: number[] };
  readonly prices: readonly { readonly id: string; readonly currency: string; readonly decimals: number; readonly t: number[]; readonly o: number[]; readonly h: number[]; readonly l: number[]; readonly c: number[] }[];
  readonly instruments: readonly string[];
  readonly reasons: readonly string[];
  /** One row a trade: instrument, long, quantity, entry time, price, exit time, price, net, commission, entry and exit reason. */
  readonly trades: readonly (readonly number[])[];
};

export function chartPayload(data: ReportData): ChartPayload {
  const { curve, statistics, baseCurrency } = data;
  const rowsEach = Math.min(MAX_PRICE_ROWS, Math.floor(MAX_PRICE_ROWS_IN_ALL / Math.max(1, data.prices.length)));
  const names = new Indexed();
  const reasons = new Indexed();
  const trades = data.trades.slice(-MAX_TRADES).map((trade) => tradeRow(trade, names, reasons));
  return {
    currency: baseCurrency,
    equity: {
      t: secondSteps(curve.time, curve.length),
      value: cents(curve.last, curve.length),
      hold: holdingCurve(curve, data.prices, statistics.startEquity).map((value) => round(value, 2)),
      drawdown: drawdownCurve(curve, statistics.startEquity).map((value) => round(value, 5)),
    },
    exposure: exposureOf(data),
    prices: data.prices.filter(({ bars }) => bars.length > 0).map((prices) => pricesOf(prices, rowsEach)),
    instruments: names.values,
    reasons: reasons.values,
    trades,
  };
}

function exposureOf({ from, to, trades, openPositions }: ReportData): ChartPayload['exposure'] {
  if (from === undefined || to === undefined || to <= from) return { t: [], long: [], short: [] };
  const profile = exposureProfile(trades, openPositions, from, to);
  return { t: secondSteps(profile.time, profile.time.length), long: profile.long.map((share) => round(share, 4)), short: profile.short.map((share) => round(share, 4)) };
}

function pricesOf({ instrument, tickSize, currency, bars }: ReportPrices, limit: number): ChartPayload['prices'][number] {
  const rows = decimateBars(bars, limit);
  const decimals = decimalsOf(tickSize);
  const column = (values: Float64Array): number[] => Array.from({ length: rows.length }, (_, i) => round(values[i] as number, decimals));
  return { id: instrument, currency, decimals, t: secondSteps(rows.time, rows.length), o: column(rows.open), h: column(rows.high), l: column(rows.low), c: column(rows.close) };
}

function tradeRow(trade: Trade, names: Indexed, reasons: Indexed): readonly number[] {
  return [
    names.indexOf(trade.instrument),
    trade.side === 'long' ? 1 : 0,
    trade.quantity,
    Math.round(trade.entryTime / 1000),
    round(trade.entryPrice, 10),
    Math.round(trade.exitTime / 1000),
    round(trade.exitPrice, 10),
    round(trade.pnl - trade.commission, 2),
    round(trade.commission, 2),
    reasons.indexOf(trade.entryReason),
    reasons.indexOf(trade.exitReason),
  ];
}

/** Texts by number, each once. */
class Indexed {
  readonly values: string[] = [];
  private readonly known = new Map<string, number>();

  indexOf(text: string): number {
    let index = this.known.get(text);
    if (index === undefined) {
      index = this.values.push(text) - 1;
      this.known.set(text, index);
    }
    return index;
  }
}

function secondSteps(times: ArrayLike<number>, length: number): number[] {
  let before = 0;
  return Array.from({ length }, (_, i) => {
    const seconds = Math.round((times[i] as number) / 1000);
    const step = seconds - before;
    before = seconds;
    return step;
  });
}

function cents(values: ArrayLike<number>, length: number): number[] {
  return Array.from({ length }, (_, i) => round(values[i] as number, 2));
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
