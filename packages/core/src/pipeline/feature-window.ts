/** Values kept per output of a feature. A power of two. */
export const FEATURE_WINDOW = 256;

/** The newest values of one instrument and timeframe. */
export interface FeatureWindow {
  /** Closed bars seen. */
  readonly count: number;
  /** Index of the instrument in the account's order. */
  readonly instrument: number;
  /** The value of an output some bars ago, fewer than FEATURE_WINDOW; NaN where there is none. */
  valueAt(column: number, back: number): number;
}
