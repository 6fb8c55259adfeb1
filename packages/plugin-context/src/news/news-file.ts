import { createHash } from 'node:crypto';
import { durationSchema } from '@keelson/core/config';
import { parseDuration, toUtcMs } from '@keelson/core/domain';
import { DataError } from '@keelson/core/errors';
import { defineNewsFeed } from '@keelson/core/plugin';
import type { NewsFeed, SourceEvent } from '@keelson/core/ports';
import { z } from 'zod';
import { readTable } from '../sources/csv-table.js';
import { readTime, TIME_FORMS } from '../sources/read-time.js';
import { WatchedFile } from '../sources/watched-file.js';
import { inOrder, known, reachBeyond } from './known-events.js';

const FIELDS = ['id', 'time', 'title', 'keywords', 'importance', 'knownAt'];

const params = z.strictObject({
  path: z.string().min(1).describe('JSON Lines (.jsonl, .ndjson) or CSV, relative to the account file.'),
  knownAhead: durationSchema.optional().describe('Events without knownAt were known this long before their time: for a calendar. Without it they are headlines, known from their time on.'),
});

/**
 * `news-file`: events from JSON Lines or CSV, with `time` and `title`, and where known `id`, `keywords` (a list; in
 * CSV split by `;` or `|`), `importance` (low, medium, high) and `knownAt`. Without an id the time and title are it.
 * Any fault in the file fails all of it, and is reported with its row.
 */
export const newsFile = defineNewsFeed({
  params,
  create({ params: { path, knownAhead }, baseDir }): NewsFeed {
    const aheadMs = knownAhead === undefined ? 0 : (parseDuration(knownAhead) as number);
    const file = new WatchedFile(path, baseDir, (bytes, name) => eventsOf(bytes.toString('utf8'), name, aheadMs));
    return {
      capabilities: { history: true, live: true },
      files: [file.location],
      read: async (request) => known(await file.read((events) => reachBeyond(events, request)), request),
    };
  },
});

function eventsOf(text: string, file: string, aheadMs: number): readonly SourceEvent[] {
  const rows = /\.(jsonl|ndjson|json)$/i.test(file) ? jsonLines(text, file) : readTable(text, file).map(({ line, fields }) => ({ line, fields: withoutBlanks(fields) }));
  if (rows.length === 0) throw new DataError('DATA_EMPTY', `${file} has no rows, expected events`, { hint: 'give a file with events' });
  const lines = new Map<string, number>();
  const events = rows.map(({ line, fields }) => {
    const event = eventOf(fields, `${file} row ${line}`, aheadMs);
    const twin = lines.get(event.id);
    if (twin !== undefined) {
      const same = fields['id'] === undefined ? 'time and title were those of' : `id was '${event.id}' as in`;
      throw new DataError('DATA_FORMAT', `${file} row ${line}: ${same} row ${twin}, expected an event of its own`, { hint: 'remove one of the two' });
    }
    lines.set(event.id, line);
    return event;
  });
  return inOrder(events);
}

type Fields = Readonly<Record<string, unknown>>;

function eventOf(fields: Fields, where: string, aheadMs: number): SourceEvent {
  const fail = (code: 'DATA_FORMAT' | 'DATA_TIME', key: string, expected: string): never => {
    throw new DataError(code, `${where}: ${key} was ${fields[key] === undefined ? 'missing' : `'${String(fields[key])}'`}, expected ${expected}`, { hint: `correct ${key}` });
  };
  const unknown = Object.keys(fields).find((key) => !FIELDS.includes(key));
  if (unknown !== undefined) fail('DATA_FORMAT', unknown, `no field of that name (known are ${FIELDS.join(', ')})`);
  const time = readTime(fields['time']) ?? fail('DATA_TIME', 'time', TIME_FORMS);
  const knownAt = fields['knownAt'] === undefined ? toUtcMs(time - aheadMs) : (readTime(fields['knownAt']) ?? fail('DATA_TIME', 'knownAt', TIME_FORMS));
  const { title, importance, id } = fields;
  if (typeof title !== 'string' || title.trim() === '') return fail('DATA_FORMAT', 'title', 'text');
  if (importance !== undefined && importance !== 'low' && importance !== 'medium' && importance !== 'high') return fail('DATA_FORMAT', 'importance', 'low, medium or high');
  if (id !== undefined && (typeof id !== 'string' || id === '')) return fail('DATA_FORMAT', 'id', 'text');
  const keywords = keywordsOf(fields['keywords']) ?? fail('DATA_FORMAT', 'keywords', 'a list of words');
  return { id: id ?? idOf(String(time), title), time, title: title.trim(), keywords, ...(importance === undefined ? {} : { importance }), knownAt };
}

function keywordsOf(value: unknown): readonly string[] | undefined {
  if (value === undefined) return [];
  if (typeof value === 'string') return value.split(/[;|]/).map((word) => word.trim()).filter((word) => word !== '');
  return Array.isArray(value) && value.every((word) => typeof word === 'string') ? value : undefined;
}

/** An id for what has none: the same for the same content. */
export function idOf(...content: readonly string[]): string {
  return createHash('sha256').update(content.join('\n')).digest('hex').slice(0, 24);
}

function jsonLines(text: string, file: string): ReadonlyArray<{ readonly line: number; readonly fields: Fields }> {
  return text.replace(/^\ufeff/, '').split(/\r?\n/).flatMap((content, i) => {
    if (content.trim() === '') return [];
    let fields: unknown;
    try {
      fields = JSON.parse(content);
    } catch {
      throw new DataError('DATA_FORMAT', `${file} row ${i + 1} is no JSON, expected one object in each row`, { hint: 'correct the row' });
    }
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) throw new DataError('DATA_FORMAT', `${file} row ${i + 1} is no object, expected one with time and title`, { hint: 'correct the row' });
    return [{ line: i + 1, fields: fields as Fields }];
  });
}

function withoutBlanks(fields: Readonly<Record<string, string>>): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}
