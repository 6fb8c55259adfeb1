import { DoubleSum } from './double-sum.js';
import type { Sample } from './sample.js';

/** Adding and subtracting this leaves a whole number below 2^51 as it is, and no other. */
const ROUNDER = 6_755_399_441_055_744;

/**
 * Population variance of the newest `period` values, in ticks squared. O(1) a value, amortised.
 *
 * Sums first and second powers of the distances from an origin near the window. Distances that are whole
 * numbers, and small enough for n Σd² to stay below 2^53, are summed exactly; others in two doubles. Where the
 * origin lies so far from the window that digits would cancel, the window is summed anew around its newest
 * value: at most once in many bars, because the window has to travel many of its own deviations first.
 */
export class RollingVariance {
  /** The variance; NaN until there are `period` values. */
  value = NaN;
  private readonly values: Float64Array;
  private readonly inverseSquare: number;
  private readonly largest: number;
  private readonly far: number;
  private readonly otherFirst = new DoubleSum();
  private readonly otherSecond = new DoubleSum();
  /** What leaves and what enters, their distances and the squares of these; handed on in an array, see `Sample`. */
  private readonly change = new Float64Array(4);
  /** Values in the window that are not in the exact sums. */
  private others = 0;
  private first = 0;
  private second = 0;
  private origin = NaN;
  private next = 0;
  private missing: number;

  constructor(
    private readonly period: number,
    private readonly tickSize: number,
  ) {
    this.values = new Float64Array(period);
    this.inverseSquare = 1 / (period * period);
    this.largest = Math.floor(Math.sqrt(Number.MAX_SAFE_INTEGER) / period);
    // a value lies at most sqrt(n - 1) deviations from the mean, so a fresh origin is never far
    this.far = Math.max(1_000, 4 * period);
    this.missing = period;
  }

  /** Takes a value in; see {@link value}. */
  push(sample: Sample): void {
    const value = sample.ticks === sample.ticks ? sample.ticks : sample.price / this.tickSize;
    const at = this.next;
    // places not yet filled hold the origin, at a distance of 0
    if (this.missing === this.period) {
      this.values.fill(value);
      this.sumAround(at);
    }
    const added = value - this.origin;
    const removed = this.values[at] - this.origin;
    this.values[at] = value;
    if (this.isExact(added) && this.isExact(removed)) {
      this.first += added - removed;
      this.second += added * added - removed * removed;
    } else {
      const { change } = this;
      change[0] = removed;
      change[1] = added;
      change[2] = removed * removed;
      change[3] = added * added;
      this.replaceOther();
    }
    this.next = at + 1 === this.period ? 0 : at + 1;
    if (this.missing > 0 && --this.missing > 0) return;

    const first = this.others === 0 ? this.first : this.first + this.otherFirst.value;
    const second = this.others === 0 ? this.second : this.second + this.otherSecond.value;
    const square = first * first;
    let scaled = this.period * second - square;
    // negated, so that NaN goes this way too
    if (square !== 0 && !(square <= this.far * scaled)) scaled = this.sumAround(at);
    this.value = scaled <= 0 ? 0 : scaled * this.inverseSquare;
  }

  clear(): void {
    this.value = NaN;
    this.next = 0;
    this.missing = this.period;
  }

  private isExact(distance: number): boolean {
    return Math.abs(distance) <= this.largest && distance + ROUNDER - ROUNDER === distance;
  }

  private replaceOther(): void {
    const { change } = this;
    const removed = change[0];
    const added = change[1];
    if (this.others > 1 && !this.isExact(removed) && !this.isExact(added)) {
      this.otherFirst.exchange(change, 0);
      this.otherSecond.exchange(change, 2);
      return;
    }
    this.take(removed, -1);
    if (this.others === 0) {
      this.otherFirst.clear();
      this.otherSecond.clear();
    }
    this.take(added, 1);
  }

  private take(distance: number, sign: 1 | -1): void {
    if (this.isExact(distance)) {
      this.first += sign * distance;
      this.second += sign * distance * distance;
    } else {
      this.others += sign;
      this.otherFirst.add(sign * distance);
      this.otherSecond.add(sign * distance * distance);
    }
  }

  /** Moves the origin to the value at `place`. Returns n Σd² − (Σd)². */
  private sumAround(place: number): number {
    const origin = this.values[place];
    this.origin = origin;
    this.others = 0;
    this.first = 0;
    this.second = 0;
    this.otherFirst.clear();
    this.otherSecond.clear();
    for (let i = 0; i < this.period; i++) this.take(this.values[i] - origin, 1);
    const first = this.first + this.otherFirst.value;
    return this.period * (this.second + this.otherSecond.value) - first * first;
  }
}
