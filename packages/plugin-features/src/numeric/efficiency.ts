import { RollingSum } from './rolling-sum.js';

/** Two values that are nearer, by their size, are one that was rounded in two ways, such as the mean of other prices. */
const ROUNDING = 1e-12;

function between(a: number, b: number): number {
  const distance = Math.abs(a - b);
  return distance <= ROUNDING * Math.abs(a) ? 0 : distance;
}

/**
 * How straight the way over the newest `period` changes was: the distance between its ends over its length.
 * O(1) a value.
 */
export class Efficiency {
  /** The distance between the ends, and the length of the way. Without meaning until {@link isFull}. */
  distance = NaN;
  length = NaN;
  private readonly path: RollingSum;
  private readonly values: Float64Array;
  private readonly move = new Float64Array(1);
  private next = 0;
  private previous = NaN;
  private missing: number;

  constructor(private readonly period: number) {
    this.path = new RollingSum(period);
    this.values = new Float64Array(period);
    this.missing = period + 1;
  }

  get isFull(): boolean {
    return this.missing === 0;
  }

  /** Takes in `column[at]`. */
  push(column: Float64Array, at: number): void {
    const value = column[at];
    const place = this.next;
    if (this.missing <= this.period) {
      this.move[0] = between(value, this.previous);
      this.path.push(this.move, 0);
    }
    if (this.missing > 0) this.missing--;
    this.distance = between(value, this.values[place]);
    this.length = this.path.value;
    this.values[place] = value;
    this.previous = value;
    this.next = place + 1 === this.period ? 0 : place + 1;
  }

  clear(): void {
    this.path.clear();
    this.next = 0;
    this.missing = this.period + 1;
  }
}
