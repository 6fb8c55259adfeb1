import type { OrderChange } from '@keelson/core/domain';
import { toPrice } from '@keelson/core/domain';
import { expectEqual, expectThat, show } from '../../frame/expectations.js';
import { FAR } from './broker-bench.js';
import { brokerCard } from './broker-card.js';
import { forgeApproval } from './forge-approval.js';

const VENUES = ['simulated', 'paper', 'live'];
const TYPES = ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'];
const TIMES = ['day', 'gtc', 'ioc'];

export const lifecycleCards = [
  brokerCard({
    id: 'BRK-010',
    title: 'says what it can do before it is connected',
    why: 'an account is checked against it before anything starts',
    connected: false,
    async play({ broker: { capabilities } }) {
      const { venue, orderTypes, timesInForce, nativeBrackets, oco, modify } = capabilities;
      expectThat(VENUES.includes(venue), `venue was ${show(venue)}`, VENUES.join(', '));
      for (const [what, found, known] of [['orderTypes', orderTypes, TYPES], ['timesInForce', timesInForce, TIMES]] as const) {
        expectThat(found.length > 0 && found.every((each) => known.includes(each)) && new Set(found).size === found.length, `${what} was ${show(found)}`, `some of ${known.join(', ')}, each once`);
      }
      expectThat(orderTypes.includes('market'), `orderTypes was ${show(orderTypes)}`, 'market among them: the kernel leaves positions by it');
      expectEqual([typeof nativeBrackets, typeof oco, typeof modify], ['boolean', 'boolean', 'boolean'], 'types of nativeBrackets, oco and modify');
    },
  }),
  brokerCard({
    id: 'BRK-020',
    title: 'says nothing of orders before one was sent',
    why: 'the books would begin with orders that nobody knows',
    async play(bench) {
      await bench.settle();
      expectEqual(bench.events.filter(({ kind }) => kind !== 'connection' && kind !== 'cash' && kind !== 'restriction').map(({ kind }) => kind), [], 'events after connecting');
    },
  }),
  brokerCard({
    id: 'BRK-030',
    title: 'says nothing after it was disconnected',
    why: 'an account that has stopped would go on booking',
    needs: ['movePrice'],
    types: ['limit'],
    async play(bench) {
      bench.submit({ type: 'limit', limit: -10 });
      await bench.settle();
      await bench.broker.disconnect();
      const before = bench.said();
      await bench.move(-20);
      expectEqual(bench.said(), before, 'what was said');
    },
  }),
  brokerCard({
    id: 'BRK-040',
    title: 'may be disconnected before it was connected, and twice',
    why: 'an account that fails to start is taken down all the same',
    connected: false,
    async play(bench) {
      await bench.broker.disconnect();
      await bench.connect();
      await bench.broker.disconnect();
      await bench.broker.disconnect();
    },
  }),
  brokerCard({
    id: 'BRK-050',
    title: 'goes on after it was disconnected and connected again',
    why: 'a runner connects again after a failure, with new books that listen',
    types: ['limit'],
    async play(bench) {
      await bench.broker.disconnect();
      let heard = 0;
      await bench.broker.connect((event) => {
        heard++;
        bench.hear(event);
      });
      await bench.rest();
      expectThat(heard > 0, 'the listener of the second connect heard nothing', 'the order accepted');
    },
  }),
  brokerCard({
    id: 'BRK-060',
    title: 'submit, modify and cancel return nothing',
    why: 'nothing waits on the bar path: a promise would be lost, and its rejection would end the process',
    types: ['limit'],
    async play(bench) {
      const intent = bench.intent({ type: 'limit', limit: -FAR });
      const { clientOrderId, instrument } = intent;
      const { broker } = bench;
      const returned: unknown[] = [broker.submit(forgeApproval(intent))];
      await bench.settle();
      if (broker.capabilities.modify) returned.push(broker.modify(forgeApproval<OrderChange>({ clientOrderId, instrument, limitPrice: toPrice(bench.price(-FAR + 1)), reason: 'contract test' })));
      await bench.settle();
      returned.push(broker.cancel(clientOrderId));
      await bench.settle();
      for (const each of returned) if (each instanceof Promise) each.catch(() => undefined); // the fault below is what counts
      expectEqual(returned.filter((each) => each !== undefined), [], 'what submit, modify and cancel returned');
    },
  }),
];
