import { isoTime, toUtcMs } from '@keelson/core/domain';
import { ConfigError, DataError } from '@keelson/core/errors';
import { defineContextFeed } from '@keelson/core/plugin';
import type { ContextFeed, ContextFeedDefinition } from '@keelson/core/ports';
import { z } from 'zod';
import { HttpSource, type Fetch } from '../sources/http-source.js';
import { readTime, TIME_FORMS } from '../sources/read-time.js';
import { checkAddress } from '../sources/web-address.js';
import { kindOf, numberAt, valueAtPath } from './json-value.js';

const params = z.strictObject({
  url: z.string().min(1).describe('Address. {time}, {timeMs} and {timeS} stand for the time that is asked about: ISO-8601, epoch in milliseconds, in seconds.'),
  headers: z.record(z.string(), z.string()).default({}).describe('Sent with every question; keys come from the environment, as in { X-API-Key: ${API_KEY} }.'),
  value: z.string().describe('Where the number stands: /data/0/value or data.0.value.'),
  time: z.string().optional().describe('Where its time stands: ISO-8601 with a zone, or an epoch. Without it a value counts from the moment it arrived.'),
});

/**
 * `http-json`: a number out of a JSON document. It is asked for with the condition that it has changed, where the
 * server knows `ETag` or `Last-Modified`. It knows the past only when the address holds `{time}` and the answer says
 * its own `time`; else it is absent in a run over history.
 */
export function httpJson(fetch: Fetch): ContextFeedDefinition {
  return defineContextFeed({
    params,
    create({ params: { url, headers, value, time }, clock }): ContextFeed {
      checkAddress(filled(url, 0));
      const { host } = new URL(filled(url, 0));
      for (const name of Object.keys(headers)) {
        if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) throw new ConfigError('CFG_TYPE', `headers names '${name}', expected the name of a header`, { hint: 'correct the name' });
      }
      const source = new HttpSource(fetch, { accept: 'application/json', ...headers });
      return {
        capabilities: { history: /\{time(Ms|S)?\}/.test(url) && time !== undefined, live: true },
        async read(request, cancel) {
          const { bytes } = await source.get(filled(url, request.time), cancel);
          const root = parsed(bytes, host);
          const number = numberAt(root, value, host);
          if (time === undefined) return { value: number, time: clock.now() };
          const stamp = valueAtPath(root, time);
          const at = readTime(stamp);
          if (at === undefined) throw new DataError('DATA_TIME', `${host} has ${kindOf(stamp)} at '${time}', expected ${TIME_FORMS}`, { hint: 'correct the path, or see what it answers' });
          return { value: number, time: at };
        },
      };
    },
  });
}

function filled(url: string, time: number): string {
  return url
    .replaceAll('{time}', encodeURIComponent(isoTime(toUtcMs(time))))
    .replaceAll('{timeMs}', String(time))
    .replaceAll('{timeS}', String(Math.floor(time / 1000)));
}

function parsed(bytes: Uint8Array, host: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // the parser's own message quotes the document
    throw new DataError('DATA_FORMAT', `${host} answered with text that is no JSON, expected a document`, { hint: 'see what it says in a browser' });
  }
}
