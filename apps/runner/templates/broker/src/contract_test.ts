import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { brokerSuite, declareSuite, pluginSuite, type BrokerSession } from '@keelson/contract-tests';
import { testInstrument, venueContext } from '@keelson/contract-tests/fakes';
import { VenueBroker } from './broker.js';
import plugin from './index.js';
import { Venue } from './venue.js';

const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as object;

declareSuite(pluginSuite, { describe, it }, { plugin, packageJson, main: new URL('./index.js', import.meta.url) }, { of: '__PACKAGE__' });
declareSuite(brokerSuite, { describe, it }, { open, cannot: { tooLarge: 'the venue asks for no margin', limitLiquidity: 'the venue fills in whole' } }, { of: '__ID__' });

/** A fresh venue, whose market the cards move. What a vendor's venue cannot be made to do is left out: its cards are skipped. */
function open(): BrokerSession {
  const instrument = testInstrument();
  const context = venueContext({ perContract: 0.5 }, { instruments: [instrument] });
  const venue = new Venue({ onExecution: () => undefined, onCancelled: () => undefined }, context.clock.now());
  const connect = (): VenueBroker => new VenueBroker(context, venue);
  const held: Array<() => void> = [];
  let price = 4000;
  let time = context.clock.now() as number;
  const movePrice = (next: number): void => {
    price = next;
    time += 1000;
    venue.trade(instrument.id, next, time, true);
  };
  movePrice(price);
  return {
    broker: connect(),
    instrument,
    price: () => price,
    restart: connect,
    control: {
      movePrice,
      refuseNext() {
        const { place } = venue;
        venue.place = (order) => {
          venue.place = place;
          const ticket = place.call(venue, order);
          ticket.state = 'refused';
          return ticket;
        };
      },
      hold() {
        const { listener } = venue;
        venue.listener = { onExecution: (...what) => held.push(() => listener.onExecution(...what)), onCancelled: (...what) => held.push(() => listener.onCancelled(...what)) };
        held.push(() => void (venue.listener = listener));
      },
      release: () => held.splice(0).forEach((tell) => tell()),
      repeatExecution(executionId) {
        const execution = venue.executions.find(({ number }) => number === executionId);
        if (execution !== undefined) venue.listener.onExecution(execution);
      },
    },
  };
}
