import type { Fill } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import { expectEqual, expectError, expectThat, show, vacuousUnless } from '../../frame/expectations.js';
import { FAR } from './broker-bench.js';
import { brokerCard } from './broker-card.js';

export const connectionCards = [
  brokerCard({
    id: 'BRK-800',
    title: 'an order whose answer is lost is unknown, not failed',
    why: 'taken as refused it would be sent again, and stand at the venue twice',
    needs: ['loseNextAnswer'],
    types: ['limit'],
    async play(bench) {
      await bench.control('loseNextAnswer')();
      const id = bench.submit({ type: 'limit', limit: -FAR });
      await bench.heardOf('outcome-unknown', id);
      expectEqual(bench.of('rejected', id).length, 0, 'number of rejected events');
    },
  }),
  brokerCard({
    id: 'BRK-810',
    title: 'an order whose answer was lost is in the state of the account',
    why: 'that is where an unknown outcome is settled',
    needs: ['loseNextAnswer'],
    types: ['limit'],
    async play(bench) {
      await bench.control('loseNextAnswer')();
      const id = bench.submit({ type: 'limit', limit: -FAR });
      await bench.settle();
      expectThat((await bench.openOrder(id)) !== undefined, `the open orders were ${show((await bench.snapshot()).orders)}`, `${id} among them`);
    },
  }),
  brokerCard({
    id: 'BRK-820',
    title: 'an order that never arrived is not met by silence',
    why: 'the instrument would wait for it for ever',
    needs: ['loseNextOrder'],
    types: ['limit'],
    async play(bench) {
      await bench.control('loseNextOrder')();
      const id = bench.submit({ type: 'limit', limit: -FAR });
      await bench.until(() => bench.of('outcome-unknown', id).length + bench.of('rejected', id).length > 0, 'outcome-unknown, or rejected');
      expectEqual(await bench.openOrder(id), undefined, 'what is at the venue');
    },
  }),
  brokerCard({
    id: 'BRK-830',
    title: 'an order of unknown outcome is not sent again by the adapter',
    why: 'nothing is sent again before the state of the venue was read: that is the kernel\'s part',
    needs: ['loseNextAnswer'],
    types: ['limit'],
    async play(bench) {
      await bench.control('loseNextAnswer')();
      bench.submit({ type: 'limit', limit: -FAR });
      for (let turn = 0; turn < 3; turn++) await bench.settle();
      const { orders } = await bench.snapshot();
      expectThat(orders.length <= 1, `the open orders were ${show(orders.map(({ clientOrderId }) => clientOrderId))}`, 'one at most');
    },
  }),
  brokerCard({
    id: 'BRK-900',
    title: 'a lost connection is told',
    why: 'entries stop, and people look, when the account is blind',
    needs: ['dropConnection'],
    async play(bench) {
      await bench.control('dropConnection')();
      await bench.until(() => bench.events.some((event) => event.kind === 'connection' && event.state === 'disconnected'), 'connection disconnected');
    },
  }),
  brokerCard({
    id: 'BRK-910',
    title: 'a connection that stands again is told',
    why: 'the kernel compares books and venue when it hears it',
    needs: ['dropConnection', 'restoreConnection'],
    async play(bench) {
      await bench.control('dropConnection')();
      await bench.settle();
      await bench.control('restoreConnection')();
      await bench.until(() => bench.events.some((event) => event.kind === 'connection' && event.state === 'connected'), 'connection connected');
    },
  }),
  brokerCard({
    id: 'BRK-920',
    title: 'an order that is sent without a connection is not met by silence',
    why: 'the instrument would wait for it for ever',
    needs: ['dropConnection'],
    types: ['limit'],
    async play(bench) {
      await bench.control('dropConnection')();
      await bench.settle();
      const id = bench.submit({ type: 'limit', limit: -FAR });
      await bench.until(() => bench.of('outcome-unknown', id).length + bench.of('rejected', id).length > 0, 'outcome-unknown, or rejected');
    },
  }),
  brokerCard({
    id: 'BRK-930',
    title: 'what filled while there was no connection is told afterwards',
    why: 'a position that nobody knows of has no stop',
    needs: ['dropConnection', 'restoreConnection', 'movePrice'],
    types: ['limit'],
    async play(bench) {
      const id = await bench.rest({ limit: -10 });
      await bench.control('dropConnection')();
      await bench.move(-12);
      await bench.control('restoreConnection')();
      await bench.until(() => bench.events.some((event) => event.kind === 'connection' && event.state === 'connected'), 'connection connected').catch(() => undefined); // BRK-910 tells
      const told = (await bench.broker.executionsSince(toUtcMs(0))).filter(({ clientOrderId }) => clientOrderId === id);
      const known = new Set([...told, ...bench.fills(id)].map(({ executionId }) => executionId));
      expectEqual(known.size, 1, 'number of executions known after the connection stands again');
      expectEqual(told.length, 1, 'number of executions that executionsSince tells');
    },
  }),
  brokerCard({
    id: 'BRK-940',
    title: 'a question without a connection fails with BRK_CONNECTION',
    why: 'an empty answer would be taken for an empty account',
    needs: ['dropConnection'],
    async play(bench) {
      await bench.control('dropConnection')();
      await bench.settle();
      await expectError(() => bench.broker.snapshot(), ['BRK_CONNECTION'], 'snapshot without a connection');
      await expectError(() => bench.broker.executionsSince(toUtcMs(0)), ['BRK_CONNECTION'], 'executionsSince without a connection');
    },
  }),
  brokerCard({
    id: 'BRK-950',
    title: 'nothing is sent again by the adapter once the connection stands again',
    why: 'what stood all the while would stand twice, and what has filled would fill twice',
    needs: ['dropConnection', 'restoreConnection', 'movePrice'],
    types: ['limit'],
    async play(bench) {
      await bench.trade('buy', 1);
      const id = await bench.rest();
      await bench.breakOff();
      await bench.tick();
      expectEqual((await bench.snapshot()).orders.map(({ clientOrderId }) => clientOrderId), [id], 'the open orders after the connection stood again');
      expectEqual(await bench.position(), bench.quantity(1), 'position after the connection stood again');
    },
  }),
  brokerCard({
    id: 'BRK-960',
    title: 'an order that was refused without a connection never reaches the venue',
    why: 'what was refused is decided anew, and the old order would trade on top of the new one',
    needs: ['dropConnection', 'restoreConnection'],
    types: ['limit'],
    async play(bench) {
      const id = bench.nextId();
      const refused = (): boolean => bench.of('rejected', id).length > 0;
      await bench.breakOff(async () => {
        bench.submit({ type: 'limit', limit: -FAR, clientOrderId: id });
        await bench.until(() => refused() || bench.of('outcome-unknown', id).length > 0, 'outcome-unknown, or rejected').catch(() => undefined); // BRK-920 tells
      });
      vacuousUnless(refused(), 'the broker does not refuse what is sent without a connection: its outcome is unknown');
      expectEqual((await bench.snapshot()).orders, [], 'the open orders after the connection stood again');
      expectEqual(bench.accepted, [], 'orders accepted');
    },
  }),
  brokerCard({
    id: 'BRK-970',
    title: 'what filled before the connection broke is told under the same execution ids afterwards, or not at all',
    why: 'the books tell by the id that it happened once: under another one the position is booked twice',
    needs: ['dropConnection', 'restoreConnection'],
    async play(bench) {
      const id = await bench.trade('buy', 2);
      const ids = (fills: readonly Fill[]): string[] => fills.filter(({ clientOrderId }) => clientOrderId === id).map(({ executionId }) => executionId).sort();
      const before = ids(bench.fills(id));
      await bench.breakOff();
      expectEqual(ids(bench.fills(id)), before, 'execution ids that the events told');
      expectEqual(ids(await bench.broker.executionsSince(toUtcMs(0))), before, 'execution ids that executionsSince tells');
    },
  }),
];
