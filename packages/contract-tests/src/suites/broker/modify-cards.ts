import type { ClientOrderId } from '@keelson/core/domain';
import { expectEqual, expectThat, show, vacuousUnless } from '../../frame/expectations.js';
import { FAR, type BrokerBench, type OrderFields } from './broker-bench.js';
import { brokerCard } from './broker-card.js';
import { expectRefusal } from './expect-refusal.js';

/** An order that has filled for one lot of three, with the market away from it again. */
async function fillInPart(bench: BrokerBench, fields: OrderFields = {}): Promise<ClientOrderId> {
  await bench.control('limitLiquidity')(bench.quantity(1));
  const id = await bench.rest({ lots: 3, limit: -10, ...fields });
  await bench.move(-12);
  await bench.untilFilled(id, 1);
  await bench.move(20);
  return id;
}

/** Fails where the end of an order says another quantity than its fills do. That the end is told, other cards hold. */
async function expectFilledSaid(bench: BrokerBench, kind: 'canceled' | 'expired', id: ClientOrderId): Promise<void> {
  await bench.until(() => bench.of(kind, id).length > 0, `${kind} ${id}`).catch(() => undefined);
  const said = bench.of(kind, id)[0]?.filled;
  vacuousUnless(said !== undefined, `the broker does not say in ${kind} how much had filled`);
  expectEqual(said, bench.filled(id), `quantity that ${kind} says had filled`);
}

