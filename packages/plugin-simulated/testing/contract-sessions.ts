import { setImmediate } from 'node:timers/promises';
import type { BrokerSession, BrokerSubject, VenueControl } from '@keelson/contract-tests';
import { VirtualTime, testInstrument, venueContext } from '@keelson/contract-tests/fakes';
import { toUtcMs } from '@keelson/core/domain';
import type { Broker } from '@keelson/core/ports';
import { BarRing, allocateBars } from '@keelson/core/series';
import { simulatedParams } from '../src/config.js';
import { faultsSchema, type FaultSettings } from '../src/faults/fault-settings.js';
import { FaultyBroker } from '../src/faults/faulty-broker.js';
import type { FaultyLink } from '../src/faults/faulty-link.js';
import { RemoteVenue, type RemoteClient } from '../src/faults/remote-venue.js';
import { SimulatedBroker, simulatedBroker } from '../src/simulated-broker.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
const INSTRUMENT = testInstrument();
/** Futures ask for no margin unless that is set. */
const SETTINGS = { margin: { initial: 1_000, maintenance: 800 } } as const;

type Row = { readonly columns: ReturnType<typeof allocateBars>; readonly close: number };

/** A market that is moved by hand, as bars of a minute. */
class HandMarket {
  readonly time = new VirtualTime();
  price = 4000;

  /** The bar that leads from the last price to `price`. */
  bar(price: number): Row {
    const columns = allocateBars(1);
    const open = this.price;
    [columns.time[0], columns.open[0], columns.high[0], columns.low[0], columns.close[0], columns.volume[0]] = [this.time.now(), open, Math.max(open, price), Math.min(open, price), price, 1_000];
    this.price = price;
    this.time.turnBy(MINUTE);
    return { columns, close: this.time.now() };
  }

  /** Turns on to the first bar after the session; of 24/7, a session is a day of UTC. */
  leaveSession(): void {
    this.time.turnTo((Math.floor(this.time.now() / DAY) + 1) * DAY);
  }
}

function venueControls(venue: SimulatedBroker, market: HandMarket, play: (row: Row) => void): VenueControl {
  return {
    movePrice: (price) => play(market.bar(price)),
    limitLiquidity: (quantity) => venue.thin(quantity),
    correctExecution: (id, price) => venue.correct(id, price),
    takeBackExecution: (id) => venue.correct(id, undefined),
    endSession() {
      market.leaveSession();
      play(market.bar(market.price));
    },
  };
}

const ONE_LIFE = 'the venue lives and dies with the process of the account';

/** The simulated broker in one process with the account. */
export const simulatedSubject: BrokerSubject = {
  open: simulatedSession,
  cannot: {
    refuseNext: 'it refuses by rules alone, which other cards break',
    loseNextAnswer: 'its answers are calls in one process: there is no line to lose them on',
    loseNextOrder: 'its orders are calls in one process: there is no line to lose them on',
    hold: 'what it says is said before the call that caused it returns',
    dropConnection: 'it is called in one process: there is no connection',
    repeatExecution: 'it tells each execution once, in the call that filled it',
    restart: ONE_LIFE,
  },
};

function simulatedSession(): BrokerSession {
  const market = new HandMarket();
  const broker = simulatedBroker.create(venueContext(simulatedParams.parse(SETTINGS), { instruments: [INSTRUMENT], clock: market.time })) as SimulatedBroker;
  const play = inProcess(broker);
  play(market.bar(market.price));
  return { broker, instrument: INSTRUMENT, price: () => market.price, control: venueControls(broker, market, play), tooLarge: 100_000 };
}

function inProcess(broker: Broker): (row: Row) => void {
  const ring = new BarRing(16);
  return ({ columns, close }) => {
    ring.push(columns, 0);
    ring.closeTime[ring.index] = close;
    broker.market?.onBar(0, ring);
    broker.market?.onMoment();
  };
}

type Rates = { -readonly [Key in keyof FaultSettings]: FaultSettings[Key] };

