/** Values kept per output of a feature. A power of two. */
export const FEATURE_WINDOW = 256;

/** Where the newest values of one instrument and timeframe stand. */
export interface FeatureWindow {
  /** Closed bars seen. */
  readonly count: number;
  /** Index of the newest value in every ring. */
  readonly head: number;
  /** Index of the instrument in the account's order. */
  readonly instrument: number;
}
