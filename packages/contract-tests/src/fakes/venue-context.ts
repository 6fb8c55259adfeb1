import type { SessionCalendar, Timeframe } from '@keelson/core/domain';
import { calendarById, parseTimeframe } from '@keelson/core/domain';
import { createRandom } from '@keelson/core/engine';
import type { VenueContext } from '@keelson/core/ports';
import { testInstrument } from './instruments.js';
import { KeptLog } from './kept-log.js';
import { VirtualTime } from './virtual-time.js';

/** What a broker or a feed is made with, of fakes: one test instrument, 1-minute bars, 1 000 000 USD, virtual time. */
export function venueContext<Params>(params: Params, fields: Partial<Omit<VenueContext<Params>, 'params'>> = {}): VenueContext<Params> {
  const instruments = fields.instruments ?? [testInstrument()];
  const calendars: Record<string, SessionCalendar> = {};
  for (const { calendar } of instruments) {
    const found = calendarById(calendar) ?? fields.calendars?.[calendar];
    if (found === undefined) throw new RangeError(`calendar was ${calendar}, expected one of the kernel's, or one in calendars`);
    calendars[calendar] = found;
  }
  const time = new VirtualTime();
  return {
    params,
    account: 'contract',
    baseCurrency: 'USD',
    initialCash: 1_000_000,
    rates: {},
    timeframe: parseTimeframe('1m') as Timeframe,
    clock: time,
    timer: time,
    random: createRandom('contract'),
    logger: new KeptLog(),
    baseDir: '.',
    ...fields,
    instruments,
    calendars: { ...calendars, ...fields.calendars },
  };
}
