/** Multiplier and increment of a full-period generator modulo 2^32 (Numerical Recipes, 1992). */
const FACTOR = 1_664_525;
const STEP = 1_013_904_223;
const NONE = -1;

/**
 * The newest `period` values in order: their median and the rank of any value. O(log n) a value, expected.
 *
 * A treap: a search tree by value that is a heap by priority, which keeps it shallow. Each place of the ring is
 * one node with a fixed priority from a fixed generator, so that runs are alike. NaN takes its place in the window
 * and no part in the order.
 *
 * Source: R. Seidel and C. R. Aragon, "Randomized Search Trees", Algorithmica 16 (1996).
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
  private readonly values: Float64Array;
  private readonly left: Int32Array;
  private readonly right: Int32Array;
  /** Nodes in the subtree. */
  private readonly sizes: Int32Array;
  private readonly priorities: Int32Array;
  private root = NONE;
  private next = 0;
  /** The two halves of the last split. */
  private lower = NONE;
  private upper = NONE;

  constructor(private readonly period: number) {
    this.values = new Float64Array(period).fill(NaN);
    this.left = new Int32Array(period);
    this.right = new Int32Array(period);
    this.sizes = new Int32Array(period);
    this.priorities = new Int32Array(period);
    let state = 1;
    for (let i = 0; i < period; i++) this.priorities[i] = state = (Math.imul(state, FACTOR) + STEP) | 0;
  }

  /** Takes in `column[at]`; the oldest leaves. */
  push(column: Float64Array, at: number): void {
    const { values } = this;
    const place = this.next;
    const value = column[at];
    const leaving = values[place];
    if (place + 1 === this.period) {
      this.next = 0;
      this.full = true;
    } else this.next = place + 1;
    // prices and spreads often come back: the node then stays where it is
    if (value === leaving) return;
    if (leaving === leaving) {
      this.root = this.erase(this.root, place);
      this.count--;
    }
    values[place] = value;
    if (value === value) {
      this.left[place] = this.right[place] = NONE;
      this.sizes[place] = 1;
      this.root = this.insert(this.root, place);
      this.count++;
    }
  }

  /** Sets {@link median}: the middle value, or the mean of the two in the middle. */
  findMedian(): void {
    const { count, values } = this;
    if (count === 0) {
      this.median = NaN;
      return;
    }
    const upper = values[this.nodeAt(count >> 1)];
    this.median = (count & 1) === 1 ? upper : (values[this.nodeAt((count >> 1) - 1)] + upper) / 2;
  }

  /** Sets {@link below} and {@link equal} for `column[at]`, which need not be in the window. */
  findRank(column: Float64Array, at: number): void {
    const { values, left, right, sizes } = this;
    const value = column[at];
    let below = 0;
    for (let node = this.root; node !== NONE; ) {
      if (values[node] < value) {
        below += 1 + (left[node] === NONE ? 0 : sizes[left[node]]);
        node = right[node];
      } else node = left[node];
    }
    let above = 0;
    for (let node = this.root; node !== NONE; ) {
      if (values[node] > value) {
        above += 1 + (right[node] === NONE ? 0 : sizes[right[node]]);
        node = left[node];
      } else node = right[node];
    }
    this.below = below;
    this.equal = value === value ? this.count - below - above : 0;
  }

  clear(): void {
    this.count = 0;
    this.full = false;
    this.median = NaN;
    this.values.fill(NaN);
    this.root = NONE;
    this.next = 0;
  }

  private nodeAt(rank: number): number {
    const { left, right, sizes } = this;
    let node = this.root;
    for (let rest = rank; ; ) {
      const before = left[node] === NONE ? 0 : sizes[left[node]];
      if (rest === before) return node;
      if (rest < before) node = left[node];
      else {
        rest -= before + 1;
        node = right[node];
      }
    }
  }

  /** By value, and by place among equal ones: so a node is found again. */
  private precedes(a: number, b: number): boolean {
    const first = this.values[a];
    const second = this.values[b];
    return first < second || (first === second && a < b);
  }

  private insert(tree: number, node: number): number {
    if (tree === NONE) return node;
    if (this.priorities[node] > this.priorities[tree]) {
      this.split(tree, node);
      this.left[node] = this.lower;
      this.right[node] = this.upper;
      this.resize(node);
      return node;
    }
    if (this.precedes(node, tree)) this.left[tree] = this.insert(this.left[tree], node);
    else this.right[tree] = this.insert(this.right[tree], node);
    this.sizes[tree]++;
    return tree;
  }

  private erase(tree: number, node: number): number {
    if (tree === node) return this.merge(this.left[node], this.right[node]);
    if (this.precedes(node, tree)) this.left[tree] = this.erase(this.left[tree], node);
    else this.right[tree] = this.erase(this.right[tree], node);
    this.sizes[tree]--;
    return tree;
  }

  /** Parts a tree into what comes before `node` and what comes after. */
  private split(tree: number, node: number): void {
    if (tree === NONE) {
      this.lower = this.upper = NONE;
    } else if (this.precedes(tree, node)) {
      this.split(this.right[tree], node);
      this.right[tree] = this.lower;
      this.resize(tree);
      this.lower = tree;
    } else {
      this.split(this.left[tree], node);
      this.left[tree] = this.upper;
      this.resize(tree);
      this.upper = tree;
    }
  }

  private merge(lower: number, upper: number): number {
    if (lower === NONE) return upper;
    if (upper === NONE) return lower;
    if (this.priorities[lower] > this.priorities[upper]) {
      this.right[lower] = this.merge(this.right[lower], upper);
      this.resize(lower);
      return lower;
    }
    this.left[upper] = this.merge(lower, this.left[upper]);
    this.resize(upper);
    return upper;
  }

  private resize(node: number): void {
    const { left, right, sizes } = this;
    sizes[node] = 1 + (left[node] === NONE ? 0 : sizes[left[node]]) + (right[node] === NONE ? 0 : sizes[right[node]]);
  }
}
