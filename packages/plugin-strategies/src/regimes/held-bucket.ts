export type Hysteresis = {
  /** How far beyond a threshold a level must be to leave a bucket. */
  readonly margin: number;
  /** Bars in a row that it must be there. */
  readonly holdBars: number;
  /** Bars from one change to the next. */
  readonly dwellBars: number;
};

/**
 * A level in buckets between ascending thresholds, without flicker: a bucket is left once the level stood beyond its
 * threshold by the margin for `holdBars` bars in a row, and no sooner than `dwellBars` bars after the last change.
 * Bucket `i` lies between threshold `i − 1`, which belongs to it, and threshold `i`.
 */
export class HeldBucket {
  /** Undefined before the first level. */
  bucket: number | undefined;
  /** The bucket nearest to the present one in which the level stood on each of the last `held` bars. */
  private candidate = 0;
  private held = 0;
  private age = 0;

  constructor(
    private readonly thresholds: readonly number[],
    private readonly hysteresis: Hysteresis,
  ) {}

  /** Takes a bar's level; undefined on a bar without one, which says nothing. Returns the bucket. */
  update(level: number | undefined): number | undefined {
    const { bucket, hysteresis } = this;
    this.age++;
    if (level === undefined) return bucket;
    if (bucket === undefined) {
      this.age = 0;
      return (this.bucket = this.bucketOf(level, 0));
    }
    const upward = this.bucketOf(level, hysteresis.margin);
    const downward = this.bucketOf(level, -hysteresis.margin);
    const wanted = upward > bucket ? upward : downward < bucket ? downward : bucket;
    if (wanted === bucket) {
      this.held = 0;
      return bucket;
    }
    const sameWay = this.held > 0 && wanted > bucket === this.candidate > bucket;
    this.candidate = !sameWay ? wanted : wanted > bucket ? Math.min(wanted, this.candidate) : Math.max(wanted, this.candidate);
    this.held = sameWay ? this.held + 1 : 1;
    if (this.held < hysteresis.holdBars || this.age < hysteresis.dwellBars) return bucket;
    this.held = 0;
    this.age = 0;
    return (this.bucket = this.candidate);
  }

  /** The bucket when each threshold lies `shift` higher. */
  private bucketOf(level: number, shift: number): number {
    const { thresholds } = this;
    let bucket = 0;
    while (bucket < thresholds.length && level >= (thresholds[bucket] as number) + shift) bucket++;
    return bucket;
  }
}
