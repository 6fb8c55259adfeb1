/** Length of the shortest span that prices are kept in. */
export const SPAN_MS = 5_000;
/** Where open, first extreme, second extreme and close stand inside a span. */
export const KNOTS_MS = [0, 1_750, 3_500, 4_750] as const;

/** Columns of a span or a bar. */
export const OPEN = 0;
export const HIGH = 1;
export const LOW = 2;
export const CLOSE = 3;
export const VOLUME = 4;

/** Where the prices of a contract come from: spans of five seconds, the same however often they are asked for. */
export interface PriceSource {
  /** Time of the first price, UTC ms. */
  readonly firstMs: number;
  /**
   * Writes open, high, low, close and volume of the five seconds from `startMs` on, a multiple of 5000.
   * @returns false when nothing traded
   */
  span(startMs: number, out: Float64Array): boolean;
}

/** Price at a time inside a span: from open over the extremes to the close, in straight lines. */
export function priceInside(span: Float64Array, offsetMs: number): number {
  const open = span[OPEN] as number;
  const close = span[CLOSE] as number;
  const rising = close >= open;
  const first = (rising ? span[LOW] : span[HIGH]) as number;
  const second = (rising ? span[HIGH] : span[LOW]) as number;
  if (offsetMs < KNOTS_MS[1]) return open + ((first - open) * offsetMs) / KNOTS_MS[1];
  if (offsetMs < KNOTS_MS[2]) return first + ((second - first) * (offsetMs - KNOTS_MS[1])) / (KNOTS_MS[2] - KNOTS_MS[1]);
  if (offsetMs < KNOTS_MS[3]) return second + ((close - second) * (offsetMs - KNOTS_MS[2])) / (KNOTS_MS[3] - KNOTS_MS[2]);
  return close;
}

/** A price on the grid of the tick size, without the dust of binary fractions. */
export function toTick(price: number, tick: number): number {
  return Math.round(Math.round(price / tick) * tick * 1e8) / 1e8;
}
