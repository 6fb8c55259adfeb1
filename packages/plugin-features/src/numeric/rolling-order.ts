/** Most values that are kept in one block. A window up to this is one plain sorted list. */
const LARGEST_SHIFT = 10;
/** Values that a loop moves sooner than a call does. */
const SHORT_MOVE = 40;

/**
 * The newest `period` values in order: their median and the rank of any value. A search is O(log n); what lies between
 * the place of the value that leaves and that of the one that enters is moved along, which for windows of thousands
 * is still faster than to keep a tree.
 *
 * A tiered vector: the sorted values in blocks, each a ring. Values are moved within the first and the last block only; a
 * block between them hands one value on to its neighbour and turns by one place. So a step over n values in blocks of b
 * is O(b + n / b). NaN takes its place in the window and no part in the order.
 *
 * Source: M. T. Goodrich and J. G. Kloss, "Tiered Vectors: Efficient Dynamic Arrays for Rank-Based Sequences", WADS (1999).
 */
export class RollingOrder {
  /** Values in the window that are numbers. */
  count = 0;
  /** Whether `period` values were taken in, NaN among them. */
  full = false;
  /** What {@link findMedian} found; NaN where the window holds no number. */
  median = NaN;
  /** What {@link findRank} found: how many values are below, and how many are equal. */
  below = 0;
  equal = 0;
  /** The newest values as they came, a ring. */
  private readonly values: Float64Array;
  private readonly sorted: Float64Array;
  /** Where in each block its lowest value stands. */
  private readonly heads: Int32Array;
  private readonly shift: number;
  private readonly mask: number;
  private next = 0;
  /** How many values are below the one taken in last; −1 where that was not looked up. */
  private newest = -1;

  constructor(private readonly period: number) {
    this.values = new Float64Array(period).fill(NaN);
    this.shift = Math.min(LARGEST_SHIFT, Math.ceil(Math.log2(period)));
    this.mask = 2 ** this.shift - 1;
    const blocks = Math.ceil(period / 2 ** this.shift);
    this.sorted = new Float64Array(blocks << this.shift);
    this.heads = new Int32Array(blocks);
  }

  /** Takes in `column[at]`; the oldest leaves. */
  push(column: Float64Array, at: number): void {
    const { values } = this;
    const place = this.next;
    const entering = column[at];
    const leaving = values[place];
    if (place + 1 === this.period) {
      this.next = 0;
      this.full = true;
    } else this.next = place + 1;
    // prices and spreads often come back: the order then stays as it is
    this.newest = -1;
    if (entering === leaving) return;
    values[place] = entering;
    const goes = leaving === leaving;
    if (entering !== entering) {
      if (goes) this.moveGap(this.countBelow(leaving), --this.count);
      return;
    }
    const from = goes ? this.countBelow(leaving) : this.count;
    const below = this.countBelow(entering);
    // a leaving value that is lower was counted as well
    const to = below > from ? below - 1 : below;
    if (!goes) this.count++;
    this.moveGap(from, to);
    this.sorted[this.indexOf(to)] = entering;
    this.newest = to;
  }

  /** Sets {@link median}: the middle value, or the mean of the two in the middle. */
  findMedian(): void {
    const { count, sorted } = this;
    if (count === 0) {
      this.median = NaN;
      return;
    }
    const upper = sorted[this.indexOf(count >> 1)];
    this.median = (count & 1) === 1 ? upper : (sorted[this.indexOf((count >> 1) - 1)] + upper) / 2;
  }

  /** Sets {@link below} and {@link equal} for `column[at]`, which need not be in the window. */
  findRank(column: Float64Array, at: number): void {
    const { newest, sorted, count } = this;
    const value = column[at];
    if (value !== value) {
      this.below = this.equal = 0;
      return;
    }
    const isNewest = newest >= 0 && sorted[this.indexOf(newest)] === value;
    const below = isNewest ? newest : this.countBelow(value);
    this.below = below;
    // most often it has no equal
    const isAlone = isNewest && (below + 1 === count || sorted[this.indexOf(below + 1)] > value);
    this.equal = isAlone ? 1 : this.countUpTo(value) - below;
  }

