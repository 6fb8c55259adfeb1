import { z } from 'zod';
import { command, ControlFault } from '../control/control-command.js';
import type { FaultyPushes } from '../faults/faulty-pushes.js';
import type { Uplink } from '../faults/uplink.js';
import type { SimOrder } from '../matching/sim-order.js';
import type { Execution } from '../orders/execution.js';
import type { OrderForm } from '../orders/order-form.js';
import { OrdersByHand } from '../orders/orders-by-hand.js';
import { VENUE_ERRORS } from '../orders/venue-error.js';
import { formatVenueTime, parseVenueTime } from '../time/zone-text.js';
import { readContract } from '../protocol/contract-fields.js';
import { REQUEST } from '../protocol/message-ids.js';
import { completedOrderMessage } from '../protocol/open-order.js';
import { commissionMessage, completedOrdersEndMessage, executionsEndMessage, openOrderEndMessage, readExecutions, type ExecutionsRequest } from '../protocol/order-messages.js';
import { readCancelOrder, readPlaceOrder, type PlaceOrderRequest } from '../protocol/place-order.js';
import type { Instrument } from '../reference/instrument.js';
import { request, type MessageFamily } from '../server/message-family.js';
import type { Session } from '../server/session.js';
import type { World } from '../server/world.js';
import { localDay, utcOf } from '../time/zone-offset.js';
import type { OrderPushes } from '../trading/order-pushes.js';
import { FieldReader } from '../wire/field-reader.js';

