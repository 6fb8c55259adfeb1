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
// the wall clock of New York, on a Friday and the Monday after it, between which daylight saving time ends
const stockMinutes = ['2024-11-01', '2024-11-04'].flatMap((day) => Array.from({ length: 390 }, (_, minute) => `${day} ${String(Math.floor((570 + minute) / 60)).padStart(2, '0')}:${String((570 + minute) % 60).padStart(2, '0')}:00`));
const stockBars = seededBars(stockMinutes.length, 'contract of files with sessions');
folder.write('stocks.csv', `${[[...PRICES, 'volume'], ...stockMinutes.map((time, row) => [time, stockBars.open[row], stockBars.high[row], stockBars.low[row], stockBars.close[row], stockBars.volume[row]])].map((line) => line.join(',')).join('\n')}\n`);

function session(settings: FileFeedInput, calendar = '24/7'): DataFeedSession {
  const instrument = testInstrument({ calendar });
  return {
    feed: fileFeed.create(venueContext(fileFeedParams.parse(settings), { instruments: [instrument], baseDir: folder.path })),
    request: { instrument, calendar: calendarById(calendar) as SessionCalendar, timeframe: parseTimeframe('1m') as Timeframe },
  };
}

const subjects: Readonly<Record<string, FileFeedInput>> = {
  'a file with volume': { path: 'volume.csv' },
  'a file of prices alone': { path: 'prices.csv' },
  'a file with quotes': { path: 'quotes.csv' },
  'a file in the time of New York': { path: 'zoned.csv', zone: 'America/New_York' },
};
for (const [of, settings] of Object.entries(subjects)) declareSuite(dataFeedSuite, { describe, it }, { open: () => session(settings), openBroken: () => session({ path: 'missing.csv' }) }, { of });
declareSuite(dataFeedSuite, { describe, it }, { open: () => session({ path: 'stocks.csv', zone: 'America/New_York' }, 'us-equity'), openBroken: () => session({ path: 'missing.csv' }, 'us-equity') }, { of: 'a file of stocks over the end of daylight saving time' });
