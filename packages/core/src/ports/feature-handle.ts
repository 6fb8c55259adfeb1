/** A feature as a strategy holds it: always the value at the newest closed bar of its timeframe. */
export interface FeatureHandle {
  /** Undefined until warm. */
  readonly value: number | undefined;
  readonly ready: boolean;
  /** Why there is no value and never will be: the feed lacks what the feature needs. Known once the feed is connected. */
  readonly unavailable: string | undefined;
  /** The value `bars` closed bars ago (0 is now); undefined before the first or beyond the window of 256. */
  at(bars: number): number | undefined;
  /** Another output of the same feature, e.g. `macd.output('signal')`. */
  output(name: string): FeatureHandle;
  /**
   * True on the bar on which this rose above `other`: the difference is positive, and the last difference
   * before that was not zero was negative. Ties neither make nor unmake a cross.
   */
  crossedAbove(other: FeatureHandle | number): boolean;
  /** The mirror image of {@link crossedAbove}. */
  crossedBelow(other: FeatureHandle | number): boolean;
}

export type UseFeatureOptions = {
  /** Default: the account's own. A higher one's value changes when its bar closes. */
  readonly timeframe?: string;
  /** Default: the instrument that the asking component works on. */
  readonly instrument?: string;
  /** True: where the feed lacks what the feature needs, run without it (see `unavailable`) instead of not at all. */
  readonly optional?: boolean;
};

/** Asks for a feature; asking twice for the same computes it once. */
export type UseFeature = (name: string, params?: Readonly<Record<string, unknown>>, options?: UseFeatureOptions) => FeatureHandle;
