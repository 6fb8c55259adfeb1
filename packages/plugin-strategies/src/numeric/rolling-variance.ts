import { DoubleSum } from './double-sum.js';

/**
 * Population variance of the newest `period` values. O(1) a value, amortised.
 *
 * Sums first and second powers of the distances from an origin near the window. For whole numbers up to
 * 2^26 away from it both sums are exact, and so is n Σd² − (Σd)² as long as it stays below 2^53; for others the sums
 * are kept in two doubles. Where the origin lies so far from the window that digits would cancel, the
 * window is summed anew around its newest value: at most once in many bars, because the window then has to
 * travel many of its own deviations first.
 */
export class RollingVariance {
  private readonly values: Float64Array;
  private readonly firstPowers = new DoubleSum();
  private readonly secondPowers = new DoubleSum();
  private readonly far: number;
  private origin = NaN;
  private next = 0;
  private filled = 0;

  constructor(private readonly period: number) {
    this.values = new Float64Array(period);
    // a value lies at most sqrt(n - 1) deviations from the mean, so a fresh origin is never far
    this.far = Math.max(1_000, 4 * period);
  }

  /** Takes a value in and returns the variance; NaN until there are `period` of them. */
  push(value: number): number {
    const at = this.next;
    const leaving = this.values[at] as number;
    this.values[at] = value;
    this.next = at + 1 === this.period ? 0 : at + 1;
    if (this.filled === 0) this.origin = value;
    if (this.filled === this.period) {
      const old = leaving - this.origin;
      this.firstPowers.add(-old);
      this.secondPowers.add(-old * old);
    } else {
      this.filled++;
    }
    const distance = value - this.origin;
    this.firstPowers.add(distance);
    this.secondPowers.add(distance * distance);
    if (this.filled < this.period) return NaN;

    const first = this.firstPowers.value;
    let scaled = this.period * this.secondPowers.value - first * first;
    // negated, so that NaN goes this way too
    if (!(first * first <= this.far * scaled) && first !== 0) scaled = this.sumAround(value);
    return scaled <= 0 ? 0 : scaled / (this.period * this.period);
  }

  clear(): void {
    this.values.fill(0);
    this.firstPowers.clear();
    this.secondPowers.clear();
    this.origin = NaN;
    this.next = 0;
    this.filled = 0;
  }

  private sumAround(origin: number): number {
    this.origin = origin;
    this.firstPowers.clear();
    this.secondPowers.clear();
    for (let i = 0; i < this.period; i++) {
      const distance = (this.values[i] as number) - origin;
      this.firstPowers.add(distance);
      this.secondPowers.add(distance * distance);
    }
    return this.period * this.secondPowers.value - this.firstPowers.value * this.firstPowers.value;
  }
}
