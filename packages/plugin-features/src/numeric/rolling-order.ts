/** Fewest values that one bucket may hold beside its cut. */
const SMALLEST_SHIFT = 4;

/**
 * The newest `period` values in order: their median and the rank of the newest one. NaN takes its place in the window and
 * no part in the order.
 *
 * The values lie in buckets that part the line of numbers. A bucket begins at its cut: values equal to it are only
 * counted, so that spreads or volumes that come again and again cost next to nothing; those up to the next cut lie in a
 * short sorted row. A row that is full is cut in its middle, a bucket that is empty is taken away, and where there have
 * become too many, neighbours are joined. So a step costs one search over the cuts, one over the counts before, and the
 * moving of some values in two rows of about √n.
 *
 * Source: the two levels of a B⁺-tree, R. Bayer and E. M. McCreight, "Organization and Maintenance of Large Ordered
 * Indexes", Acta Informatica 1 (1972).
 */
export class RollingOrder {
  /** Values in the window that are numbers. */
  count = 0;
  /** Whether `period` values were taken in, NaN among them. */
  full = false;
  /** What {@link findMedian} found; NaN where the window holds no number. */
  median = NaN;
  /** What {@link findEnds} found; NaN likewise. */
  lowest = NaN;
  highest = NaN;
  /** What {@link findRank} found: how many values are below the newest, and how many are equal to it, itself included. */
  below = 0;
  equal = 0;
  /** The newest values as they came, a ring. */
  private readonly values: Float64Array;
  private next = 0;
  /** Where each bucket begins, how many of its values are equal to that, and how many it has in all. */
  private readonly cuts: Float64Array;
  private readonly exact: Int32Array;
  private readonly totals: Int32Array;
  /** Where the other values of each bucket lie: its row, 2^shift of `sorted`. */
  private readonly rows: Int32Array;
  private readonly sorted: Float64Array;
  private readonly shift: number;
  private buckets = 1;
  /** Bucket of the newest value, and values of that bucket below it. */
  private bucket = 0;
  private belowInBucket = 0;

  constructor(private readonly period: number) {
    this.values = new Float64Array(period).fill(NaN);
    this.shift = Math.max(SMALLEST_SHIFT, Math.ceil(Math.log2(period) / 2));
    // joined, two neighbours hold more than half a row: half of these are free then
    const most = 8 * Math.ceil(period / 2 ** this.shift) + 8;
    this.cuts = new Float64Array(most);
    this.exact = new Int32Array(most);
    this.totals = new Int32Array(most);
    this.rows = Int32Array.from({ length: most }, (_, row) => row);
    this.sorted = new Float64Array(most << this.shift);
    this.cuts[0] = -Infinity;
  }

  /** Takes in `column[at]`; the oldest leaves. */
  push(column: Float64Array, at: number): void {
    const { values, cuts } = this;
    const place = this.next;
    const entering = column[at];
    const leaving = values[place];
    if (place + 1 === this.period) {
      this.next = 0;
      this.full = true;
    } else this.next = place + 1;
    // the last cuts up to both, side by side. Halves without a branch, because none could foretell which half it is
    let to = 0;
    let from = 0;
    for (let rest = this.buckets; rest > 1; ) {
      const half = rest >> 1;
      to += -Number(cuts[to + half] <= entering) & half;
      from += -Number(cuts[from + half] <= leaving) & half;
      rest -= half;
    }
    this.bucket = to;
    let isCut = false;
    if (entering === entering) isCut = this.add(to, column, at);
    else this.equal = this.belowInBucket = 0;
    if (leaving === leaving) {
      if (isCut) from = this.find(values, place);
      if (from === this.bucket && this.equal > 0) {
        if (leaving < entering) this.belowInBucket--;
        else if (leaving === entering) this.equal--;
      }
      this.remove(from, place);
    }
    values[place] = entering;
  }

  /** Sets {@link median}: the middle value, or the mean of the two in the middle. */
  findMedian(): void {
    const { count, totals } = this;
    if (count === 0) {
      this.median = NaN;
      return;
    }
    let rank = count >> 1;
    let bucket = 0;
    while (rank >= totals[bucket]) rank -= totals[bucket++];
    this.median = this.valueAt(bucket, rank);
    if ((count & 1) === 1) return;
    if (rank === 0) {
      do bucket--;
      while (totals[bucket] === 0); // only the first can be empty
      rank = totals[bucket];
    }
    this.median = (this.median + this.valueAt(bucket, rank - 1)) / 2;
  }

  /** Sets {@link lowest} and {@link highest}. */
  findEnds(): void {
    const { totals } = this;
    if (this.count === 0) {
      this.lowest = this.highest = NaN;
      return;
    }
    const first = totals[0] === 0 ? 1 : 0;
    const last = this.buckets - 1;
    this.lowest = this.valueAt(first, 0);
    this.highest = this.valueAt(last, totals[last] - 1);
  }

