import type { BarWindow } from '../domain/market-data.js';

/** The venue's side of the market: bars arrive here first, so that fills come before decisions. */
export interface MarketObserver {
  /**
   * A bar of `instrument` has traded; the newest row of `bars`. Bars of one moment come in the account's
   * instrument order, each exactly once, in ascending order of close.
   * @param instrument index in the account's list of instruments
   */
  onBar(instrument: number, bars: BarWindow): void;
  /** All bars that close at the same time were given: account-wide rules (margin calls) apply now. */
  onMoment(): void;
}
