/** What the market shows of one contract at one moment. */
export interface Quote {
  readonly bid: number;
  readonly ask: number;
  readonly last: number;
  /** How much can trade on this quote; without it there is no limit. */
  readonly size?: number;
}

/** A bar of one contract, as the replayed or generated market gives it. */
export interface MatchingBar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/**
 * The quotes that stand for a bar: open, the extreme nearer to the open, the other extreme, close.
 * @param halfSpread distance of bid and ask from the traded price
 */
export function quotesOfBar(bar: MatchingBar, halfSpread = 0): readonly Quote[] {
  const lowFirst = bar.open - bar.low <= bar.high - bar.open;
  const prices = [bar.open, lowFirst ? bar.low : bar.high, lowFirst ? bar.high : bar.low, bar.close];
  return prices.map((last) => ({ bid: last - halfSpread, ask: last + halfSpread, last }));
}
