import { dataFeedSuite, declareSuite, type DataFeedSession } from '@keelson/contract-tests';
import { seededBars, testInstrument, venueContext } from '@keelson/contract-tests/fakes';
import type { SessionCalendar, Timeframe } from '@keelson/core/domain';
import { calendarById, parseTimeframe } from '@keelson/core/domain';
import { afterAll, describe, it } from 'vitest';
import { TempFolder } from '../testing/fixture.js';
import { fileFeed, fileFeedParams, type FileFeedInput } from './index.js';

const folder = new TempFolder();
afterAll(() => folder.remove());

const bars = seededBars(300, 'contract of files');
const rows = Array.from({ length: bars.length }, (_, row) => [new Date(bars.time[row] as number).toISOString(), bars.open[row], bars.high[row], bars.low[row], bars.close[row], bars.volume[row]]);

function write(name: string, header: readonly string[], cells: (row: (typeof rows)[number]) => readonly unknown[]): void {
  folder.write(name, `${[header, ...rows.map(cells)].map((line) => line.join(',')).join('\n')}\n`);
}

const PRICES = ['time', 'open', 'high', 'low', 'close'];
write('volume.csv', [...PRICES, 'volume'], (row) => row);
write('prices.csv', PRICES, (row) => row.slice(0, 5));
write('quotes.csv', [...PRICES, 'volume', 'bid', 'ask', 'bidSize', 'askSize'], (row) => [...row, (row[4] as number) - 0.25, (row[4] as number) + 0.25, 5, 6]);
// the wall clock of New York, five hours behind UTC in January
write('zoned.csv', [...PRICES, 'volume'], ([time, ...rest]) => [new Date(Date.parse(time as string) - 5 * 3_600_000).toISOString().slice(0, 19).replace('T', ' '), ...rest]);

function session(settings: FileFeedInput): DataFeedSession {
  const instrument = testInstrument();
  return {
    feed: fileFeed.create(venueContext(fileFeedParams.parse(settings), { instruments: [instrument], baseDir: folder.path })),
    request: { instrument, calendar: calendarById('24/7') as SessionCalendar, timeframe: parseTimeframe('1m') as Timeframe },
  };
}

const subjects: Readonly<Record<string, FileFeedInput>> = {
  'a file with volume': { path: 'volume.csv' },
  'a file of prices alone': { path: 'prices.csv' },
  'a file with quotes': { path: 'quotes.csv' },
  'a file in the time of New York': { path: 'zoned.csv', zone: 'America/New_York' },
};
for (const [of, settings] of Object.entries(subjects)) declareSuite(dataFeedSuite, { describe, it }, { open: () => session(settings), openBroken: () => session({ path: 'missing.csv' }) }, { of });
