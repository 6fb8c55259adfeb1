import { readFileSync } from 'node:fs';
import { parseTimeframe, toUtcMs, type Instrument, type SessionCalendar, type Timeframe } from '@keelson/core/domain';
import type { Broker } from '@keelson/core/ports';
import { brokerSuite, dataFeedSuite, declareSuite, pluginSuite, type BrokerSession, type DataFeedSession } from '@keelson/contract-tests';
import { afterEach, describe, it } from 'vitest';
import { Relay } from '../testing/relay.js';
import { hastyTimer, mes, MONDAY, openRig, realTimer, type Rig } from '../testing/rig.js';
import { IbkrBroker } from './broker/ibkr-broker.js';
import { IbkrFeed, feedParams } from './feed/ibkr-feed.js';
import plugin from './index.js';

let open: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const close of open.reverse()) await close();
  open = [];
});

/** A session over the socket, with the simulated gateway in the venue's place. */
async function session(): Promise<BrokerSession> {
  const relay = new Relay();
  const rig: Rig = await openRig({}, { answerTimeoutMs: 300 }, [mes], realTimer, (port) => relay.open(port));
  const { simulator } = rig;
  let last = 5000;
  const price = (to: number): void => {
    last = to;
    simulator.run('setPrice', { symbol: 'MES', last: to });
    simulator.advance(1_000);
  };
  price(last);
  const brokerOf = (from: Rig): Broker => new IbkrBroker(from.connection, from.settings, from.context({ margin: true }));
  open.push(() => rig.close(), () => relay.close());
  return {
    broker: brokerOf(rig),
    instrument: mes,
    price: () => last,
    tooLarge: 100_000,
    patience: 400,
    settle: () => new Promise((resolve) => realTimer.after(5, resolve)),
    control: {
      movePrice: price,
      limitLiquidity: (quantity) => void simulator.run('limitFills', { quantity }),
      refuseNext: () => void simulator.run('fault', { kind: 'readOnly', on: true }),
      loseNextAnswer: () => void simulator.run('fault', { kind: 'swallowOrders', count: 1 }),
      dropConnection: () => void simulator.run('fault', { kind: 'logout' }),
      restoreConnection: () => void simulator.run('fault', { kind: 'login' }),
      correctExecution: (executionId, to) => {
        simulator.run('correctExecution', { execId: executionId, price: to });
      },
      repeatExecution: (executionId) => {
        simulator.run('repeatExecution', { execId: executionId });
      },
      hold: () => relay.hold(),
      release: () => relay.release(),
      loseNextOrder: () => relay.loseNext(),
      endSession: () => simulator.advance(8 * 3_600_000),
    },
    restart: async () => {
      simulator.drop();
      const again = await rig.again();
      open.push(() => again.close());
      return brokerOf(again);
    },
  };
}

/** A feed over the socket. Its own pacing counts in a hurried time, and so the gateway's is left out. */
async function feedSession(instrument: Instrument = mes): Promise<DataFeedSession> {
  const relay = new Relay();
  const rig = await openRig({ pacing: { enabled: false } }, { connectTimeoutMs: 500_000, requestTimeoutMs: 500_000, heartbeatMs: 500_000 }, [instrument], hastyTimer, (port) => relay.open(port));
  open.push(() => rig.close(), () => relay.close());
  const { simulator, connection, settings } = rig;
  const context = rig.context(feedParams.parse({}));
  const minute = (): void => {
    for (let piece = 0; piece < 12; piece++) simulator.advance(5_000);
  };
  return {
    feed: new IbkrFeed(connection, settings, context),
    request: { instrument, calendar: context.calendars[instrument.calendar] as SessionCalendar, timeframe: parseTimeframe('1m') as Timeframe, from: toUtcMs(Date.parse(MONDAY) - 40 * 60_000) },
    now: () => simulator.now(),
    settle: () => new Promise((resolve) => realTimer.after(10, resolve)),
    patience: 300,
    control: {
      nextBar: () => {
        const opens = simulator.now();
        relay.mark();
        minute();
        return opens;
      },
      repeatBar: () => relay.repeat(),
      openBar: () => simulator.advance(30_000),
      breakOff: () => void simulator.run('fault', { kind: 'logout' }),
      restore: () => void simulator.run('fault', { kind: 'login' }),
    },
  };
}

const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly name: string; readonly version: string };
declareSuite(pluginSuite, { describe, it }, { plugin, packageJson, main: new URL('../dist/index.js', import.meta.url) });
declareSuite(brokerSuite, { describe, it }, { open: session, cannot: { takeBackExecution: 'the gateway corrects executions, and takes none back' } });
declareSuite(dataFeedSuite, { describe, it }, { open: () => feedSession(), openBroken: () => feedSession({ ...mes, symbols: { ibkr: { symbol: 'NOWHERE', exchange: 'CME' } } }) });
