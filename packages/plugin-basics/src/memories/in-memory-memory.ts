import type { UtcMs } from '@keelson/core/domain';
import { toFraction } from '@keelson/core/domain';
import { defineMemory } from '@keelson/core/plugin';
import type { Episode, MarketState, Memory, Recollection } from '@keelson/core/ports';
import { z } from 'zod';

/**
 * `in-memory`: past trades of this process, forgotten when it ends.
 *
 * Trades are similar when they have the same instrument and action, and the same value of each regime label
 * named in `labels` (default none). A winner is a trade with a profit left after commission. Keeps the
 * `capacity` (default 10,000) trades that ended last; an older one is not taken in again.
 */
export const inMemoryMemory = defineMemory({
  params: z.strictObject({
    labels: z.array(z.string().min(1)).default([]),
    capacity: z.int().min(1).max(1_000_000).default(10_000),
  }),
  create: ({ params }) => new InMemoryMemory(params.labels, params.capacity),
});

type Entry = { readonly id: string; readonly group: string; readonly endedAt: UtcMs; readonly won: boolean };

const NOTHING: Recollection = Object.freeze({ sample: 0, winRate: toFraction(0) });

class InMemoryMemory implements Memory {
  private readonly ids = new Set<string>();
  /** All entries, and the entries of each group, by the time they ended. */
  private readonly all: Entry[] = [];
  private readonly groups = new Map<string, Group>();

  constructor(
    private readonly labels: readonly string[],
    private readonly capacity: number,
  ) {}

  /** O(log n) in the similar trades. */
  recall(state: MarketState, asOf: UtcMs): Recollection {
    return this.groups.get(this.groupOf(state))?.recall(asOf) ?? NOTHING;
  }

  /** O(1) for trades that come in the order they ended. */
  remember({ id, state, trade }: Episode): void {
    if (this.ids.has(id)) return;
    const entry: Entry = { id, group: this.groupOf(state), endedAt: trade.exitTime, won: trade.pnl - trade.commission > 0 };
    const full = this.all.length === this.capacity;
    if (full && entry.endedAt < this.all[0].endedAt) return;
    if (full) this.forgetOldest();
    this.ids.add(id);
    insert(this.all, entry);
    let group = this.groups.get(entry.group);
    if (!group) this.groups.set(entry.group, (group = new Group()));
    group.add(entry);
  }

  private groupOf({ instrument, action, labels }: MarketState): string {
    return JSON.stringify([instrument, action, ...this.labels.map((label) => labels[label] ?? null)]);
  }

  private forgetOldest(): void {
    const oldest = this.all.shift() as Entry;
    this.ids.delete(oldest.id);
    const group = this.groups.get(oldest.group) as Group;
    group.remove(oldest);
    if (group.size === 0) this.groups.delete(oldest.group);
  }
}

class Group {
  private readonly entries: Entry[] = [];
  /** Winners up to and with each entry, over a base that only matters as a difference. */
  private readonly winners: number[] = [];
  private forgotten = 0;

  get size(): number {
    return this.entries.length;
  }

  recall(asOf: UtcMs): Recollection {
    const sample = endedBy(this.entries, asOf);
    if (sample === 0) return NOTHING;
    return { sample, winRate: toFraction((this.winners[sample - 1] - this.forgotten) / sample) };
  }

  add(entry: Entry): void {
    this.count(insert(this.entries, entry));
  }

  remove(entry: Entry): void {
    const at = this.entries.indexOf(entry);
    this.entries.splice(at, 1);
    if (at === 0) this.forgotten = this.winners.shift() as number;
    else this.count(at);
  }

  private count(from: number): void {
    for (let i = from; i < this.entries.length; i++) this.winners[i] = (i === 0 ? this.forgotten : this.winners[i - 1]) + (this.entries[i].won ? 1 : 0);
    this.winners.length = this.entries.length;
  }
}

/** Number of entries that had ended by `time`. */
function endedBy(entries: readonly Entry[], time: UtcMs): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (entries[middle].endedAt <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Puts an entry behind those that ended no later; returns where. */
function insert(entries: Entry[], entry: Entry): number {
  const at = endedBy(entries, entry.endedAt);
  if (at === entries.length) entries.push(entry);
  else entries.splice(at, 0, entry);
  return at;
}
