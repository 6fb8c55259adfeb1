import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at, contextFeed, folder, never } from '../../testing/support.js';
import { seriesFile } from './series-file.js';

const CSV = 'time,value\n2024-01-02T10:00:00Z,1\n2024-01-02T11:00:00+01:00,\n2024-01-02T11:00:00Z,2.5\n1704200400000,-3e2\n';
const feedOf = (text: string, params: Record<string, unknown> = {}) => contextFeed(seriesFile, { path: 's.csv', ...params }, { baseDir: folder({ 's.csv': text }) });
const valueAt = async (feed: ReturnType<typeof feedOf>, time: string) => (await feed.read({ time: at(time) }, never)) ?? 'absent';

describe('series-file', () => {
  it.each([
    ['2024-01-02T09:59:59.999Z', 'absent'],
    ['2024-01-02T10:00:00Z', { value: 1, time: at('2024-01-02T10:00:00Z') }],
    ['2024-01-02T10:59:00Z', { value: 1, time: at('2024-01-02T10:00:00Z') }],
    ['2024-01-02T11:00:00Z', { value: 2.5, time: at('2024-01-02T11:00:00Z') }],
    ['2025-01-01T00:00:00Z', { value: -300, time: at('2024-01-02T13:00:00Z') }],
  ])('knows at %s what had been known', async (time, expected) => {
    const text = CSV.replace('2024-01-02T11:00:00+01:00,\n', '2024-01-02T11:30:00+01:00,\n');
    expect(await valueAt(feedOf(text), time)).toEqual(expected);
  });

  it('counts a value from its delay on', async () => {
    const feed = feedOf('date,close\n2024-01-02,10\n2024-01-03,11\n', { time: 'date', value: 'close', delay: '1d' });
    expect(await valueAt(feed, '2024-01-02T23:59:59Z')).toBe('absent');
    expect(await valueAt(feed, '2024-01-03T00:00:00Z')).toEqual({ value: 10, time: at('2024-01-03T00:00:00Z') });
  });

  it('reads a file again that has grown', async () => {
    const baseDir = folder({ 's.csv': 'time,value\n2024-01-02T10:00:00Z,1\n' });
    const feed = contextFeed(seriesFile, { path: 's.csv' }, { baseDir });
    expect(await valueAt(feed, '2024-01-02T12:00:00Z')).toMatchObject({ value: 1 });
    appendFileSync(join(baseDir, 's.csv'), '2024-01-02T12:00:00Z,2\n');
    expect(await valueAt(feed, '2024-01-02T12:00:00Z')).toMatchObject({ value: 2 });
  });

  it.each([
    ['', 's.csv is empty'],
    ['time,value\n', 's.csv has no rows'],
    ['time,close\n2024-01-02,1\n', "s.csv has no column 'value' (it has time, close)"],
    ['time,value\n2024-01-02 10:00,1\n', "s.csv row 2: time was '2024-01-02 10:00'"],
    ['time,value\n2024-02-30,1\n', "s.csv row 2: time was '2024-02-30'"],
    ['time,value\n# note\n\n2024-01-02,1,2\n', 's.csv row 4 has 3 fields, expected 2'],
    ['time,value\n2024-01-02,abc\n', "s.csv row 2: value was 'abc', expected a number"],
    ['time,value\n2024-01-02,0x10\n', "value was '0x10'"],
    ['time,value\n2024-01-02,1\n2024-01-02,2\n', 's.csv row 3: time was 2024-01-02T00:00:00Z after 2024-01-02T00:00:00Z, expected ascending times'],
    ['time,value\n2024-01-02,"1\n', 'row 2 has a quote that is never closed'],
    ['time,value\n2024-01-02,\n', 's.csv has no values'],
  ])('refuses %j', async (text, said) => {
    await expect(valueAt(feedOf(text), '2024-06-01T00:00:00Z')).rejects.toThrow(said);
  });

  it('says which file is missing', async () => {
    await expect(contextFeed(seriesFile, { path: 'none.csv' }, { baseDir: folder({}) }).read({ time: at('2024-01-01') }, never)).rejects.toThrow('none.csv cannot be read (ENOENT)');
  });

  it.each([{}, { path: 'a', delay: 'soon' }, { path: 'a', delay: '0s' }, { path: 'a', sep: ';' }])('refuses the settings %o', (params) => {
    expect(() => contextFeed(seriesFile, params)).toThrow();
  });

  it('never knows a value before its time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 0, max: 5000 }), { minLength: 1 }), fc.array(fc.integer({ min: 0, max: 6000 }), { minLength: 1, maxLength: 30 }), async (minutes, asked) => {
        const rows = minutes.toSorted((a, b) => a - b).map((minute) => `${at('2024-01-01') + minute * 60_000},${minute}`);
        const feed = feedOf(`time,value\n${rows.join('\n')}\n`);
        for (const minute of asked) {
          const point = await feed.read({ time: (at('2024-01-01') + minute * 60_000) as never }, never);
          const latest = minutes.filter((each) => each <= minute).reduce((a, b) => Math.max(a, b), -1);
          expect(point?.value ?? -1).toBe(latest);
        }
      }),
      { numRuns: 30 },
    );
  });
});