/** Rates of faults that are turned up for one order, or until they are turned down. */
function faultRates(): Rates {
  return { ...faultsSchema.parse({ seed: 1 }), maxDisconnectBars: 1_000_000, maxDelayBars: 1_000_000 };
}

/** Turns a rate up for the next order that `broker` sends. */
function forOneOrder(broker: Broker, rates: Rates): Pick<VenueControl, 'refuseNext' | 'loseNextAnswer' | 'loseNextOrder'> {
  const submit = broker.submit.bind(broker);
  broker.submit = (order) => {
    submit(order);
    rates.reject = rates.timeout = rates.lose = 0;
  };
  return {
    refuseNext: () => void (rates.reject = 1),
    loseNextAnswer: () => void (rates.timeout = 1),
    loseNextOrder: () => void (rates.lose = 1),
  };
}

/** Faults of the line itself, and what it says twice. */
function lineControls(link: () => FaultyLink, venue: SimulatedBroker, rates: Rates): VenueControl {
  const strike = (kind: 'disconnect' | 'delay'): void => {
    rates[kind] = 1;
    link().moment();
    rates[kind] = 0;
    link().pump();
  };
  return {
    hold: () => strike('delay'),
    release: () => link().flush(),
    dropConnection: () => strike('disconnect'),
    restoreConnection: () => link().restore(),
    async repeatExecution(id) {
      const fill = (await venue.executionsSince(toUtcMs(0))).find(({ executionId }) => executionId === id);
      if (fill !== undefined) link().say({ kind: 'fill', fill });
      link().pump();
    },
  };
}

/** Lets a session say how thin the market is, which faults of the venue say anew before each bar. */
function thinned(venue: SimulatedBroker): Pick<VenueControl, 'limitLiquidity'> {
  const thin = venue.thin.bind(venue);
  let most: number | undefined;
  venue.thin = (lots) => thin(lots ?? most);
  return { limitLiquidity: (quantity) => void (most = quantity) };
}

/** The simulated broker with faults on its line, which strike when they are told to. */
export const faultySubject: BrokerSubject = { open: faultySession, cannot: { restart: ONE_LIFE } };

function faultySession(): BrokerSession {
  const market = new HandMarket();
  const rates = faultRates();
  const context = venueContext({ ...simulatedParams.parse(SETTINGS), faults: rates }, { instruments: [INSTRUMENT], clock: market.time });
  const venue = new SimulatedBroker(context);
  const broker = new FaultyBroker(venue, context, rates);
  const play = inProcess(broker);
  play(market.bar(market.price));
  return {
    broker,
    instrument: INSTRUMENT,
    price: () => market.price,
    control: {
      ...venueControls(venue, market, play),
      ...forOneOrder(broker, rates),
      ...thinned(venue),
      ...lineControls(() => broker.link, venue, rates),
    },
    tooLarge: 100_000,
    async settle() {
      broker.link.pump();
      await setImmediate();
    },
  };
}

/** The simulated venue that stands outside of the account's process, with a line that can fail. */
export const remoteSubject: BrokerSubject = { open: remoteSession };

function remoteSession(): BrokerSession {
  const market = new HandMarket();
  const rates = faultRates();
  const idle = (): void => undefined;
  const remote = new RemoteVenue(venueContext({ ...simulatedParams.parse(SETTINGS), faults: rates }, { instruments: [INSTRUMENT], clock: market.time }), { onSubmit: idle, onEvent: idle, onFault: idle });
  let client: RemoteClient = remote.connect();
  const play = ({ columns, close }: Row): void => remote.moment(close, [{ instrument: 0, columns, row: 0 }]);
  play(market.bar(market.price));
  return {
    broker: client,
    instrument: INSTRUMENT,
    price: () => market.price,
    control: {
      ...venueControls(remote.venue, market, play),
      ...forOneOrder(client, rates),
      ...thinned(remote.venue),
      ...lineControls(() => client.link, remote.venue, rates),
    },
    restart: () => (client = remote.connect()),
    tooLarge: 100_000,
    async settle() {
      client.link.pump();
      await setImmediate();
    },
  };
}
