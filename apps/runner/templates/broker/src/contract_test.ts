import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { brokerSuite, declareSuite, pluginSuite, type BrokerSession } from '@keelson/contract-tests';
import { testInstrument, venueContext, VirtualTime } from '@keelson/contract-tests/fakes';
import { newVenue, VenueBroker } from './broker.js';
import plugin from './index.js';
import type { Message } from './venue.js';

const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as object;
const cannot = { tooLarge: 'the venue asks for no margin', endSession: 'the venue has no sessions' };

declareSuite(pluginSuite, { describe, it }, { plugin, packageJson, main: new URL('./index.js', import.meta.url) }, { of: '__PACKAGE__' });
declareSuite(brokerSuite, { describe, it }, { open, cannot }, { of: '__ID__' });

/** A fresh venue, whose market, line and mishaps are in the hands of the cards. What a vendor's venue cannot be made to do is left out: its cards are skipped. */
function open(): BrokerSession {
  const instrument = testInstrument();
  const time = new VirtualTime();
  const context = venueContext({ perContract: 0.5, answerTimeoutMs: 5_000 }, { instruments: [instrument], clock: time, timer: time });
  const venue = newVenue(context);
  const connect = (): VenueBroker => new VenueBroker(context, venue);
  const held: Message[] = [];
  let [price, release] = [4000, () => {}];
  const movePrice = (next: number): void => {
    price = next;
    time.turnBy(1_000);
    venue.trade(instrument.id, next, time.now(), true);
  };
  movePrice(price);
  return {
    broker: connect(),
    instrument,
    price: () => price,
    restart: connect,
    settle: async () => time.turnBy(1_000),
    control: {
      movePrice,
      limitLiquidity: (quantity) => void (venue.depth = quantity ?? Number.POSITIVE_INFINITY),
      refuseNext: () => void (venue.mishap = 'refused'),
      loseNextOrder: () => void (venue.mishap = 'order lost'),
      loseNextAnswer: () => void (venue.mishap = 'answer lost'),
      hold() {
        const { listener } = venue;
        venue.listener = (message) => void held.push(message);
        release = () => {
          venue.listener = listener;
          for (const message of held.splice(0)) listener?.(message);
        };
      },
      release: () => release(),
      dropConnection: () => venue.setLine(false),
      restoreConnection: () => venue.setLine(true),
      repeatExecution: (number) => venue.repeat(number),
      correctExecution: (number, corrected) => venue.correct(number, corrected),
      takeBackExecution: (number) => venue.correct(number, undefined),
    },
  };
}
