/** Digits of a running number that a double holds exactly. */
const MOST_DIGITS = 15;
const ZERO = 48;
const NINE = 57;

/**
 * The newest ids of a kind, so that what a venue repeats is known: at least `least` of them, and at most twice as many.
 * Where a venue counts (`acc-E1`, `acc-E2`, …) only the numbers are kept: eight bytes an id, and nothing for the garbage
 * collector to walk over.
 */
export class RememberedIds {
  private readonly numbers: RememberedNumbers;
  private newer = new Set<string>();
  private older = new Set<string>();
  /** What ids begin with that are kept as numbers: that of the first one which ends in a number. */
  private prefix: string | undefined;

  /** @param least a power of two */
  constructor(private readonly least: number) {
    this.numbers = new RememberedNumbers(least);
  }

  has(id: string): boolean {
    const number = this.numberOf(id);
    return number === 0 ? this.newer.has(id) || this.older.has(id) : this.numbers.has(number);
  }

  add(id: string): void {
    this.prefix ??= prefixOf(id);
    const number = this.numberOf(id);
    if (number !== 0) {
      this.numbers.add(number);
      return;
    }
    // two halves: taking the oldest out of one set, one by one, would leave a hole for each
    if (this.newer.size >= this.least) {
      this.older = this.newer;
      this.newer = new Set();
    }
    this.newer.add(id);
  }

  /** The number that stands for an id; 0 for one that none stands for. */
  private numberOf(id: string): number {
    const { prefix } = this;
    if (prefix === undefined) return 0;
    const start = prefix.length;
    const digits = id.length - start;
    if (digits < 1 || digits > MOST_DIGITS || id.charCodeAt(start) === ZERO || !id.startsWith(prefix)) return 0;
    let number = 0;
    for (let i = start; i < id.length; i++) {
      const code = id.charCodeAt(i);
      if (code < ZERO || code > NINE) return 0;
      number = number * 10 + (code - ZERO);
    }
    return number;
  }
}

/** What stands before the number that an id ends in; undefined where it ends in none. */
function prefixOf(id: string): string | undefined {
  let start = id.length;
  while (start > 0 && id.charCodeAt(start - 1) >= ZERO && id.charCodeAt(start - 1) <= NINE) start--;
  while (id.charCodeAt(start) === ZERO) start++; // a number has no zeros before it
  return start < id.length ? id.slice(0, start) : undefined;
}

/** The newest positive whole numbers that were put in: a ring of them, and an open hash table of their places. */
class RememberedNumbers {
  private readonly ring: Float64Array;
  /** Place in the ring + 1; 0 where nothing is. Numbers that follow one another lie side by side. */
  private readonly table: Uint32Array;
  private readonly mask: number;
  private next = 0;

  constructor(private readonly capacity: number) {
    this.ring = new Float64Array(capacity);
    this.table = new Uint32Array(2 * capacity);
    this.mask = 2 * capacity - 1;
  }

  has(number: number): boolean {
    return this.table[this.slotOf(number)] !== 0;
  }

  add(number: number): void {
    const { ring, table, next } = this;
    if (this.has(number)) return;
    const oldest = ring[next] as number;
    if (oldest !== 0) this.remove(this.slotOf(oldest));
    ring[next] = number;
    table[this.slotOf(number)] = next + 1;
    this.next = next + 1 === this.capacity ? 0 : next + 1;
  }

  /** Where a number is, or would be put. */
  private slotOf(number: number): number {
    const { ring, table, mask } = this;
    let slot = number & mask;
    while (table[slot] !== 0 && ring[(table[slot] as number) - 1] !== number) slot = (slot + 1) & mask;
    return slot;
  }

  /** Empties a slot, and moves back those behind it that had to give way. */
  private remove(hole: number): void {
    const { ring, table, mask } = this;
    for (let slot = (hole + 1) & mask; table[slot] !== 0; slot = (slot + 1) & mask) {
      const home = (ring[(table[slot] as number) - 1] as number) & mask;
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue; // at home between the hole and here
      table[hole] = table[slot] as number;
      hole = slot;
    }
    table[hole] = 0;
  }
}
