import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { brokerSuite, declareSuite, pluginSuite, type BrokerSession } from '@keelson/contract-tests';
import { testInstrument, venueContext } from '@keelson/contract-tests/fakes';
import { VenueBroker } from './broker.js';
import plugin from './index.js';

const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as object;

declareSuite(pluginSuite, { describe, it }, { plugin, packageJson, main: new URL('./index.js', import.meta.url) }, { of: '__PACKAGE__' });
declareSuite(brokerSuite, { describe, it }, { open }, { of: '__ID__' });

/** A fresh venue, whose market the cards move. What a vendor's venue cannot be made to do is left out: its cards are skipped. */
function open(): BrokerSession {
  const instrument = testInstrument();
  const context = venueContext({ perContract: 0.5 }, { instruments: [instrument] });
  const broker = new VenueBroker(context);
  let price = 4000;
  let time = context.clock.now() as number;
  const movePrice = (next: number): void => {
    price = next;
    time += 1000;
    broker.trade(instrument.id, next, time);
  };
  movePrice(price);
  return { broker, instrument, price: () => price, control: { movePrice } };
}
