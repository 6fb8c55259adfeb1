/** What the market shows of one contract at one moment. */
export interface Quote {
  readonly bid: number;
  readonly ask: number;
  readonly last: number;
  /** How much can trade on this quote; without it there is no limit. */
  readonly size?: number;
}
