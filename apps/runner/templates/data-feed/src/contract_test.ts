import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { dataFeedSuite, declareSuite, pluginSuite, type DataFeedSession } from '@keelson/contract-tests';
import { seededBars, testInstrument, venueContext } from '@keelson/contract-tests/fakes';
import { calendarById, parseTimeframe, type SessionCalendar, type Timeframe } from '@keelson/core/domain';
import plugin, { dataFeed } from './index.js';

const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as object;

declareSuite(pluginSuite, { describe, it }, { plugin, packageJson, main: new URL('./index.js', import.meta.url) }, { of: '__PACKAGE__' });

const folder = mkdtempSync(join(tmpdir(), 'feed-contract-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const bars = seededBars(60, 'contract');
const lines = Array.from(bars.time, (time, row) => JSON.stringify({ time: new Date(time).toISOString(), open: bars.open[row], high: bars.high[row], low: bars.low[row], close: bars.close[row], volume: bars.volume[row] }));
writeFileSync(join(folder, 'bars.jsonl'), `${lines.join('\n')}\n`);

function open(path: string): DataFeedSession {
  const instrument = testInstrument();
  const feed = dataFeed.create(venueContext({ path }, { baseDir: folder, instruments: [instrument] }));
  return { feed, request: { instrument, calendar: calendarById(instrument.calendar) as SessionCalendar, timeframe: parseTimeframe('1m') as Timeframe } };
}

declareSuite(dataFeedSuite, { describe, it }, { open: () => open('./bars.jsonl'), openBroken: () => open('./none.jsonl') }, { of: '__ID__' });