/** Orders and executions: placing, changing, cancelling, and asking what there is. */
export function orderFamily(world: World, shows: OrderPushes, pushes: FaultyPushes, uplink: Uplink): MessageFamily {
  const { trading, scenario, clock } = world;
  const byHand = new OrdersByHand(trading.desk, trading.events);
  /** Whether client 0 wants orders entered by hand as its own. */
  let autoBind = false;

  const place = (session: Session, { orderId, form }: PlaceOrderRequest): void => {
    // ids below 1 are those of bound orders alone
    if (orderId < 1 && trading.desk.store.find(session.client, orderId) === undefined) {
      const { code, text } = VENUE_ERRORS.invalidOrderId(orderId);
      return session.error(orderId, code, text);
    }
    const query = queryOf(form);
    const { instrument, fault } = world.catalogue.resolve(query);
    if (instrument === undefined) return session.error(orderId, VENUE_ERRORS.unknownContract.code, fault);
    if (instrument.expiresMs <= clock.now()) return session.error(orderId, 201, 'Order rejected - reason:The contract has expired.');
    const { client } = session;
    uplink.forward(() => trading.act((desk) => desk.place(client, orderId, tradableOf(instrument, query.securityType), form)));
  };
  const cancel = (session: Session, { orderId }: { orderId: number }): void => {
    const { client } = session;
    uplink.forward(() => trading.act((desk) => desk.cancel(client, orderId)));
  };
  /** A continuous future resolves to its lead contract, and is still refused as one. */
  const tradableOf = (instrument: Instrument, asked = '') => ({ ...trading.tradables.of(instrument.conId), secType: asked === 'CONTFUT' ? asked : instrument.securityType });

  const showOpen = (session: Session, orders: readonly SimOrder[]): void => {
    pushes.unsilence(session.client);
    for (const order of orders) {
      shows.showOrder(session, order);
      shows.showStatus(session, order);
    }
    session.send(openOrderEndMessage());
  };

  const showCompleted = (session: Session, apiOnly: boolean): void => {
    const done = trading.desk.store.done(midnight());
    for (const order of done) {
      if (apiOnly && order.clientId === 0 && order.orderId === 0) continue;
      const contract = trading.tradables.shown(order.conId, order.form.contract.exchange);
      session.send(completedOrderMessage(session.serverVersion, order, contract, formatVenueTime(order.doneMs ?? 0, scenario.timeZone), order.parentPermId));
    }
    session.send(completedOrdersEndMessage());
  };

  const showExecutions = (session: Session, asked: ExecutionsRequest): void => {
    const sinceMs = asked.time === '' ? undefined : parseVenueTime(asked.time, scenario.timeZone, clock.now());
    if (asked.time !== '' && sinceMs === undefined) return session.error(asked.requestId, 321, `Error validating request.-'bY' : cause - Invalid time format: ${asked.time}`);
    for (const execution of trading.desk.store.executions()) {
      if (execution.timeMs < Math.max(midnight(), sinceMs ?? 0) || !matches(execution, asked)) continue;
      shows.showExecution(session, asked.requestId, execution);
      session.send(commissionMessage(execution));
    }
    session.send(executionsEndMessage(asked.requestId));
  };
  const matches = (execution: Execution, asked: ExecutionsRequest): boolean => {
    const contract = trading.tradables.shown(execution.conId, trading.desk.store.byPerm(execution.permId)?.form.contract.exchange);
    const side = asked.side.startsWith('B') ? 'BOT' : asked.side.startsWith('S') ? 'SLD' : '';
    return (
      (asked.clientId === undefined || asked.clientId === execution.clientId) &&
      isOrEmpty(asked.account, execution.account) && isOrEmpty(asked.symbol, contract.symbol) && isOrEmpty(asked.securityType, contract.securityType) &&
      isOrEmpty(asked.exchange, contract.exchange) && isOrEmpty(side, execution.side)
    );
  };
  /** The venue tells of the present day only. */
  const midnight = (): number => utcOf(localDay(clock.now(), scenario.timeZone), 0, scenario.timeZone);

  const bind = (session: Session, on: boolean): void => {
    if (session.client !== 0) return session.error(-1, 321, "Error validating request.-'cf' : cause - Only the default client (i.e 0) can auto bind orders");
    autoBind = on; // of what is entered from now on: reqOpenOrders binds what stands
  };

  const orderFor = ({ permId, clientId, orderId }: z.infer<typeof whichOrder>): SimOrder => {
    const { store } = trading.desk;
    const order = permId === undefined ? store.find(clientId ?? 0, orderId ?? 0) : store.byPerm(permId);
    if (order === undefined) throw new ControlFault(`no order ${JSON.stringify(permId ?? { clientId, orderId })}, expected a permId, or clientId and orderId`);
    return order;
  };

  return {
    name: 'orders',
    requests: [
      request(REQUEST.placeOrder, readPlaceOrder, place),
      request(REQUEST.cancelOrder, readCancelOrder, cancel),
      request(REQUEST.globalCancel, (reader) => reader.left, () => uplink.forward(() => trading.act((desk) => desk.cancelAll()))),
      request(REQUEST.openOrders, (reader) => reader.left, (session) => {
        // the gateway binds a client to its orders with it, which a client that may only read cannot be
        if (trading.desk.settings.readOnly) return session.error(-1, VENUE_ERRORS.readOnly.code, VENUE_ERRORS.readOnly.text);
        if (session.client === 0) trading.act(() => byHand.bindAll());
        showOpen(session, trading.desk.store.open().filter((order) => order.clientId === session.client));
      }),
      request(REQUEST.allOpenOrders, (reader) => reader.left, (session) => showOpen(session, trading.desk.store.open())),
      request(REQUEST.autoOpenOrders, (reader) => (reader.int(), reader.bool()), bind),
      request(REQUEST.completedOrders, (reader) => reader.bool(), showCompleted),
      request(REQUEST.executions, readExecutions, showExecutions),
    ],
    commands: [
      command('orders', 'lists orders: those that live, or all of today', z.strictObject({ all: z.boolean().default(false) }), ({ all }) =>
        [...trading.desk.store.open(), ...(all ? trading.desk.store.done(midnight()) : [])].map(summaryOf)),
      command('executions', 'lists all executions', z.strictObject({}), () => [...trading.desk.store.executions()]),
      command('limitFills', 'lets at most so much trade against one quote; without a quantity, as much as there is', z.strictObject({ quantity: z.number().positive().optional() }), ({ quantity }) => void (trading.desk.settings.mostPerQuote = quantity ?? Infinity)),
      command('fill', 'fills an order, whatever the market does', z.strictObject({ ...whichOrder.shape, quantity: z.number().positive().optional(), price: z.number().optional() }), ({ quantity, price, ...which }) => {
        const order = orderFor(which);
        const at = price ?? order.terms.limitPrice ?? trading.price(order.conId);
        if (at === undefined) throw new ControlFault('fill: the contract has no price yet, expected price');
        trading.act((desk) => desk.force(order, quantity ?? order.quantity - order.filled, at));
        return summaryOf(order);
      }),
      command('correctExecution', 'sends an execution again with another price', z.strictObject({ execId: z.string(), price: z.number() }), ({ execId, price }) => {
        if (trading.desk.store.execution(execId) === undefined) throw new ControlFault(`no execution ${execId}`);
        trading.act((desk) => desk.correct(execId, price));
      }),
      command('repeatExecution', 'sends an execution again as it is', z.strictObject({ execId: z.string() }), ({ execId }) => {
        const execution = trading.desk.store.execution(execId);
        if (execution === undefined) throw new ControlFault(`no execution ${execId}`);
        trading.act((desk) => desk.repeat(execution));
      }),
      command('orderByHand', 'enters an order in the gateway itself, of no client', z.strictObject({ symbol: z.string(), fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) }), ({ symbol, fields }) => {
        const instrument = world.catalogue.named(symbol);
        if (instrument === undefined) throw new ControlFault(`contract was ${JSON.stringify(symbol)}, expected a symbol such as MES`);
        trading.act(() => byHand.place(tradableOf(instrument), formByHand(fields), autoBind));
      }),
      command('cancelByHand', 'cancels an order in the gateway itself, or all that live', whichOrder, (which) => {
        const orders = Object.keys(which).length === 0 ? undefined : [orderFor(which)];
        trading.act((desk) => desk.cancelAll(orders));
      }),
    ],
    sessionClosed: (session) => {
      if (session.clientId === 0) autoBind = false;
    },
    started: () => trading.start(),
    stopped: () => trading.stop(),
  };
}

