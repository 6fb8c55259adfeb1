import { instrumentSchema } from '@keelson/core/config';
import { parseTimeframe, toUtcMs } from '@keelson/core/domain';
import { ConfigError, DataError } from '@keelson/core/errors';
import { defineContextFeed } from '@keelson/core/plugin';
import type { ContextFeed, ContextPoint, OpenDataFeed } from '@keelson/core/ports';
import { z } from 'zod';
import { BarCursor } from './bar-cursor.js';

const source = z.strictObject({
  feed: z.string().min(1).default('file').describe('Id of a data feed.'),
  config: z.record(z.string(), z.unknown()).default({}).describe('Settings of that feed, as they stand under data:.'),
  instrument: z.union([z.string().min(1), instrumentSchema]).describe('An instrument of the account by its id, or the whole of another.'),
  timeframe: z.string().refine((text) => parseTimeframe(text) !== undefined, { error: 'expected a timeframe such as 30s, 1m, 4h or 1d' }).default('1d').describe('Length of its bars.'),
});

const params = z.strictObject({
  ...source.shape,
  value: z.enum(['close', 'return', 'log-return', 'ratio', 'premium', 'difference']).default('close').describe('What the series holds.'),
  bars: z.int().min(1).max(10_000).default(1).describe('For return and log-return: over how many bars.'),
  over: source.optional().describe('For ratio, premium and difference: the second instrument.'),
});

type Source = z.output<typeof source>;

const OF_TWO = { ratio: (a: number, b: number) => a / b, premium: (a: number, b: number) => a / b - 1, difference: (a: number, b: number) => a - b } as const;

/**
 * `feed-series`: a series made of the closed bars of any data feed's instrument, which need not be one of the
 * account's. `close` is the last close; `return` and `log-return` compare it with the close `bars` bars before;
 * `ratio` (a/b), `premium` (a/b - 1) and `difference` (a - b) compare it with the last close of `over`. A bar counts
 * from its close on; of two instruments the age is that of the older close.
 */
export const feedSeries = defineContextFeed({
  params,
  create({ params: { value, bars, over, ...first }, dataFeed }): ContextFeed {
    if (value === 'ratio' || value === 'premium' || value === 'difference') {
      if (over === undefined) throw new ConfigError('CFG_MISSING', `over is missing, expected the second instrument of the ${value}`, { hint: 'add over: { instrument: … }' });
      const [a, b] = [cursorOf(dataFeed, first, 1), cursorOf(dataFeed, over, 1)];
      return reading([a, b], () => pointOf(OF_TWO[value](a.prices[0] as number, b.prices[0] as number), Math.min(a.closedAt[0] as number, b.closedAt[0] as number)));
    }
    if (over !== undefined) throw new ConfigError('CFG_CONFLICT', `over was given with value: ${value}, expected it with ratio, premium or difference only`, { hint: 'remove over, or change value' });
    const kept = value === 'close' ? 1 : bars + 1;
    const cursor = cursorOf(dataFeed, first, kept);
    return reading([cursor], () => {
      const last = cursor.prices.at(-1) as number;
      if (cursor.prices.length < kept) return undefined;
      const growth = last / (cursor.prices[0] as number);
      return pointOf(value === 'close' ? last : value === 'return' ? growth - 1 : Math.log(growth), cursor.closedAt.at(-1) as number);
    });
  },
});

function cursorOf(dataFeed: OpenDataFeed, { feed, config, instrument, timeframe }: Source, kept: number): BarCursor {
  return new BarCursor(dataFeed({ feed, config, instrument, timeframe }), kept);
}

function reading(cursors: readonly BarCursor[], make: () => ContextPoint | undefined): ContextFeed {
  let busy = false;
  return {
    capabilities: { history: cursors.every((cursor) => cursor.capabilities.history), live: true },
    async read({ time }) {
      if (busy) throw new DataError('DATA_FEED', 'the feed still owes its last answer, expected one within the time limit', { hint: 'see whether the feed hangs' });
      busy = true;
      try {
        for (const cursor of cursors) await cursor.advance(time);
      } finally {
        busy = false;
      }
      return cursors.some((cursor) => cursor.prices.length === 0) ? undefined : make();
    },
    async close() {
      for (const cursor of cursors) await cursor.close();
    },
  };
}

/** Absent where the numbers make no sense, such as a division by a price of 0. */
function pointOf(value: number, time: number): ContextPoint | undefined {
  return Number.isFinite(value) ? { value, time: toUtcMs(time) } : undefined;
}
