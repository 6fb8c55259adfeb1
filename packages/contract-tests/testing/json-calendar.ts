import { toUtcMs } from '@keelson/core/domain';
import { DataError, messageOf } from '@keelson/core/errors';
import { defineNewsFeed } from '@keelson/core/plugin';
import type { NewsFeed, NewsFeedDefinition, SourceEvent } from '@keelson/core/ports';
import { z } from 'zod';

export type Fetch = (url: string, init: { readonly signal: AbortSignal }) => Promise<Response>;

const time = z.iso.datetime({ offset: true });
const documentSchema = z.array(z.object({ id: z.string().min(1), time, announced: time, title: z.string().trim().min(1), importance: z.enum(['low', 'medium', 'high']).optional(), topics: z.array(z.string().min(1)).default([]) }));

/**
 * `json-calendar`: events from a JSON document, `[{ "id": "cpi-2024-01", "time": "2024-01-11T13:30:00Z", "announced":
 * "2023-12-01T00:00:00Z", "title": "US CPI", "importance": "high", "topics": ["CPI"] }]`. Every answer is the whole
 * calendar, as the port wants it: what it no longer holds was called off.
 */
export function jsonCalendar(fetch: Fetch): NewsFeedDefinition {
  return defineNewsFeed({
    params: z.strictObject({ url: z.url().describe('Address of the document.') }),
    create: ({ params: { url } }): NewsFeed => ({
      capabilities: { history: true, live: true },
      async read({ time: now, from, to }, cancel) {
        const events = await eventsAt(url, fetch, cancel);
        return events.filter((event) => event.knownAt <= now && event.time >= from && event.time <= to);
      },
    }),
  });
}

/** @throws DataError DATA_FEED when it cannot be reached, DATA_FORMAT when it is something else: never an empty calendar */
async function eventsAt(url: string, fetch: Fetch, cancel: AbortSignal): Promise<readonly SourceEvent[]> {
  const { host } = new URL(url); // the rest may hold a key
  let content: unknown;
  try {
    const response = await fetch(url, { signal: cancel });
    if (!response.ok) throw new Error(`status ${response.status}`);
    content = await response.json();
  } catch (thrown) {
    throw new DataError('DATA_FEED', `${host} could not be asked (${messageOf(thrown)}), expected a calendar`, { hint: 'see whether it is up, and what it says in a browser', cause: thrown });
  }
  const result = documentSchema.safeParse(content);
  if (!result.success) throw new DataError('DATA_FORMAT', `${host} gave ${result.error.issues[0]?.message ?? 'something else'} at ${result.error.issues[0]?.path.join('.') ?? ''}, expected events with an id, a title and times with a zone`, { hint: 'see what it says in a browser' });
  return result.data.map(({ id, time: happens, announced, title, importance, topics }) => ({
    id,
    time: toUtcMs(Date.parse(happens)),
    knownAt: toUtcMs(Date.parse(announced)),
    title,
    keywords: topics,
    ...(importance === undefined ? {} : { importance }),
  }));
}
