/** A contract as matching, margin and order checks need it. */
export interface Tradable {
  readonly conId: number;
  readonly symbol: string;
  readonly secType: string;
  /** What the venue calls it in texts: `MESZ6`, `AAPL`. */
  readonly localSymbol: string;
  readonly exchange: string;
  readonly currency: string;
  /** Money per point of one contract; 1 for stocks. */
  readonly multiplier: number;
  /** The smallest price step at that price. */
  tickSizeAt(price: number): number;
  readonly hours: TradingHours;
}

/** When a contract trades. All times are milliseconds since the epoch. */
export interface TradingHours {
  isOpen(timeMs: number): boolean;
  /** Inside the liquid (regular) hours. */
  isRegular(timeMs: number): boolean;
  /** The next time at which it opens; `undefined` when it never does. */
  nextOpenMs(timeMs: number): number | undefined;
  /** The next start of regular hours. */
  nextRegularOpenMs(timeMs: number): number | undefined;
  /** End of the trading day that contains or follows the time: day orders end here. */
  dayEndMs(timeMs: number): number | undefined;
  /** The next end of regular hours: orders for the close trade here. */
  regularCloseMs(timeMs: number): number | undefined;
}

/** Hours of something that never closes. */
export const ALWAYS_OPEN: TradingHours = {
  isOpen: () => true,
  isRegular: () => true,
  nextOpenMs: (timeMs) => timeMs,
  nextRegularOpenMs: (timeMs) => timeMs,
  dayEndMs: () => undefined,
  regularCloseMs: () => undefined,
};
