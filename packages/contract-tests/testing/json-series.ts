import { toUtcMs } from '@keelson/core/domain';
import { DataError, messageOf } from '@keelson/core/errors';
import { defineContextFeed } from '@keelson/core/plugin';
import type { ContextFeed, ContextFeedDefinition, ContextPoint } from '@keelson/core/ports';
import { z } from 'zod';

export type Fetch = (url: string, init: { readonly signal: AbortSignal }) => Promise<Response>;

const documentSchema = z.array(z.object({ time: z.iso.datetime({ offset: true }), value: z.number() }));

/**
 * `json-series`: a series from a JSON document, `[{ "time": "2024-01-02T21:15:00Z", "value": 13.2 }]`; `time` is when a
 * value was published. It holds all values of the past, so that a run over history can use it.
 */
export function jsonSeries(fetch: Fetch): ContextFeedDefinition {
  return defineContextFeed({
    params: z.strictObject({ url: z.url().describe('Address of the document.') }),
    create: ({ params: { url } }): ContextFeed => ({
      capabilities: { history: true, live: true },
      async read({ time }, cancel) {
        const points = await pointsAt(url, fetch, cancel);
        return points.findLast((point) => point.time <= time);
      },
    }),
  });
}

/** @throws DataError DATA_FEED when it cannot be reached, DATA_FORMAT when it is something else */
async function pointsAt(url: string, fetch: Fetch, cancel: AbortSignal): Promise<readonly ContextPoint[]> {
  const { host } = new URL(url); // the rest may hold a key
  let content: unknown;
  try {
    const response = await fetch(url, { signal: cancel });
    if (!response.ok) throw new Error(`status ${response.status}`);
    content = await response.json();
  } catch (thrown) {
    throw new DataError('DATA_FEED', `${host} could not be asked (${messageOf(thrown)}), expected a document`, { hint: 'see whether it is up, and what it says in a browser', cause: thrown });
  }
  const result = documentSchema.safeParse(content);
  if (!result.success) throw new DataError('DATA_FORMAT', `${host} gave ${result.error.issues[0]?.message ?? 'something else'} at ${result.error.issues[0]?.path.join('.') ?? ''}, expected times with a zone and numbers`, { hint: 'see what it says in a browser' });
  return result.data.map(({ time, value }) => ({ time: toUtcMs(Date.parse(time)), value })).sort((a, b) => a.time - b.time);
}
