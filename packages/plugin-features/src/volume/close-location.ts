/** Where the close stands in its bar: −1 at the low, 1 at the high, 0 in the middle and where the bar has no range. */
export function closeLocation(high: number, low: number, close: number): number {
  return high > low ? (close - low - (high - close)) / (high - low) : 0;
}
