/**
 * Correlation (Pearson's) of the newest `period` pairs. O(1) a pair, amortised.
 *
 * Sums distances from the means that the windows had a while ago. The window is summed anew every `period` pairs,
 * and where the sums have been so much larger that digits would cancel; see `RollingMoments`.
 */
export class RollingCorrelation {
  /** The correlation; NaN until there are `period` pairs, and where the values of one side are all equal. */
  value = NaN;
  private readonly lefts: Float64Array;
  private readonly rights: Float64Array;
  /** Σ a, Σ b, Σ a², Σ b², Σ a b of the distances. */
  private readonly sums = new Float64Array(5);
  private leftOrigin = NaN;
  private rightOrigin = NaN;
  private previousLeft = NaN;
  private previousRight = NaN;
  private equalLefts = 0;
  private equalRights = 0;
  /** Largest Σ a² and Σ b² since the window was summed. */
  private leftPeak = NaN;
  private rightPeak = NaN;
  private age = 0;
  private next = 0;
  private missing: number;

  constructor(private readonly period: number) {
    this.lefts = new Float64Array(period);
    this.rights = new Float64Array(period);
    this.missing = period;
  }

  /** Takes in the pair `lefts[leftAt]`, `rights[rightAt]`; see {@link value}. */
  push(lefts: Float64Array, leftAt: number, rights: Float64Array, rightAt: number): void {
    const { sums, period, next } = this;
    const left = lefts[leftAt];
    const right = rights[rightAt];
    if (this.missing === period) this.begin(left, right);
    const oldLeft = this.lefts[next];
    const oldRight = this.rights[next];
    this.lefts[next] = left;
    this.rights[next] = right;
    this.next = next + 1 === period ? 0 : next + 1;
    this.equalLefts = left === this.previousLeft ? this.equalLefts + 1 : 1;
    this.equalRights = right === this.previousRight ? this.equalRights + 1 : 1;
    this.previousLeft = left;
    this.previousRight = right;

    const a = left - this.leftOrigin;
    const b = right - this.rightOrigin;
    const c = oldLeft - this.leftOrigin;
    const d = oldRight - this.rightOrigin;
    sums[0] += a - c;
    sums[1] += b - d;
    sums[2] += a * a - c * c;
    sums[3] += b * b - d * d;
    sums[4] += a * b - c * d;
    if (sums[2] > this.leftPeak) this.leftPeak = sums[2];
    if (sums[3] > this.rightPeak) this.rightPeak = sums[3];
    if (++this.age >= period || oldLeft - oldLeft + (oldRight - oldRight) !== 0) this.sumAnew();
    if (this.missing > 0 && --this.missing > 0) return;
    if (this.equalLefts >= period || this.equalRights >= period) {
      this.value = NaN;
      return;
    }
    if (this.leftPeak > 1_000 * (sums[2] - (sums[0] * sums[0]) / period) || this.rightPeak > 1_000 * (sums[3] - (sums[1] * sums[1]) / period)) this.sumAnew();
    const spread = Math.sqrt(sums[2] - (sums[0] * sums[0]) / period) * Math.sqrt(sums[3] - (sums[1] * sums[1]) / period);
    const value = (sums[4] - (sums[0] * sums[1]) / period) / spread;
    this.value = value > 1 ? 1 : value < -1 ? -1 : value;
  }

  clear(): void {
    this.value = NaN;
    this.previousLeft = NaN;
    this.previousRight = NaN;
    this.equalLefts = 0;
    this.equalRights = 0;
    this.next = 0;
    this.missing = this.period;
  }

  /** Places not yet filled hold the first pair. */
  private begin(left: number, right: number): void {
    this.lefts.fill(left);
    this.rights.fill(right);
    this.sums.fill(0);
    this.leftOrigin = left;
    this.rightOrigin = right;
    this.leftPeak = 0;
    this.rightPeak = 0;
    this.age = 0;
  }

  private sumAnew(): void {
    const { lefts, rights, sums, period } = this;
    const [left, right] = [lefts[0], rights[0]];
    sums.fill(0);
    for (let i = 0; i < period; i++) {
      sums[0] += lefts[i] - left;
      sums[1] += rights[i] - right;
    }
    this.leftOrigin = left + sums[0] / period;
    this.rightOrigin = right + sums[1] / period;
    sums.fill(0);
    for (let i = 0; i < period; i++) {
      const a = lefts[i] - this.leftOrigin;
      const b = rights[i] - this.rightOrigin;
      sums[0] += a;
      sums[1] += b;
      sums[2] += a * a;
      sums[3] += b * b;
      sums[4] += a * b;
    }
    this.leftPeak = sums[2];
    this.rightPeak = sums[3];
    this.age = 0;
  }
}
