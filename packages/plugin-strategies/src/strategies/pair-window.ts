/**
 * The newest `length` pairs of numbers, and how the second follows the first. O(1) a pair, amortised: the sums are
 * counted afresh once in `length` pairs, around the newest one, so that rounding never adds up.
 */
export class PairWindow {
  /** Rounding in sums of squares: a variance below this share of what it is the difference of is none. */
  private static readonly NOISE = 1e-13;
  private readonly xs: Float64Array;
  private readonly ys: Float64Array;
  /** Sums over the window of x, y, xx, xy, yy, each from the origin; then the origin's x and y. */
  private readonly sums = new Float64Array(7);
  private next = 0;
  private missing: number;

  constructor(private readonly length: number) {
    this.xs = new Float64Array(length);
    this.ys = new Float64Array(length);
    this.missing = length;
  }

  get full(): boolean {
    return this.missing === 0;
  }

  push(x: number, y: number): void {
    const i = this.next;
    const full = this.missing === 0;
    if (full) this.add(this.xs[i], this.ys[i], -1);
    else this.missing--;
    this.xs[i] = x;
    this.ys[i] = y;
    this.next = i + 1 === this.length ? 0 : i + 1;
    if (this.next === 0) this.recount();
    else if (full) this.add(x, y, 1);
  }

  /** Least-squares slope of y on x; NaN while the window is not full and where x does not move. */
  get slope(): number {
    const { sums } = this;
    const xx = sums[2] - (sums[0] * sums[0]) / this.length;
    return this.full && xx > sums[2] * PairWindow.NOISE ? (sums[3] - (sums[0] * sums[1]) / this.length) / xx : NaN;
  }

  /** How many (population) deviations the newest y − `slope` × x lies above its mean; NaN where there are none. */
  deviationsOf(slope: number): number {
    if (!this.full) return NaN;
    const { sums, length } = this;
    const newest = this.next === 0 ? length - 1 : this.next - 1;
    const mean = (sums[1] - slope * sums[0]) / length;
    const squares = sums[4] - 2 * slope * sums[3] + slope * slope * sums[2];
    const variance = squares / length - mean * mean;
    if (!(variance > ((sums[4] + slope * slope * sums[2]) / length) * PairWindow.NOISE)) return NaN;
    return (this.ys[newest] - sums[6] - slope * (this.xs[newest] - sums[5]) - mean) / Math.sqrt(variance);
  }

  private add(x: number, y: number, sign: number): void {
    const { sums } = this;
    const dx = x - sums[5];
    const dy = y - sums[6];
    sums[0] += sign * dx;
    sums[1] += sign * dy;
    sums[2] += sign * dx * dx;
    sums[3] += sign * dx * dy;
    sums[4] += sign * dy * dy;
  }

  private recount(): void {
    const { sums, xs, ys, length } = this;
    sums.fill(0);
    sums[5] = xs[length - 1];
    sums[6] = ys[length - 1];
    for (let i = 0; i < length; i++) this.add(xs[i], ys[i], 1);
  }
}
