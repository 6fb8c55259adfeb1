import type { OrderType, TimeInForce } from '@keelson/core/domain';
import { toPrice } from '@keelson/core/domain';
import type { MarginAnswer, MarginRequirement } from '@keelson/core/ports';
import { expectEqual, expectThat, show, vacuousUnless } from '../../frame/expectations.js';
import { FAR, type BrokerBench, type OrderFields } from './broker-bench.js';
import { brokerCard } from './broker-card.js';
import { expectRefusal, expectRefused } from './expect-refusal.js';

const TYPES: readonly OrderType[] = ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'];
const TIMES: readonly TimeInForce[] = ['day', 'gtc', 'ioc'];

/** An order to sell, of each type, away from the market where the type allows it. */
const SAMPLES: Readonly<Record<OrderType, OrderFields>> = {
  market: { side: 'sell', type: 'market' },
  limit: { side: 'sell', type: 'limit', limit: FAR },
  stop: { side: 'sell', type: 'stop', stop: -FAR },
  'stop-limit': { side: 'sell', type: 'stop-limit', stop: -FAR, limit: -FAR - 10 },
  'trailing-stop': { side: 'sell', type: 'trailing-stop', trail: FAR, stop: -FAR },
};

function askedOf(bench: BrokerBench, lots: number): MarginAnswer {
  return bench.broker.margin(bench.instrument, bench.quantity(lots), bench.session.price());
}

/** What so many lots need, where the venue asks for anything. */
function marginOf(bench: BrokerBench, lots: number): MarginRequirement {
  const margin = askedOf(bench, lots);
  vacuousUnless(margin !== undefined && margin !== 'none', 'the broker knows of no margin');
  return margin;
}

