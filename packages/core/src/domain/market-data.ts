import type { Price, UtcMs } from './units.js';

/** One closed bar. `time` is the bar's open; it becomes visible at its close. */
export type Bar = {
  readonly time: UtcMs;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  /** Contracts, shares or coins traded; 0 where the feed has none. */
  readonly volume: number;
  /** Absent where the feed has no order book. */
  readonly depth?: TopOfBook;
};

/** Best prices of the order book and the quantity that stood there; a side is absent where it was empty. */
export type TopOfBook = {
  readonly bid?: Price | undefined;
  readonly ask?: Price | undefined;
  readonly bidSize?: number | undefined;
  readonly askSize?: number | undefined;
};

/** One trade of the market; `time` is the venue's. */
export type Tick = { readonly time: UtcMs; readonly price: Price; readonly quantity: number };

/** The best prices as they stand from `time` on. */
export type Quote = TopOfBook & { readonly time: UtcMs };

/**
 * Top of the order book when each bar closed, as columns beside the bars' own: best prices, and the quantity
 * that stood there. NaN where that side was empty or the bar has none.
 */
export type DepthColumns = {
  readonly bid: Float64Array;
  readonly ask: Float64Array;
  readonly bidSize: Float64Array;
  readonly askSize: Float64Array;
};

/** Bars as columns, oldest first: row `i` of every column is one bar. `time` holds the bars' opens (UtcMs). */
export type BarColumns = {
  readonly length: number;
  readonly time: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** Absent where the feed has no order book. */
  readonly depth?: DepthColumns | undefined;
};

/**
 * The newest closed bars of one instrument and timeframe, in a ring of columns.
 *
 * The newest bar stands at `index`; the bar `n` before it at `(index - n) & mask`. Read the columns
 * directly on the hot path: `bars.close[bars.index]`.
 */
export interface BarWindow {
  /** Closed bars seen since the start, also those that left the ring. */
  readonly count: number;
  readonly index: number;
  readonly mask: number;
  /** Opens of the bars (UtcMs). */
  readonly time: Float64Array;
  /** Closes of the bars (UtcMs): from then on they are visible. */
  readonly closeTime: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** Undefined until a bar with depth was seen. */
  readonly depth?: DepthColumns | undefined;
}

/** Length of a bar: `30s`, `1m`, `4h`, or `1d` for one session of the instrument's calendar. */
export type Timeframe = {
  readonly id: string;
  /** Nominal length; a `1d` bar lasts as long as its session. */
  readonly ms: number;
  /** True for whole sessions (`1d`): opens and closes follow the calendar. */
  readonly session: boolean;
};

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads `5m`, `1h`, `1d` …; undefined when the text is not a timeframe. Days must be `1d`. Equal lengths get one id: `60m` is `1h`. */
export function parseTimeframe(text: string): Timeframe | undefined {
  const match = /^([1-9]\d{0,4})([smhd])$/.exec(text);
  if (!match) return undefined;
  const [, count, letter] = match as unknown as [string, string, string];
  if (letter === 'd' && count !== '1') return undefined;
  const ms = Number(count) * (UNIT_MS[letter] as number);
  if (letter !== 'd' && ms > 86_400_000 / 2) return undefined;
  const unit = (['h', 'm', 's'] as const).find((each) => ms % (UNIT_MS[each] as number) === 0) as string;
  return { id: letter === 'd' ? text : `${ms / (UNIT_MS[unit] as number)}${unit}`, ms, session: letter === 'd' };
}
