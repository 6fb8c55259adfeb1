import { setImmediate } from 'node:timers/promises';
import type { BrokerSession, VenueControl } from '@keelson/contract-tests';
import { VirtualTime, testInstrument, venueContext } from '@keelson/contract-tests/fakes';
import { toUtcMs } from '@keelson/core/domain';
import type { Broker } from '@keelson/core/ports';
import { BarRing, allocateBars } from '@keelson/core/series';
import { simulatedParams } from '../src/config.js';
import { faultsSchema, type FaultSettings } from '../src/faults/fault-settings.js';
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
    endSession() {
      market.leaveSession();
      play(market.bar(market.price));
    },
  };
}

/** The simulated broker in one process with the account. */
export function simulatedSession(): BrokerSession {
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

/** The simulated broker with faults on its line, which strike when they are told to. */
export function faultySession(): BrokerSession {
  const market = new HandMarket();
  const rates = faultRates();
  const broker = simulatedBroker.create(venueContext({ ...simulatedParams.parse(SETTINGS), faults: rates }, { instruments: [INSTRUMENT], clock: market.time }));
  const play = inProcess(broker);
  play(market.bar(market.price));
  return {
    broker,
    instrument: INSTRUMENT,
    price: () => market.price,
    control: {
      ...forOneOrder(broker, rates),
      movePrice: (price) => play(market.bar(price)),
      endSession() {
        market.leaveSession();
        play(market.bar(market.price));
      },
    },
    tooLarge: 100_000,
  };
}

/** The simulated venue that stands outside of the account's process, with a line that can fail. */
export function remoteSession(): BrokerSession {
  const market = new HandMarket();
  const rates = faultRates();
  const idle = (): void => undefined;
  const remote = new RemoteVenue(venueContext({ ...simulatedParams.parse(SETTINGS), faults: rates }, { instruments: [INSTRUMENT], clock: market.time }), { onSubmit: idle, onEvent: idle, onFault: idle });
  let client: RemoteClient = remote.connect();
  const play = ({ columns, close }: Row): void => remote.moment(close, [{ instrument: 0, columns, row: 0 }]);
  play(market.bar(market.price));
  // faults of the venue say anew before each bar how thin it is
  const thin = remote.venue.thin.bind(remote.venue);
  let most: number | undefined;
  remote.venue.thin = (lots) => thin(lots ?? most);
  const strike = (kind: 'disconnect' | 'delay'): void => {
    rates[kind] = 1;
    client.link.moment();
    rates[kind] = 0;
    client.link.pump();
  };
  return {
    broker: client,
    instrument: INSTRUMENT,
    price: () => market.price,
    control: {
      ...venueControls(remote.venue, market, play),
      ...forOneOrder(client, rates),
      limitLiquidity: (quantity) => void (most = quantity),
      hold: () => strike('delay'),
      release: () => client.link.flush(),
      dropConnection: () => strike('disconnect'),
      restoreConnection() {
        client.link.calm();
        remote.dice.enabled = true;
      },
      async repeatExecution(id) {
        const fill = (await remote.venue.executionsSince(toUtcMs(0))).find(({ executionId }) => executionId === id);
        if (fill !== undefined) client.link.say({ kind: 'fill', fill });
      },
    },
    restart: () => (client = remote.connect()),
    tooLarge: 100_000,
    async settle() {
      client.link.pump();
      await setImmediate();
    },
  };
}
