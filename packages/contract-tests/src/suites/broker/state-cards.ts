import { toPrice, toUtcMs } from '@keelson/core/domain';
import type { OpenOrder } from '@keelson/core/ports';
import { expectEqual, expectThat, show, skipUnless } from '../../frame/expectations.js';
import { FAR, type OrderFields } from './broker-bench.js';
import { brokerCard } from './broker-card.js';

export const stateCards = [
  brokerCard({
    id: 'BRK-1000',
    title: 'the state of a flat account has no orders, no positions, and its cash',
    why: 'a position of nothing would be protected, and cash is what sizes are taken from',
    async play(bench) {
      const { orders, positions, cash, time } = await bench.snapshot();
      expectEqual({ orders, positions }, { orders: [], positions: [] }, 'orders and positions');
      expectThat(cash.length > 0 && cash.every(({ currency, amount }) => /^[A-Z0-9]{2,}$/.test(currency) && Number.isFinite(amount)), `cash was ${show(cash)}`, 'amounts with their currency');
      expectThat(Number.isFinite(time), `time was ${show(time)}`, 'milliseconds since 1970');
    },
  }),
  brokerCard({
    id: 'BRK-1010',
    title: 'positions are signed, and are what the fills add up to',
    why: 'a short position that is read as a long one is doubled when it is left',
    async play(bench) {
      await bench.trade('sell', 2);
      expectEqual(await bench.position(), -bench.quantity(2), 'position after a sale of 2');
      await bench.trade('buy', 1);
      expectEqual(await bench.position(), -bench.quantity(1), 'position after 1 was bought back');
    },
  }),
  brokerCard({
    id: 'BRK-1020',
    title: 'an open order is told with its id, side, quantities and prices',
    why: 'after a restart the books know it from there alone',
    types: ['limit', 'stop'],
    async play(bench) {
      const limit = await bench.rest({ side: 'sell', lots: 2 });
      const stop = bench.submit({ type: 'stop', stop: FAR });
      await bench.heardOf('accepted', stop);
      const orders = (await bench.snapshot()).orders.map(({ clientOrderId, instrument, side, quantity, filled, status, limitPrice, stopPrice }) => ({ clientOrderId, instrument, side, quantity, filled, status, price: limitPrice ?? stopPrice }));
      const common = { instrument: bench.instrument.id, filled: 0, status: 'working' };
      expectEqual(orders.find(({ clientOrderId }) => clientOrderId === limit), { clientOrderId: limit, ...common, side: 'sell', quantity: bench.quantity(2), price: bench.price(FAR) }, 'the limit order at the venue');
      expectEqual(orders.find(({ clientOrderId }) => clientOrderId === stop), { clientOrderId: stop, ...common, side: 'buy', quantity: bench.quantity(1), price: bench.price(FAR) }, 'the stop at the venue');
    },
  }),
  brokerCard({
    id: 'BRK-1030',
    title: 'a new process finds the orders and positions of the one before',
    why: 'a crash must not lose a position, nor its stop',
    types: ['limit'],
    async play(bench) {
      await bench.trade('buy', 1);
      const id = await bench.rest();
      await bench.restart();
      expectEqual(await bench.position(), bench.quantity(1), 'position');
      expectThat((await bench.openOrder(id)) !== undefined, `the open orders were ${show((await bench.snapshot()).orders)}`, `${id} among them`);
    },
  }),
  brokerCard({
    id: 'BRK-1040',
    title: 'a position is told with its average price',
    why: 'what is adopted without a price has no profit and no stop distance',
    async play(bench) {
      const id = await bench.trade('buy', 2);
      const fills = bench.fills(id);
      const average = fills.reduce((sum, { price, quantity }) => sum + price * quantity, 0) / bench.filled(id);
      const found = (await bench.snapshot()).positions.find(({ instrument }) => instrument === bench.instrument.id)?.averagePrice;
      // some venues count commissions in
      const slack = fills.reduce((sum, { commission }) => sum + Math.abs(commission), 0) / (bench.filled(id) * bench.instrument.multiplier) + 1e-6;
      expectThat(found !== undefined && Math.abs(found - average) <= slack, `averagePrice was ${show(found)}`, `${average}, as the fills have it`);
    },
  }),
  brokerCard({
    id: 'BRK-1050',
    title: 'the prices of an open order are told as what they are, a limit as a limit and a stop as a stop',
    why: 'a stop that is read as a limit order is taken for another order than the one that protects',
    types: ['limit', 'stop'],
    async play(bench) {
      const price = toPrice(bench.price(FAR));
      const expectPrices = async (fields: OrderFields, expected: Pick<OpenOrder, 'limitPrice' | 'stopPrice'>): Promise<void> => {
        const id = bench.submit(fields);
        await bench.heardOf('accepted', id);
        const found = await bench.openOrder(id);
        expectEqual({ limitPrice: found?.limitPrice, stopPrice: found?.stopPrice }, { limitPrice: undefined, stopPrice: undefined, ...expected }, `prices of the ${fields.type} order at the venue`);
      };
      await expectPrices({ type: 'limit', limit: -FAR }, { limitPrice: toPrice(bench.price(-FAR)) });
      await expectPrices({ type: 'stop', stop: FAR }, { stopPrice: price });
      if (bench.broker.capabilities.orderTypes.includes('stop-limit')) await expectPrices({ type: 'stop-limit', stop: FAR, limit: FAR + 10 }, { stopPrice: price, limitPrice: toPrice(bench.price(FAR + 10)) });
    },
  }),
  brokerCard({
    id: 'BRK-1100',
    title: 'executionsSince tells the same executions as the events did',
    why: 'two tellings of one execution that differ are booked as two, or wrongly',
    async play(bench) {
      const id = await bench.trade('buy', 1);
      const told = (await bench.broker.executionsSince(toUtcMs(0))).filter(({ clientOrderId }) => clientOrderId === id);
      const brief = (fills: typeof told): unknown => fills.map(({ executionId, instrument, side, quantity, price }) => ({ executionId, instrument, side, quantity, price })).sort((a, b) => (a.executionId < b.executionId ? -1 : 1));
      expectEqual(brief(told), brief(bench.fills(id)), 'executions');
    },
  }),
  brokerCard({
    id: 'BRK-1110',
    title: 'executionsSince includes its moment, and nothing before',
    why: 'the kernel asks from the last known execution on: what is left out at the edge is lost',
    async play(bench) {
      const [first] = bench.fills(await bench.trade('buy', 1));
      await bench.tick();
      const [second] = bench.fills(await bench.trade('sell', 1));
      skipUnless(first !== undefined && second !== undefined && second.time > first.time, 'both fills have the same time');
      const ids = (await bench.broker.executionsSince(second.time)).map(({ executionId }) => executionId);
      expectThat(ids.includes(second.executionId), `executions since the time of ${second.executionId} were ${show(ids)}`, 'it among them');
      expectThat(!ids.includes(first.executionId), `executions since the time of ${second.executionId} were ${show(ids)}`, `none before, as ${first.executionId} is`);
    },
  }),
  brokerCard({
    id: 'BRK-1120',
    title: 'executionsSince tells the oldest first',
    why: 'profit is booked in the order of the executions',
    async play(bench) {
      await bench.trade('buy', 1);
      await bench.tick();
      await bench.trade('sell', 1);
      const times = (await bench.broker.executionsSince(toUtcMs(0))).map(({ time }) => time);
      expectEqual(times, [...times].sort((a, b) => a - b), 'times of the executions');
    },
  }),
  brokerCard({
    id: 'BRK-1130',
    title: 'an execution that the venue repeats keeps its id',
    why: 'the books tell by the id that it happened once',
    needs: ['repeatExecution'],
    async play(bench) {
      const id = await bench.trade('buy', 1);
      const [fill] = bench.fills(id);
      await bench.control('repeatExecution')(fill?.executionId ?? '');
      await bench.settle();
      expectEqual(bench.fills(id).map(({ executionId }) => executionId), [fill?.executionId], 'execution ids of the order');
      expectEqual(await bench.position(), bench.quantity(1), 'position');
    },
  }),
  brokerCard({
    id: 'BRK-1140',
    title: 'a corrected execution is told as a correction, with the new one',
    why: 'as one more fill it would change the position',
    needs: ['correctExecution'],
    async play(bench) {
      const id = await bench.trade('buy', 1);
      const [fill] = bench.fills(id);
      const price = bench.price(4);
      await bench.control('correctExecution')(fill?.executionId ?? '', price);
      await bench.until(() => bench.events.some(({ kind }) => kind === 'fill-corrected'), 'fill-corrected');
      const found = bench.events.flatMap((event) => (event.kind === 'fill-corrected' ? [{ executionId: event.executionId, price: event.replacement?.price, isNew: event.replacement?.executionId !== event.executionId }] : []));
      expectEqual(found, [{ executionId: fill?.executionId, price, isNew: true }], 'corrections');
      expectEqual(bench.fills(id).length, 1, 'number of plain fills');
    },
  }),
  brokerCard({
    id: 'BRK-1150',
    title: 'an execution that the venue takes back is told without a new one',
    why: 'the position that it made is gone, and so is what protects it',
    needs: ['takeBackExecution'],
    async play(bench) {
      const id = await bench.trade('buy', 1);
      const [fill] = bench.fills(id);
      await bench.control('takeBackExecution')(fill?.executionId ?? '');
      await bench.until(() => bench.events.some(({ kind }) => kind === 'fill-corrected'), 'fill-corrected');
      const found = bench.events.flatMap((event) => (event.kind === 'fill-corrected' ? [{ executionId: event.executionId, replacement: event.replacement }] : []));
      expectEqual(found, [{ executionId: fill?.executionId, replacement: undefined }], 'corrections');
      expectEqual(await bench.position(), 0, 'position');
    },
  }),
  brokerCard({
    id: 'BRK-1160',
    title: 'executionsSince tells what stands after a correction',
    why: 'an execution that was taken back would be booked again after a restart',
    needs: ['correctExecution'],
    async play(bench) {
      const [fill] = bench.fills(await bench.trade('buy', 1));
      const price = bench.price(4);
      await bench.control('correctExecution')(fill?.executionId ?? '', price);
      await bench.settle();
      const told = await bench.broker.executionsSince(toUtcMs(0));
      expectEqual(told.map((each) => each.price), [price], 'prices of the executions that stand');
    },
  }),
];
