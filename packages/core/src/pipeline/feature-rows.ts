import { FEATURE_WINDOW } from './feature-window.js';

/** Three cache lines. */
const GAP = 24;
/** Up to this width a loop copies sooner than a call does. */
const NARROW = 16;

/**
 * The newest values of many outputs, a row for each bar. All that one bar writes lies side by side: with a ring for each
 * output every value would go to a cache line of its own.
 */
export class FeatureRows {
  /** The row that is being written, a number for each column. */
  newest = new Float64Array(0);
  private rows = new Float64Array(0);
  private length = FEATURE_WINDOW;
  private width = 0;
  private used = 0;
  /** Places from a value to that of the next bar, and to that of the next output. */
  private barStep = 0;
  private columnStep = 1;

  /** Makes room for some columns, NaN so far, and says which is the first. `newest` may be another array afterwards. */
  add(columns: number): number {
    const first = this.used;
    this.used += columns;
    if (this.used > this.width) this.widen(Math.max(this.used, 8 * Math.ceil((3 * this.width) / 16)));
    return first;
  }

  /**
   * Makes room for `length` rows, a power of two, that are written a column at a time: what one output has on some bars
   * lies side by side then. No column is added any more, and what was kept is lost.
   */
  turn(length: number): void {
    this.length = length;
    this.barStep = 1;
    // a gap after each column: those of a power of two back to back would fall into the same cache set
    this.columnStep = length + GAP;
    this.rows = new Float64Array(this.columnStep * this.width).fill(Number.NaN);
  }

  /** Keeps `newest` as the row `row`. */
  keep(row: number): void {
    const { rows, newest, width, used } = this;
    const start = row * width;
    if (used > NARROW) rows.set(newest, start);
    else for (let column = 0; column < used; column++) rows[start + column] = newest[column] as number;
  }

  /** Keeps some columns of the row `row`, counted on beyond the last. */
  put(row: number, column: number, values: Float64Array): void {
    const { rows, length, barStep, columnStep } = this;
    let at = (row & (length - 1)) * barStep + column * columnStep;
    for (let i = 0; i < values.length; i++, at += columnStep) rows[at] = values[i] as number;
  }

  at(row: number, column: number): number {
    return this.rows[row * this.barStep + column * this.columnStep] as number;
  }

  private widen(width: number): void {
    const { length } = this;
    const rows = new Float64Array(length * width).fill(Number.NaN);
    for (let row = 0; row < length; row++) rows.set(this.rows.subarray(row * this.width, (row + 1) * this.width), row * width);
    const newest = new Float64Array(width).fill(Number.NaN);
    newest.set(this.newest);
    this.rows = rows;
    this.newest = newest;
    this.width = width;
    this.barStep = width;
  }
}