export const honestyCards = [
  brokerCard({
    id: 'BRK-1200',
    title: 'every order type that is declared is taken',
    why: 'an account that was accepted for it would find out with its first order',
    async play(bench) {
      for (const type of bench.broker.capabilities.orderTypes) {
        const id = bench.submit(SAMPLES[type]);
        await bench.until(() => bench.of('accepted', id).length + bench.of('rejected', id).length > 0, `an answer to a ${type} order`);
        expectEqual(bench.of('rejected', id).map(({ code, reason }) => `${code}: ${reason}`), [], `refusals of a ${type} order`);
      }
    },
  }),
  brokerCard({
    id: 'BRK-1210',
    title: 'an order type that is not declared is refused with BRK_UNSUPPORTED',
    why: 'an order that is sent as something else trades otherwise than decided',
    async play(bench) {
      const others = TYPES.filter((type) => !bench.broker.capabilities.orderTypes.includes(type));
      vacuousUnless(others.length > 0, 'the broker declares every order type');
      for (const type of others) await expectRefused(bench, bench.submit(SAMPLES[type]), ['BRK_UNSUPPORTED']);
    },
  }),
  brokerCard({
    id: 'BRK-1220',
    title: 'every time in force that is declared is taken',
    why: 'an account that was accepted for it would find out with its first order',
    types: ['limit'],
    async play(bench) {
      for (const timeInForce of bench.broker.capabilities.timesInForce) {
        const id = bench.submit({ ...SAMPLES.limit, timeInForce });
        await bench.until(() => bench.of('accepted', id).length + bench.of('rejected', id).length > 0, `an answer to an order with time in force ${timeInForce}`);
        expectEqual(bench.of('rejected', id).map(({ code, reason }) => `${code}: ${reason}`), [], `refusals of time in force ${timeInForce}`);
      }
    },
  }),
  brokerCard({
    id: 'BRK-1230',
    title: 'a time in force that is not declared is refused with BRK_UNSUPPORTED',
    why: 'an order that rests longer than decided fills when nobody wants it',
    types: ['limit'],
    async play(bench) {
      const others = TIMES.filter((time) => !bench.broker.capabilities.timesInForce.includes(time));
      vacuousUnless(others.length > 0, 'the broker declares every time in force');
      for (const timeInForce of others) await expectRefused(bench, bench.submit({ ...SAMPLES.limit, timeInForce }), ['BRK_UNSUPPORTED']);
    },
  }),
  brokerCard({
    id: 'BRK-1240',
    title: 'a bracket is refused with BRK_UNSUPPORTED where brackets are not declared',
    why: 'an entry that is taken without its exits is a position without protection',
    types: ['limit'],
    async play(bench) {
      vacuousUnless(!bench.broker.capabilities.nativeBrackets, 'the broker declares brackets');
      await expectRefused(bench, bench.submit({ type: 'limit', limit: -FAR, bracket: { stop: -FAR - 20, target: -FAR + 20 } }), ['BRK_UNSUPPORTED']);
    },
  }),
  brokerCard({
    id: 'BRK-1250',
    title: 'an order of a group is refused with BRK_UNSUPPORTED where groups are not declared',
    why: 'orders that are taken without their link both fill',
    types: ['limit'],
    async play(bench) {
      vacuousUnless(!bench.broker.capabilities.oco, 'the broker declares groups');
      await expectRefused(bench, bench.submit({ type: 'limit', limit: -FAR, ocoGroup: 'contract-group' }), ['BRK_UNSUPPORTED']);
    },
  }),
  brokerCard({
    id: 'BRK-1260',
    title: 'a change is refused with BRK_UNSUPPORTED where changes are not declared',
    why: 'a change that is dropped leaves a stop where it no longer belongs',
    types: ['limit'],
    async play(bench) {
      vacuousUnless(!bench.broker.capabilities.modify, 'the broker declares changes');
      const id = await bench.rest();
      bench.modify(id, { limitPrice: toPrice(bench.price(-FAR + 10)) });
      await expectRefusal(bench, 'modify-rejected', id, ['BRK_UNSUPPORTED']);
    },
  }),
  brokerCard({
    id: 'BRK-1300',
    title: 'a margin is no less to open than to hold, and neither is negative',
    why: 'the limits of the account are checked against it',
    async play(bench) {
      const margin = marginOf(bench, 1);
      expectThat(Number.isFinite(margin.initial) && margin.maintenance >= 0 && margin.initial >= margin.maintenance, `margin was ${show(margin)}`, 'initial >= maintenance >= 0');
    },
  }),
  brokerCard({
    id: 'BRK-1310',
    title: 'a larger position asks for more margin',
    why: 'the limits of the account are checked against it',
    async play(bench) {
      const [one, ten] = [marginOf(bench, 1).initial, marginOf(bench, 10).initial];
      vacuousUnless(one > 0, 'the broker asks nothing for one');
      expectThat(ten > one, `margin of 10 was ${ten}`, `more than that of 1 (${one})`);
    },
  }),
  brokerCard({
    id: 'BRK-1320',
    title: 'the margin is known once connected, or it is said that none is asked',
    why: 'no entry is sent while what it needs is not known',
    async play(bench) {
      for (let turn = bench.session.patience ?? 20; turn > 0 && askedOf(bench, 1) === undefined; turn--) await bench.settle();
      expectThat(askedOf(bench, 1) !== undefined, 'the margin was undefined', "amounts, or 'none'");
    },
  }),
  brokerCard({
    id: 'BRK-1330',
    title: 'a margin names the currency that it is in',
    why: 'an amount that is taken for one of another currency lets through more than the account can carry, or nothing',
    async play(bench) {
      const { currency } = marginOf(bench, 1);
      expectThat(typeof currency === 'string' && /^[A-Z][A-Z0-9]{1,9}$/.test(currency), `currency was ${show(currency)}`, 'a currency such as USD or USDT');
    },
  }),
  brokerCard({
    id: 'BRK-1400',
    title: 'an order is accepted before it fills, and nothing follows its end',
    why: 'books that hear of an order in another order than it happened hold a wrong state for a while, and act on it',
    async play(bench) {
      const id = await bench.trade('buy', 1);
      const kinds = bench.events.flatMap((event) => (event.kind === 'fill' ? (event.fill.clientOrderId === id ? ['fill'] : []) : 'clientOrderId' in event && event.clientOrderId === id ? [event.kind] : []));
      expectEqual(kinds, ['accepted', ...bench.fills(id).map(() => 'fill')], 'events of a market order, in their order');
    },
  }),
  brokerCard({
    id: 'BRK-1410',
    title: 'times of events are milliseconds, and do not run backwards',
    why: 'what happened since a time is asked for by them',
    types: ['limit'],
    async play(bench) {
      await bench.trade('buy', 1);
      const id = await bench.rest();
      bench.broker.cancel(id);
      await bench.heardOf('canceled', id);
      const times = bench.events.map((event) => (event.kind === 'fill' ? event.fill.time : event.kind === 'cash' ? event.movement.time : event.time));
      const year2000 = 946_684_800_000;
      expectThat(times.every((time) => Number.isFinite(time) && time > year2000 && time < year2000 * 10), `times of events were ${show(times)}`, 'milliseconds since 1970');
      expectEqual(times, [...times].sort((a, b) => a - b), 'times of events');
    },
  }),
  brokerCard({
    id: 'BRK-1420',
    title: 'every order has a name of its own at the venue',
    why: 'it is what a person tells the venue on the telephone',
    types: ['limit'],
    async play(bench) {
      const ids = [await bench.rest(), await bench.rest()];
      const names = ids.map((id) => bench.of('accepted', id)[0]?.venueOrderId);
      expectThat(names.every((name) => typeof name === 'string' && name !== '') && new Set(names).size === 2, `venueOrderId of two orders were ${show(names)}`, 'two different names');
    },
  }),
  brokerCard({
    id: 'BRK-1430',
    title: 'an event that was told does not change afterwards',
    why: 'the journal and the books keep it',
    types: ['limit'],
    async play(bench) {
      await bench.trade('buy', 1);
      const id = await bench.rest();
      bench.broker.cancel(id);
      await bench.heardOf('canceled', id);
      const changed = bench.heard.filter(({ event, text }) => JSON.stringify(event) !== text).map(({ text }) => text);
      expectEqual(changed, [], 'events that changed');
    },
  }),
  brokerCard({
    id: 'BRK-1440',
    title: 'warnings are lines of text',
    why: 'the report of a run lists them',
    async play({ broker }) {
      const warnings = broker.warnings();
      expectThat(Array.isArray(warnings) && warnings.every((line) => typeof line === 'string' && line.trim() !== '' && !line.includes('\n')), `warnings were ${show(warnings)}`, 'a list of lines');
    },
  }),
];