  clear(): void {
    this.count = 0;
    this.full = false;
    this.median = NaN;
    this.values.fill(NaN);
    this.next = 0;
    this.newest = -1;
  }

  private indexOf(rank: number): number {
    const { shift, mask } = this;
    const block = rank >> shift;
    return (block << shift) | ((this.heads[block] + rank) & mask);
  }

  /** Values below this one. Halves without a branch, because none could foretell which half it is. */
  private countBelow(value: number): number {
    const { sorted, heads, shift, mask, count } = this;
    // the last block that begins below it
    let block = 0;
    for (let rest = (count + mask) >> shift; rest > 1; ) {
      const half = rest >> 1;
      block += -Number(sorted[((block + half) << shift) | heads[block + half]] < value) & half;
      rest -= half;
    }
    const start = block << shift;
    const before = heads[block] - 1;
    let below = 0;
    for (let rest = Math.min(count - start, mask + 1) + 1; rest > 1; ) {
      const half = rest >> 1;
      below += -Number(sorted[start | ((before + below + half) & mask)] < value) & half;
      rest -= half;
    }
    return start + below;
  }

  /** The same, with those that are equal. */
  private countUpTo(value: number): number {
    const { sorted, heads, shift, mask, count } = this;
    let block = 0;
    for (let rest = (count + mask) >> shift; rest > 1; ) {
      const half = rest >> 1;
      block += -Number(sorted[((block + half) << shift) | heads[block + half]] <= value) & half;
      rest -= half;
    }
    const start = block << shift;
    const before = heads[block] - 1;
    let upTo = 0;
    for (let rest = Math.min(count - start, mask + 1) + 1; rest > 1; ) {
      const half = rest >> 1;
      upTo += -Number(sorted[start | ((before + upTo + half) & mask)] <= value) & half;
      rest -= half;
    }
    return start + upTo;
  }

  /** Frees the place of one rank for that of another: all between move by one. */
  private moveGap(from: number, to: number): void {
    const { shift, mask } = this;
    const last = to >> shift;
    const block = from >> shift;
    if (block === last) {
      this.slide(block, from & mask, to & mask);
      return;
    }
    this.slide(block, from & mask, block < last ? mask : 0);
    this.handOn(block, last);
    this.slide(last, block < last ? mask : 0, to & mask);
  }

  /** Moves the gap from the end of one block to the end of a later one, or from the beginning to an earlier beginning. */
  private handOn(from: number, to: number): void {
    const { sorted, heads, shift, mask } = this;
    for (let block = from; block < to; block++) {
      const head = heads[block + 1];
      sorted[(block << shift) | ((heads[block] + mask) & mask)] = sorted[((block + 1) << shift) | head];
      heads[block + 1] = (head + 1) & mask;
    }
    for (let block = from; block > to; block--) {
      const head = (heads[block - 1] + mask) & mask;
      sorted[(block << shift) | heads[block]] = sorted[((block - 1) << shift) | head];
      heads[block - 1] = head;
    }
  }

  /** Moves the gap within a block. */
  private slide(block: number, from: number, to: number): void {
    const { sorted, mask } = this;
    const head = this.heads[block];
    const start = block << this.shift;
    const end = start + mask;
    let gap = start + ((head + from) & mask);
    const goal = start + ((head + to) & mask);
    if (from < to) {
      if (gap > goal) {
        sorted.copyWithin(gap, gap + 1, end + 1);
        sorted[end] = sorted[start];
        gap = start;
      }
      if (goal - gap > SHORT_MOVE) sorted.copyWithin(gap, gap + 1, goal + 1);
      else for (; gap < goal; gap++) sorted[gap] = sorted[gap + 1];
    } else {
      if (gap < goal) {
        sorted.copyWithin(start + 1, start, gap);
        sorted[start] = sorted[end];
        gap = end;
      }
      if (gap - goal > SHORT_MOVE) sorted.copyWithin(goal + 1, goal, gap);
      else for (; gap > goal; gap--) sorted[gap] = sorted[gap - 1];
    }
  }
}
