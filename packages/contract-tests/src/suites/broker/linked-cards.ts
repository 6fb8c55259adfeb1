import type { ClientOrderId } from '@keelson/core/domain';
import { expectEqual, expectThat, show } from '../../frame/expectations.js';
import type { BrokerBench, OrderFields } from './broker-bench.js';
import { FAR } from './broker-bench.js';
import { brokerCard } from './broker-card.js';
import { expectRefused } from './expect-refusal.js';

const BRACKET = { stop: -20, target: 20 } as const;

type Bracket = { readonly entry: ClientOrderId; readonly stop: ClientOrderId; readonly target: ClientOrderId };

function submitBracket(bench: BrokerBench, fields: OrderFields = {}): Bracket {
  const entry = bench.submit({ bracket: BRACKET, ...fields });
  return { entry, stop: `${entry}-stop`, target: `${entry}-target` };
}

/** A position with its stop and target at the venue. */
async function openBracket(bench: BrokerBench, lots = 1, fields: OrderFields = {}): Promise<Bracket> {
  const bracket = submitBracket(bench, { ...fields, lots });
  await bench.tick();
  await bench.untilFilled(bracket.entry, lots);
  return bracket;
}

/** Two orders of one group around the position that they leave. */
async function openGroup(bench: BrokerBench, lots: number): Promise<{ readonly limit: ClientOrderId; readonly stop: ClientOrderId }> {
  await bench.trade('buy', lots);
  const exit = { side: 'sell', lots, role: 'exit', reduceOnly: true, ocoGroup: `${bench.session.run ?? 'contract'}-group` } as const;
  const limit = bench.submit({ ...exit, type: 'limit', limit: 20 });
  const stop = bench.submit({ ...exit, type: 'stop', stop: -20 });
  await bench.heardOf('accepted', limit);
  await bench.heardOf('accepted', stop);
  return { limit, stop };
}

