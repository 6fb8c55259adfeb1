import { brokerSuite, dataFeedSuite, declareSuite, type DataFeedSession } from '@keelson/contract-tests';
import { testInstrument, venueContext } from '@keelson/contract-tests/fakes';
import type { SessionCalendar, Timeframe } from '@keelson/core/domain';
import { calendarById, parseTimeframe } from '@keelson/core/domain';
import { describe, it } from 'vitest';
import { faultySubject, remoteSubject, simulatedSubject } from '../testing/contract-sessions.js';
import { syntheticFeed } from './index.js';

declareSuite(brokerSuite, { describe, it }, simulatedSubject, { of: 'the broker simulated' });
declareSuite(brokerSuite, { describe, it }, faultySubject, { of: 'the broker simulated with faults' });
declareSuite(brokerSuite, { describe, it }, remoteSubject, { of: 'the simulated venue outside of the process' });

function syntheticSession(depth: boolean, calendar: string, timeframe: string): DataFeedSession {
  const instrument = testInstrument({ calendar });
  const frame = parseTimeframe(timeframe) as Timeframe;
  const params = syntheticFeed.params['~standard'].validate({ seed: 7, start: '2024-01-02T00:00:00Z', bars: 500, startPrice: 4000, depth }) as { readonly value: unknown };
  return { feed: syntheticFeed.create(venueContext(params.value, { instruments: [instrument], timeframe: frame })), request: { instrument, calendar: calendarById(calendar) as SessionCalendar, timeframe: frame } };
}

const MADE = { openBroken: 'its bars are made: there is no source that could not be used' };
declareSuite(dataFeedSuite, { describe, it }, { open: () => syntheticSession(false, 'cme-equity-index', '1m'), cannot: MADE }, { of: 'the feed synthetic' });
declareSuite(dataFeedSuite, { describe, it }, { open: () => syntheticSession(true, 'us-equity', '1d'), cannot: MADE }, { of: 'the feed synthetic by the day, with quotes' });
