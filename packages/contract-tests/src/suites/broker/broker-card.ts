import { BOTH_TIERS, OFFLINE, type Card } from '../../frame/card.js';
import { expectThat, vacuousUnless } from '../../frame/expectations.js';
import type { OrderType, TimeInForce } from '@keelson/core/domain';
import { BrokerBench } from './broker-bench.js';
import type { BrokerSubject, VenueControl } from './broker-subject.js';

export type BrokerCardFields = {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  /** What has to be made happen at the venue; a card with any cannot run on a paper account. */
  readonly needs?: ReadonlyArray<keyof VenueControl>;
  /** What the broker has to declare. */
  readonly types?: readonly OrderType[];
  readonly times?: readonly TimeInForce[];
  readonly has?: ReadonlyArray<'nativeBrackets' | 'oco' | 'modify'>;
  /** False for a card that connects by itself. */
  readonly connected?: boolean;
  readonly play: (bench: BrokerBench) => Promise<void>;
};

/** A card about a broker: opens a session, ends at once where there is nothing to hold or to see it with, and leaves nothing behind. */
export function brokerCard({ id, title, why, needs = [], types = [], times = [], has = [], connected = true, play }: BrokerCardFields): Card<BrokerSubject> {
  return {
    id,
    title,
    why,
    tiers: needs.length > 0 ? OFFLINE : BOTH_TIERS,
    async run({ open, cannot }, { tier }) {
      const session = await open();
      const bench = new BrokerBench(session, cannot);
      const { capabilities } = session.broker;
      const isPaper = tier === 'paper';
      if (isPaper && capabilities.venue === 'live') {
        await session.close?.();
        expectThat(false, 'the venue of the broker was live', 'a paper account: nothing was sent');
      }
      try {
        const lacks = [...types.filter((type) => !capabilities.orderTypes.includes(type)).map((type) => `${type} orders`), ...times.filter((time) => !capabilities.timesInForce.includes(time)).map((time) => `time in force ${time}`), ...has.filter((name) => !capabilities[name])];
        vacuousUnless(lacks.length === 0, `the broker does not declare ${lacks.join(', ')}`);
        for (const control of needs) bench.control(control);
        if (connected) await bench.connect();
        if (isPaper) bench.expectNotLive(); // some know it by their connection alone
        await play(bench);
      } catch (thrown) {
        await bench.close(isPaper).catch(() => undefined); // the fault of the card is what counts
        throw thrown;
      }
      await bench.close(isPaper && connected).catch((closing: unknown) => {
        if (isPaper) throw closing;
      });
    },
  };
}