export const linkedCards = [
  brokerCard({
    id: 'BRK-500',
    title: 'partial fills add up, and each has an id of its own',
    why: 'executions are booked once by id: two of one id are one',
    needs: ['movePrice', 'limitLiquidity'],
    types: ['limit'],
    async play(bench) {
      await bench.control('limitLiquidity')(bench.quantity(1));
      const id = await bench.rest({ lots: 3, limit: -10 });
      await bench.move(-12);
      for (let times = 0; times < 3; times++) await bench.tick();
      await bench.until(() => bench.events.filter((event) => event.kind === 'fill' && event.fill.clientOrderId === id).length >= 3, 'three fills');
      expectEqual(bench.fills(id).length, 3, 'number of execution ids');
      expectEqual(bench.filled(id), bench.quantity(3), 'quantity filled');
    },
  }),
  brokerCard({
    id: 'BRK-510',
    title: 'the state of the account says how much of an order has filled',
    why: 'after a restart the books know it from there alone',
    needs: ['movePrice', 'limitLiquidity'],
    types: ['limit'],
    async play(bench) {
      await bench.control('limitLiquidity')(bench.quantity(1));
      const id = await bench.rest({ lots: 3, limit: -10 });
      await bench.move(-12);
      await bench.untilFilled(id, 1);
      const { quantity, filled, status } = (await bench.openOrder(id)) ?? {};
      expectEqual({ quantity, filled, status }, { quantity: bench.quantity(3), filled: bench.quantity(1), status: 'partially-filled' }, 'quantity, filled and status at the venue');
    },
  }),
  brokerCard({
    id: 'BRK-600',
    title: 'the exits of a bracket are accepted with their entry, and wait for it',
    why: 'an exit that works before the entry opens a position of its own',
    types: ['limit', 'stop'],
    has: ['nativeBrackets'],
    async play(bench) {
      const { entry, stop, target } = submitBracket(bench, { type: 'limit', limit: -FAR, bracket: { stop: -FAR - 20, target: -FAR + 20 } });
      for (const id of [entry, stop, target]) await bench.heardOf('accepted', id);
      await bench.tick();
      for (const id of [stop, target]) {
        expectEqual((await bench.openOrder(id))?.status, 'held', `status of ${id} at the venue`);
        expectEqual(bench.filled(id), 0, `quantity filled of ${id}`);
      }
    },
  }),
  brokerCard({
    id: 'BRK-610',
    title: 'the exits of a bracket become active with the fill of their entry',
    why: 'the books count a position as protected from then on',
    types: ['limit', 'stop'],
    has: ['nativeBrackets'],
    async play(bench) {
      const { stop, target } = await openBracket(bench);
      for (const id of [stop, target]) expectEqual((await bench.heardOf('activated', id)).quantity, bench.quantity(1), `quantity of activated ${id}`);
    },
  }),
  brokerCard({
    id: 'BRK-620',
    title: 'the exits of a bracket cover exactly what has filled',
    why: 'less leaves a part without a stop, more opens the opposite position',
    needs: ['movePrice', 'limitLiquidity'],
    types: ['limit', 'stop'],
    has: ['nativeBrackets'],
    async play(bench) {
      await bench.control('limitLiquidity')(bench.quantity(1));
      const { entry, stop } = submitBracket(bench, { lots: 2, type: 'limit', limit: -5 });
      await bench.heardOf('accepted', entry);
      await bench.move(-7);
      for (const lots of [1, 2]) {
        await bench.untilFilled(entry, lots);
        await bench.settle();
        expectEqual(bench.of('activated', stop).at(-1)?.quantity, bench.quantity(lots), `quantity of the stop with ${lots} filled`);
        expectEqual((await bench.openOrder(stop))?.quantity, bench.quantity(lots), `quantity of the stop at the venue with ${lots} filled`);
        if (lots === 1) await bench.tick();
      }
    },
  }),
  brokerCard({
    id: 'BRK-630',
    title: 'when the stop of a bracket fills, the target is cancelled',
    why: 'what is left of the bracket would trade without a position',
    needs: ['movePrice'],
    types: ['limit', 'stop'],
    has: ['nativeBrackets'],
    async play(bench) {
      const { stop, target } = await openBracket(bench);
      await bench.move(-25);
      await bench.untilFilled(stop, 1);
      await bench.heardOf('canceled', target);
      expectEqual(await bench.position(), 0, 'position');
    },
  }),
  brokerCard({
    id: 'BRK-640',
    title: 'when the target of a bracket fills, the stop is cancelled',
    why: 'what is left of the bracket would trade without a position',
    needs: ['movePrice'],
    types: ['limit', 'stop'],
    has: ['nativeBrackets'],
    async play(bench) {
      const { stop, target } = await openBracket(bench);
      await bench.move(25);
      await bench.untilFilled(target, 1);
      await bench.heardOf('canceled', stop);
      expectEqual(await bench.position(), 0, 'position');
    },
  }),
  brokerCard({
    id: 'BRK-650',
    title: 'when an entry is cancelled before it filled, its exits end with it',
    why: 'exits without an entry open a position',
    types: ['limit', 'stop'],
    has: ['nativeBrackets'],
    async play(bench) {
      const { entry, stop, target } = submitBracket(bench, { type: 'limit', limit: -FAR, bracket: { stop: -FAR - 20, target: -FAR + 20 } });
      await bench.heardOf('accepted', entry);
      bench.broker.cancel(entry);
      for (const id of [entry, stop, target]) await bench.heardOf('canceled', id);
      expectEqual((await bench.snapshot()).orders, [], 'what was left at the venue');
    },
  }),
  brokerCard({
    id: 'BRK-660',
    title: 'when an entry is refused, its exits never come to life',
    why: 'exits without an entry open a position',
    needs: ['refuseNext'],
    types: ['limit', 'stop'],
    has: ['nativeBrackets'],
    async play(bench) {
      await bench.control('refuseNext')();
      const { entry, stop, target } = submitBracket(bench);
      await expectRefused(bench, entry);
      await bench.tick();
      for (const id of [stop, target]) expectThat(bench.of('accepted', id).length + bench.of('activated', id).length === 0, `the events were ${bench.said()}`, `nothing that brings ${id} to life`);
    },
  }),
  brokerCard({
    id: 'BRK-670',
    title: 'the exits of a bracket outlive the session, also where the entry is of the day',
    why: 'the position is held over night, and has no stop without them',
    needs: ['endSession'],
    types: ['limit', 'stop'],
    has: ['nativeBrackets'],
    async play(bench) {
      const { stop, target } = await openBracket(bench, 1, bench.broker.capabilities.timesInForce.includes('day') ? { timeInForce: 'day' } : {});
      await bench.control('endSession')();
      for (let turn = 0; turn < 3; turn++) await bench.settle();
      const left = (await bench.snapshot()).orders.map(({ clientOrderId }) => clientOrderId).sort();
      expectEqual(left, [stop, target].sort(), 'the open orders after the session');
    },
  }),
  brokerCard({
    id: 'BRK-700',
    title: 'when an order of a group fills, the other one is cancelled',
    why: 'both together turn the position around',
    needs: ['movePrice'],
    types: ['limit', 'stop'],
    has: ['oco'],
    async play(bench) {
      const { limit, stop } = await openGroup(bench, 1);
      await bench.move(25);
      await bench.untilFilled(limit, 1);
      await bench.heardOf('canceled', stop);
      expectEqual((await bench.snapshot()).orders, [], 'what was left at the venue');
    },
  }),
  brokerCard({
    id: 'BRK-710',
    title: 'a partial fill takes as much from the other order of its group',
    why: 'the rest of the position keeps its protection, and no more than the rest',
    needs: ['movePrice', 'limitLiquidity'],
    types: ['limit', 'stop'],
    has: ['oco'],
    async play(bench) {
      const { limit, stop } = await openGroup(bench, 2);
      await bench.control('limitLiquidity')(bench.quantity(1));
      await bench.move(25);
      await bench.untilFilled(limit, 1);
      const { quantity } = await bench.heardOf('modified', stop);
      expectEqual(quantity, bench.quantity(1), 'quantity of the stop');
      expectThat((await bench.openOrder(stop))?.quantity === bench.quantity(1), `the stop at the venue was ${show(await bench.openOrder(stop))}`, 'one for what is left');
    },
  }),
];