  /** Sets {@link below} and {@link equal}. */
  findRank(): void {
    const { bucket, totals } = this;
    let below = this.belowInBucket;
    if (this.equal > 0) for (let b = 0; b < bucket; b++) below += totals[b];
    this.below = below;
  }

  clear(): void {
    this.count = 0;
    this.full = false;
    this.median = this.lowest = this.highest = NaN;
    this.values.fill(NaN);
    this.next = 0;
    this.buckets = 1;
    this.exact[0] = 0;
    this.totals[0] = 0;
  }

  private valueAt(bucket: number, rank: number): number {
    const place = rank - this.exact[bucket];
    return place < 0 ? this.cuts[bucket] : this.sorted[(this.rows[bucket] << this.shift) + place];
  }

  private find(column: Float64Array, at: number): number {
    const { cuts } = this;
    const value = column[at];
    let bucket = 0;
    for (let rest = this.buckets; rest > 1; ) {
      const half = rest >> 1;
      bucket += -Number(cuts[bucket + half] <= value) & half;
      rest -= half;
    }
    return bucket;
  }

  /** True where that cut a bucket. */
  private add(bucket: number, column: Float64Array, at: number): boolean {
    const { sorted, exact, shift } = this;
    const value = column[at];
    const total = this.totals[bucket]++;
    this.count++;
    if (this.cuts[bucket] === value) {
      this.equal = ++exact[bucket];
      this.belowInBucket = 0;
      return false;
    }
    const start = this.rows[bucket] << shift;
    const end = start + total - exact[bucket];
    let place = end;
    for (; place > start && sorted[place - 1] > value; place--) sorted[place] = sorted[place - 1];
    sorted[place] = value;
    let equal = 1;
    for (; place > start && sorted[place - 1] === value; place--) equal++;
    this.equal = equal;
    this.belowInBucket = exact[bucket] + place - start;
    if (end + 1 - start < 1 << shift) return false;
    this.cut(column, at);
    return true;
  }

  /** Takes out the value that the window has at `at`. */
  private remove(bucket: number, at: number): void {
    const { sorted, exact } = this;
    const value = this.values[at];
    const total = --this.totals[bucket];
    this.count--;
    if (this.cuts[bucket] === value) exact[bucket]--;
    else {
      const start = this.rows[bucket] << this.shift;
      const last = start + total - exact[bucket];
      let place = start;
      while (sorted[place] !== value) place++;
      for (; place < last; place++) sorted[place] = sorted[place + 1];
    }
    if (total > 0 || bucket === 0) return;
    this.takeAway(bucket);
    if (bucket <= this.bucket) this.bucket--;
  }

  /** Cuts the bucket of the newest value, whose row is full, in its middle. */
  private cut(column: Float64Array, newestAt: number): void {
    if (this.buckets === this.cuts.length) this.joinAll();
    const { cuts, exact, totals, rows, sorted, shift } = this;
    // those that were joined may have moved it
    const at = this.find(column, newestAt);
    const newest = column[newestAt];
    const free = rows[this.buckets];
    for (let b = this.buckets++; b > at + 1; b--) {
      cuts[b] = cuts[b - 1];
      exact[b] = exact[b - 1];
      totals[b] = totals[b - 1];
      rows[b] = rows[b - 1];
    }
    const start = rows[at] << shift;
    const end = start + (1 << shift);
    const middle = sorted[(start + end) >> 1];
    let low = start;
    while (sorted[low] < middle) low++;
    let high = low;
    while (high < end && sorted[high] === middle) high++;
    sorted.copyWithin(free << shift, high, end);
    rows[at + 1] = free;
    cuts[at + 1] = middle;
    totals[at] = exact[at] + low - start;
    exact[at + 1] = high - low;
    totals[at + 1] = end - low;
    this.bucket = at;
    if (newest < middle) return;
    this.bucket = at + 1;
    this.belowInBucket = newest === middle ? 0 : this.belowInBucket - totals[at];
  }

  /** Joins neighbours whose values have room in half a row. */
  private joinAll(): void {
    const { cuts, exact, totals, rows, sorted, shift } = this;
    for (let b = this.buckets - 1; b > 0; b--) {
      const held = totals[b - 1] - exact[b - 1];
      if (held + totals[b] > 1 << (shift - 1)) continue;
      const to = (rows[b - 1] << shift) + held;
      sorted.fill(cuts[b], to, to + exact[b]);
      sorted.copyWithin(to + exact[b], rows[b] << shift, (rows[b] << shift) + totals[b] - exact[b]);
      totals[b - 1] += totals[b];
      this.takeAway(b);
    }
  }

  /** Its row becomes the first of those that are free. */
  private takeAway(bucket: number): void {
    const { cuts, exact, totals, rows } = this;
    const row = rows[bucket];
    const last = --this.buckets;
    for (let b = bucket; b < last; b++) {
      cuts[b] = cuts[b + 1];
      exact[b] = exact[b + 1];
      totals[b] = totals[b + 1];
      rows[b] = rows[b + 1];
    }
    rows[last] = row;
  }
}
