import type { OrderEnd } from './sim-order.js';

/** Orders whose end is remembered; a power of two. */
const REMEMBERED = 1_024;
const MASK = 4 * REMEMBERED - 1;
/** Characters of an id that its hash is made of: the last ones, which differ. */
const HASHED = 16;

/**
 * How the newest orders ended, by id: a ring, and an open hash table of the places in it. The hashes stand beside the
 * ids: a new id is told from those of long ago without a look at any of them, and so are the oldest taken out.
 */
export class RecentEnds {
  private readonly ids: string[] = [];
  private readonly hows: OrderEnd[] = [];
  private readonly hashes = new Int32Array(REMEMBERED);
  /** Place in the ring + 1; 0 where nothing is. */
  private readonly table = new Uint16Array(MASK + 1);
  private next = 0;

  find(id: string): OrderEnd | undefined {
    const { table, hashes, ids } = this;
    const hash = hashOf(id);
    for (let slot = hash & MASK; table[slot] !== 0; slot = (slot + 1) & MASK) {
      const place = (table[slot] as number) - 1;
      if (hashes[place] === hash && ids[place] === id) return this.hows[place];
    }
    return undefined;
  }

  /** Remembers an id that is not known, and forgets the oldest when there are too many. */
  add(id: string, how: OrderEnd): void {
    const { table, next: place } = this;
    if (place < this.ids.length) this.remove(place);
    const hash = hashOf(id);
    this.ids[place] = id;
    this.hows[place] = how;
    this.hashes[place] = hash;
    let slot = hash & MASK;
    while (table[slot] !== 0) slot = (slot + 1) & MASK;
    table[slot] = place + 1;
    this.next = (place + 1) & (REMEMBERED - 1);
  }

  /** Takes a place out of the table, and moves back what had to give way to it. */
  private remove(place: number): void {
    const { table, hashes } = this;
    let hole = (hashes[place] as number) & MASK;
    while (table[hole] !== place + 1) hole = (hole + 1) & MASK;
    for (let slot = (hole + 1) & MASK; table[slot] !== 0; slot = (slot + 1) & MASK) {
      const home = (hashes[(table[slot] as number) - 1] as number) & MASK;
      if (((slot - home) & MASK) < ((slot - hole) & MASK)) continue; // at home between the hole and here
      table[hole] = table[slot] as number;
      hole = slot;
    }
    table[hole] = 0;
  }
}

function hashOf(id: string): number {
  let hash = id.length;
  for (let i = Math.max(0, id.length - HASHED); i < id.length; i++) hash = (Math.imul(hash, 31) + id.charCodeAt(i)) | 0;
  return hash;
}
