import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { UtcMs } from '@keelson/core/domain';
import { toFraction } from '@keelson/core/domain';
import { DataError } from '@keelson/core/errors';
import { defineMemory } from '@keelson/core/plugin';
import type { Episode, MarketState, Memory, Recollection } from '@keelson/core/ports';
import { z } from 'zod';

/**
 * `__ID__`: past trades of the same instrument and action, kept in a file of JSON Lines so that they survive a restart.
 * A winner is a trade with a profit left after commission. Without `path` they are forgotten with the process.
 */
export const memory = defineMemory({
  params: z.strictObject({ path: z.string().min(1).optional().describe('File that keeps the trades.') }),
  create: ({ params }) => new FileMemory(params.path),
});

type Entry = { readonly id: string; readonly group: string; readonly endedAt: number; readonly won: boolean };

class FileMemory implements Memory {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly path: string | undefined) {
    if (path === undefined || !existsSync(path)) return;
    for (const [index, line] of readFileSync(path, 'utf8').split('\n').entries()) {
      if (line === '') continue;
      const entry = read(line);
      if (entry === undefined) throw new DataError('DATA_FORMAT', `line ${index + 1} of ${path} was no remembered trade, expected a JSON object`, { hint: 'move the file away, or take the line out' });
      this.entries.set(entry.id, entry);
    }
  }

  /** Trades that had ended by `asOf`, never a later one: a backtest must not remember its future. */
  recall(state: MarketState, asOf: UtcMs): Recollection {
    const group = groupOf(state);
    let sample = 0;
    let won = 0;
    for (const entry of this.entries.values()) {
      if (entry.group !== group || entry.endedAt > asOf) continue;
      sample++;
      if (entry.won) won++;
    }
    return { sample, winRate: toFraction(sample === 0 ? 0 : won / sample) };
  }

  remember({ id, state, trade }: Episode): void {
    if (this.entries.has(id)) return;
    const entry: Entry = { id, group: groupOf(state), endedAt: trade.exitTime, won: trade.pnl - trade.commission > 0 };
    if (this.path !== undefined) appendFileSync(this.path, `${JSON.stringify(entry)}\n`);
    this.entries.set(id, entry);
  }
}

const groupOf = ({ instrument, action }: MarketState): string => `${instrument} ${action}`;

function read(line: string): Entry | undefined {
  try {
    const { id, group, endedAt, won } = JSON.parse(line) as Partial<Entry>;
    return typeof id === 'string' && typeof group === 'string' && typeof endedAt === 'number' && typeof won === 'boolean' ? { id, group, endedAt, won } : undefined;
  } catch {
    return undefined; // the caller names the line
  }
}