export const modifyCards = [
  brokerCard({
    id: 'BRK-310',
    title: 'a working order takes a new limit price, and says it',
    why: 'the plan of a position states the prices that stand at the venue',
    types: ['limit'],
    has: ['modify'],
    async play(bench) {
      const id = await bench.rest();
      const limitPrice = bench.price(-FAR + 10);
      bench.modify(id, { limitPrice });
      expectEqual((await bench.heardOf('modified', id)).limitPrice, limitPrice, 'limitPrice of the event modified');
    },
  }),
  brokerCard({
    id: 'BRK-320',
    title: 'a working order takes a larger quantity',
    why: 'an exit has to cover what the position has grown to',
    types: ['limit'],
    has: ['modify'],
    async play(bench) {
      const id = await bench.rest();
      bench.modify(id, { quantity: bench.quantity(2) });
      expectEqual((await bench.heardOf('modified', id)).quantity, bench.quantity(2), 'quantity of the event modified');
      expectEqual((await bench.openOrder(id))?.quantity, bench.quantity(2), 'quantity at the venue');
    },
  }),
  brokerCard({
    id: 'BRK-330',
    title: 'a stop takes a new price',
    why: 'a stop that does not trail gives the profit back',
    types: ['stop'],
    has: ['modify'],
    async play(bench) {
      const id = bench.submit({ type: 'stop', stop: FAR });
      await bench.heardOf('accepted', id);
      const stopPrice = bench.price(FAR - 20);
      bench.modify(id, { stopPrice });
      expectEqual((await bench.heardOf('modified', id)).stopPrice, stopPrice, 'stopPrice of the event modified');
    },
  }),
  brokerCard({
    id: 'BRK-340',
    title: 'a change of an order that is not known is refused with BRK_UNKNOWN_ORDER',
    why: 'the books hold an order that does not exist, and have to find that out',
    has: ['modify'],
    async play(bench) {
      const id = bench.nextId();
      bench.modify(id, { quantity: bench.quantity(2) });
      await expectRefusal(bench, 'modify-rejected', id, ['BRK_UNKNOWN_ORDER']);
    },
  }),
  brokerCard({
    id: 'BRK-350',
    title: 'a change of an order that has ended is refused',
    why: 'the caller waits for an answer',
    types: ['limit'],
    has: ['modify'],
    async play(bench) {
      const id = await bench.rest();
      bench.broker.cancel(id);
      await bench.heardOf('canceled', id);
      bench.modify(id, { limitPrice: bench.price(-FAR + 10) });
      await expectRefusal(bench, 'modify-rejected', id);
    },
  }),
  brokerCard({
    id: 'BRK-360',
    title: 'a change that is refused leaves the order as it was',
    why: 'a stop that is lost over a wrong change protects nothing',
    types: ['limit'],
    has: ['modify'],
    async play(bench) {
      const limitPrice = bench.price(-FAR);
      const id = await bench.rest();
      bench.modify(id, { limitPrice: limitPrice + bench.instrument.tickSize / 2 });
      await expectRefusal(bench, 'modify-rejected', id);
      const order = await bench.openOrder(id);
      expectThat(order !== undefined && (order.limitPrice === undefined || order.limitPrice === limitPrice), `the order at the venue was ${show(order)}`, `one with a limit of ${limitPrice}`);
    },
  }),
  brokerCard({
    id: 'BRK-370',
    title: 'a quantity below what has filled is refused, and the rest goes on working',
    why: 'executions cannot be undone by a change',
    needs: ['movePrice', 'limitLiquidity'],
    types: ['limit'],
    has: ['modify'],
    async play(bench) {
      await bench.control('limitLiquidity')(bench.quantity(2));
      const id = await bench.rest({ lots: 3, limit: -10 });
      await bench.move(-12);
      await bench.untilFilled(id, 2);
      bench.modify(id, { quantity: bench.quantity(1) });
      await expectRefusal(bench, 'modify-rejected', id);
      await bench.tick();
      await bench.untilFilled(id, 3);
    },
  }),
  brokerCard({
    id: 'BRK-400',
    title: 'a working order can be cancelled',
    why: 'an entry that is no longer wanted must not fill',
    types: ['limit'],
    async play(bench) {
      const id = await bench.rest();
      bench.broker.cancel(id);
      await bench.heardOf('canceled', id);
      expectEqual(await bench.openOrder(id), undefined, 'what was left at the venue');
    },
  }),
  brokerCard({
    id: 'BRK-410',
    title: 'a cancel of an order that is not known is refused with BRK_UNKNOWN_ORDER',
    why: 'the books hold an order that does not exist, and have to find that out',
    async play(bench) {
      const id = bench.nextId();
      bench.broker.cancel(id);
      await expectRefusal(bench, 'cancel-rejected', id, ['BRK_UNKNOWN_ORDER']);
    },
  }),
  brokerCard({
    id: 'BRK-420',
    title: 'a cancel of an order that has filled is refused',
    why: 'an order that seems cancelled hides the position that it made',
    async play(bench) {
      const id = await bench.trade('buy', 1);
      bench.broker.cancel(id);
      await expectRefusal(bench, 'cancel-rejected', id);
      expectEqual(bench.of('canceled', id).length, 0, 'number of canceled events of a filled order');
    },
  }),
  brokerCard({
    id: 'BRK-430',
    title: 'an order that is cancelled twice ends once',
    why: 'an order that ends twice is taken out of the books twice',
    types: ['limit'],
    async play(bench) {
      const id = await bench.rest();
      bench.broker.cancel(id);
      await bench.heardOf('canceled', id);
      bench.broker.cancel(id);
      await bench.settle();
      expectEqual(bench.of('canceled', id).length, 1, 'number of canceled events');
    },
  }),
  brokerCard({
    id: 'BRK-440',
    title: 'a cancel that comes after the fill is refused, and the fill is told',
    why: 'the race of cancel and fill is where positions without protection come from',
    needs: ['movePrice', 'hold', 'release'],
    types: ['limit'],
    async play(bench) {
      const id = await bench.rest({ limit: -10 });
      await bench.control('hold')();
      await bench.move(-12);
      bench.broker.cancel(id);
      await bench.settle();
      await bench.control('release')();
      await bench.untilFilled(id, 1);
      await bench.heardOf('cancel-rejected', id);
      expectEqual(bench.of('canceled', id).length, 0, 'number of canceled events of a filled order');
    },
  }),
  brokerCard({
    id: 'BRK-450',
    title: 'a cancel ends what is left of an order, and keeps what has filled',
    why: 'the part that has filled is a position',
    needs: ['movePrice', 'limitLiquidity'],
    types: ['limit'],
    async play(bench) {
      await bench.control('limitLiquidity')(bench.quantity(1));
      const id = await bench.rest({ lots: 2, limit: -10 });
      await bench.move(-12);
      await bench.untilFilled(id, 1);
      bench.broker.cancel(id);
      await bench.heardOf('canceled', id);
      await bench.tick();
      expectEqual(bench.filled(id), bench.quantity(1), 'quantity filled');
      expectEqual(await bench.position(), bench.quantity(1), 'position');
    },
  }),
  brokerCard({
    id: 'BRK-460',
    title: 'a cancel that says how much had filled says all of it',
    why: 'a fill that was missed is found out by it: one that is not counted makes a position that nobody knows of',
    needs: ['movePrice', 'limitLiquidity'],
    types: ['limit'],
    async play(bench) {
      const id = await fillInPart(bench);
      bench.broker.cancel(id);
      await expectFilledSaid(bench, 'canceled', id);
    },
  }),
  brokerCard({
    id: 'BRK-470',
    title: 'an expiry that says how much had filled says all of it',
    why: 'a fill that was missed is found out by it: one that is not counted makes a position that nobody knows of',
    needs: ['movePrice', 'limitLiquidity', 'endSession'],
    types: ['limit'],
    times: ['day'],
    async play(bench) {
      const id = await fillInPart(bench, { timeInForce: 'day' });
      await bench.control('endSession')();
      await expectFilledSaid(bench, 'expired', id);
    },
  }),
];
