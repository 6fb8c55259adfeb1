import { InstrumentGrid } from '@keelson/core/domain';
import { expectEqual, expectThat, show } from '../../frame/expectations.js';
import { FAR } from './broker-bench.js';
import { brokerCard } from './broker-card.js';

export const submitCards = [
  brokerCard({
    id: 'BRK-100',
    title: 'a market order is accepted and fills for its whole quantity',
    why: 'a position smaller than decided, or larger, is not what was risked',
    async play(bench) {
      const id = await bench.trade('buy', 3);
      await bench.heardOf('accepted', id);
      await bench.settle();
      expectEqual(bench.filled(id), bench.quantity(3), 'quantity filled');
    },
  }),
  brokerCard({
    id: 'BRK-110',
    title: 'a fill says all that the books need',
    why: 'cash, profit and costs are booked from it alone',
    async play(bench) {
      const id = await bench.trade('sell', 1);
      for (const fill of bench.fills(id)) {
        const { executionId, clientOrderId, instrument, side, quantity, price, commission, commissionCurrency, slippage, liquidity, time } = fill;
        expectEqual({ clientOrderId, instrument, side }, { clientOrderId: id, instrument: bench.instrument.id, side: 'sell' }, 'order, instrument and side of the fill');
        expectThat(typeof executionId === 'string' && executionId !== '', `executionId was ${show(executionId)}`, 'text');
        expectThat(quantity > 0 && new InstrumentGrid(bench.instrument).lots.holds(quantity), `quantity was ${show(quantity)}`, `a multiple of the lot ${bench.instrument.lotSize}`);
        expectThat([price, commission, slippage, time].every(Number.isFinite), `price, commission, slippage and time were ${show([price, commission, slippage, time])}`, 'numbers');
        expectThat(/^[A-Z0-9]{2,}$/.test(commissionCurrency), `commissionCurrency was ${show(commissionCurrency)}`, 'a currency');
        expectThat(liquidity === 'maker' || liquidity === 'taker', `liquidity was ${show(liquidity)}`, 'maker or taker');
      }
    },
  }),
  brokerCard({
    id: 'BRK-120',
    title: 'a limit order away from the market rests',
    why: 'an entry at a price must not trade at another',
    types: ['limit'],
    async play(bench) {
      for (const side of ['buy', 'sell'] as const) {
        const id = await bench.rest({ side });
        await bench.settle();
        expectEqual(bench.filled(id), 0, `quantity filled of a ${side} limit away from the market`);
        expectThat((await bench.openOrder(id)) !== undefined, `the ${side} limit was not among the open orders`, 'it to rest');
      }
    },
  }),
  brokerCard({
    id: 'BRK-130',
    title: 'a limit order fills at its limit or better once the market comes to it',
    why: 'the limit is the worst price that was agreed to',
    needs: ['movePrice'],
    types: ['limit'],
    async play(bench) {
      const limit = bench.price(-10);
      const id = await bench.rest({ limit: -10 });
      await bench.move(-12);
      await bench.untilFilled(id, 1);
      for (const { price } of bench.fills(id)) expectThat(price <= limit, `a buy limit of ${limit} filled at ${price}`, 'its limit or less');
    },
  }),
  brokerCard({
    id: 'BRK-140',
    title: 'a stop waits for the market, and then fills',
    why: 'a stop that goes off early closes what should stand, and one that does not go off protects nothing',
    needs: ['movePrice'],
    types: ['stop'],
    async play(bench) {
      const id = bench.submit({ type: 'stop', stop: 20 });
      await bench.heardOf('accepted', id);
      await bench.move(5);
      expectEqual(bench.filled(id), 0, 'quantity filled before the stop was reached');
      await bench.move(20);
      await bench.untilFilled(id, 1);
    },
  }),
  brokerCard({
    id: 'BRK-150',
    title: 'a stop-limit order never fills beyond its limit',
    why: 'the limit bounds what a jump of the market costs',
    needs: ['movePrice'],
    types: ['stop-limit'],
    async play(bench) {
      const limit = bench.price(5);
      const id = bench.submit({ type: 'stop-limit', stop: 10, limit: 5 });
      await bench.heardOf('accepted', id);
      await bench.move(15);
      await bench.move(-12);
      await bench.untilFilled(id, 1);
      for (const { price } of bench.fills(id)) expectThat(price <= limit, `a stop-limit of ${limit} filled at ${price}`, 'its limit or less');
    },
  }),
  brokerCard({
    id: 'BRK-160',
    title: 'a trailing stop follows the market and fills when it turns',
    why: 'the profit that it should keep is lost when it stays where it began',
    needs: ['movePrice'],
    types: ['trailing-stop'],
    async play(bench) {
      await bench.trade('buy', 1);
      const id = bench.submit({ side: 'sell', role: 'exit', reduceOnly: true, type: 'trailing-stop', trail: 10, stop: -10 });
      await bench.heardOf('accepted', id);
      await bench.move(30);
      await bench.move(-4);
      expectEqual(bench.filled(id), 0, 'quantity filled within its distance');
      await bench.move(-16);
      await bench.untilFilled(id, 1);
    },
  }),
  brokerCard({
    id: 'BRK-170',
    title: 'an order that is immediate or cancel does not rest',
    why: 'what was to trade now or never would trade later',
    types: ['limit'],
    times: ['ioc'],
    async play(bench) {
      const id = bench.submit({ type: 'limit', limit: -FAR, timeInForce: 'ioc' });
      await bench.settle();
      await bench.tick();
      await bench.heardOf('canceled', id);
      expectEqual(await bench.openOrder(id), undefined, 'what was left at the venue');
    },
  }),
  brokerCard({
    id: 'BRK-180',
    title: 'a day order ends with the session, and says so',
    why: 'an entry of yesterday would fill today',
    needs: ['endSession'],
    types: ['limit'],
    times: ['day'],
    async play(bench) {
      const id = await bench.rest({ timeInForce: 'day' });
      await bench.control('endSession')();
      await bench.heardOf('expired', id);
      expectEqual(await bench.openOrder(id), undefined, 'what was left at the venue');
    },
  }),
  brokerCard({
    id: 'BRK-190',
    title: 'an order that only reduces never turns the position around',
    why: 'two exits that race would open the opposite position',
    needs: ['movePrice'],
    async play(bench) {
      await bench.trade('buy', 1);
      const id = bench.submit({ side: 'sell', lots: 2, role: 'exit', reduceOnly: true });
      await bench.tick();
      await bench.untilFilled(id, 1);
      await bench.tick();
      expectEqual(await bench.position(), 0, 'position after a reduce-only sale of 2 out of 1');
    },
  }),
  brokerCard({
    id: 'BRK-200',
    title: 'a repeated client order id yields one order',
    why: 'an order that is sent once more after a doubt would double the position',
    types: ['limit'],
    async play(bench) {
      const intent = bench.intent({ type: 'limit', limit: -FAR });
      const id = bench.send(intent);
      await bench.heardOf('accepted', id);
      bench.send(intent);
      await bench.settle();
      expectEqual((await bench.snapshot()).orders.length, 1, 'number of open orders');
      expectEqual(bench.accepted, [id], 'orders accepted');
    },
  }),
  brokerCard({
    id: 'BRK-210',
    title: 'a client order id is used up when its order has ended',
    why: 'a repeat that comes late would trade again',
    types: ['limit'],
    async play(bench) {
      const intent = bench.intent({ type: 'limit', limit: -FAR });
      const id = bench.send(intent);
      await bench.heardOf('accepted', id);
      bench.broker.cancel(id);
      await bench.heardOf('canceled', id);
      bench.send(intent);
      await bench.settle();
      expectEqual(bench.accepted, [id], 'orders accepted');
    },
  }),
  brokerCard({
    id: 'BRK-220',
    title: 'a client order id of the process before yields no second order',
    why: 'a process that died after sending cannot know that it had sent',
    types: ['limit'],
    async play(bench) {
      const intent = bench.intent({ type: 'limit', limit: -FAR });
      await bench.heardOf('accepted', bench.send(intent));
      await bench.restart();
      bench.send(intent);
      await bench.settle();
      const ids = (await bench.snapshot()).orders.map(({ clientOrderId }) => clientOrderId);
      expectThat(ids.length <= 1, `the open orders were ${show(ids)}`, 'one at most');
    },
  }),
  brokerCard({
    id: 'BRK-230',
    title: 'an order that is good till cancelled outlives the session',
    why: 'an exit that ends with the day leaves the position of the night without one',
    needs: ['endSession'],
    types: ['limit'],
    times: ['gtc'],
    async play(bench) {
      const id = await bench.rest({ timeInForce: 'gtc' });
      await bench.control('endSession')();
      for (let turn = 0; turn < 3; turn++) await bench.settle();
      expectEqual([...bench.of('expired', id), ...bench.of('canceled', id)].map(({ kind }) => kind), [], 'ends that were told of the order');
      expectThat((await bench.openOrder(id)) !== undefined, `the open orders were ${show((await bench.snapshot()).orders)}`, `${id} among them`);
    },
  }),
];
