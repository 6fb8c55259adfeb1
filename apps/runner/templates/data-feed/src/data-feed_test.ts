import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { testInstrument, venueContext } from '@keelson/contract-tests/fakes';
import { calendarById, parseTimeframe, toUtcMs } from '@keelson/core/domain';
import type { HistoryRequest } from '@keelson/core/ports';
import { dataFeed } from './data-feed.js';

const folder = mkdtempSync(join(tmpdir(), 'feed-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const instrument = testInstrument();
const line = (minute: number, close = 1): string => JSON.stringify({ time: `2024-01-02T14:${String(minute).padStart(2, '0')}:00Z`, open: 1, high: 5, low: 0.5, close, volume: 3 });

async function closes(text: string, fields: Partial<HistoryRequest> = {}): Promise<number[]> {
  writeFileSync(join(folder, 'MES.jsonl'), text);
  const feed = dataFeed.create(venueContext({ path: '{instrument}.jsonl' }, { baseDir: folder, instruments: [instrument] }));
  await feed.connect();
  const found: number[] = [];
  const request = { instrument, calendar: calendarById('24/7'), timeframe: parseTimeframe('1m'), ...fields } as HistoryRequest;
  for await (const columns of feed.history(request)) found.push(...columns.close);
  return found;
}

describe('__ID__', () => {
  it('gives the bars of the file, and those between two times', async () => {
    const text = [line(30, 1), line(31, 2), '', line(33, 3)].join('\n');
    assert.deepEqual(await closes(text), [1, 2, 3]);
    assert.deepEqual(await closes(text, { from: toUtcMs(Date.parse('2024-01-02T14:31:00Z')), to: toUtcMs(Date.parse('2024-01-02T14:33:00Z')) }), [2]);
  });

  it('says which line is wrong', async () => {
    await assert.rejects(closes(`${line(30)}\n{"time":"yesterday"}\n`), { code: 'DATA_FORMAT', message: /^line 2 of MES\.jsonl was no bar \(time .*; open / });
    await assert.rejects(closes(`${line(30, 9)}\n`), { code: 'DATA_FORMAT', message: /low and high do not span open and close/ });
    await assert.rejects(closes(`${line(31)}\n${line(31)}\n`), { code: 'DATA_ORDER', message: /^line 2 of MES\.jsonl is not later/ });
    await assert.rejects(closes('\n'), { code: 'DATA_EMPTY' });
  });

  it('says which file is missing when it connects', async () => {
    const feed = dataFeed.create(venueContext({ path: './none.jsonl' }, { baseDir: folder }));
    await assert.rejects(feed.connect(), { code: 'DATA_MISSING', message: /^\.\/none\.jsonl cannot be read/ });
  });
});