const whichOrder = z.strictObject({ permId: z.int().optional(), clientId: z.int().optional(), orderId: z.int().optional() });

const summaryOf = ({ permId, parentPermId, clientId, orderId, conId, account, terms, status, quantity, filled, transmitted, stopPrice }: SimOrder) => ({
  permId, parentPermId, clientId, orderId, conId, account, action: terms.action, type: terms.type, orderRef: terms.orderRef, status, quantity, filled, transmitted, stopPrice,
});

const isOrEmpty = (asked: string, value: string): boolean => asked === '' || asked === value;

/** The contract's texts as every other request reads them. */
function queryOf({ contract }: OrderForm) {
  const { secIdType: _type, secId: _id, ...fields } = contract;
  return readContract(new FieldReader(Object.values(fields)));
}

function formByHand(fields: Readonly<Record<string, string | number | boolean>>): OrderForm {
  const nothing = { conId: '', symbol: '', secType: '', lastTradeDateOrContractMonth: '', strike: '', right: '', multiplier: '', exchange: '', primaryExchange: '', currency: '', localSymbol: '', tradingClass: '', secIdType: '', secId: '' };
  const texts = Object.entries({ transmit: true, ...fields }).map(([name, value]) => [name, typeof value === 'boolean' ? (value ? '1' : '0') : String(value)]);
  return { contract: nothing, fields: Object.fromEntries(texts) as Record<string, string>, comboLegs: [], comboLegPrices: [], smartComboRouting: [], algoParams: [], conditions: [] };
}
