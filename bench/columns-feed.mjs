import { DATA_FEED, defineDataFeed, definePlugin } from '@keelson/core/plugin';
import { sliceBars } from '@keelson/core/series';
import { z } from 'zod';

const CHUNK = 65_536;

/**
 * A feed that serves columns from memory, so that a bench measures the engine and not a reader.
 *
 * @param {(instrument: string) => Iterable<import('@keelson/core/domain').BarColumns>} chunksOf
 */
export function columnsPlugin(chunksOf, { depth = false } = {}) {
  const feed = defineDataFeed({
    params: z.strictObject({}),
    create: () => ({
      capabilities: { history: true, live: false, volume: true, depth },
      connect: async () => undefined,
      disconnect: async () => undefined,
      async *history({ instrument }) {
        yield* chunksOf(instrument.id);
      },
      provenance: () => [],
      warnings: () => [],
    }),
  });
  return definePlugin({ name: 'bench-columns', version: '1.0.0', api: '^1.0.0', provides: ['data-feed'], register: ({ add }) => add(DATA_FEED, 'columns', feed) });
}

/** Cuts columns into chunks, without copying. */
export function* inChunks(bars) {
  for (let start = 0; start < bars.length; start += CHUNK) yield sliceBars(bars, start, Math.min(bars.length, start + CHUNK));
}

/** The same bars again and again, each time later: a stream of any length from fixed memory. */
export function* repeated(bars, times, stepMs) {
  for (let round = 0; round < times; round++) {
    const shift = round * bars.length * stepMs;
    for (const chunk of inChunks(bars)) yield { ...chunk, time: chunk.time.map((time) => time + shift) };
  }
}
