import { OrderAction, OrderType, SecType, TimeInForce, type Order } from '@stoqey/ib';
import { describe, expect, it } from 'vitest';
import { IbClient } from '../../testing/ib-client.js';
import { RawClient } from '../../testing/raw-client.js';
import { startSimulator } from '../../testing/start-simulator.js';

const MES = { symbol: 'MES', secType: SecType.FUT, exchange: 'CME', currency: 'USD', localSymbol: 'MESM6' };
const limit = (lmtPrice: number, more: Partial<Order> = {}): Order => ({ action: OrderAction.BUY, orderType: OrderType.LMT, lmtPrice, totalQuantity: 1, tif: TimeInForce.GTC, transmit: true, ...more });
const BY_HAND = { symbol: 'MES', fields: { action: 'BUY', orderType: 'LMT', lmtPrice: 4000, totalQuantity: 1, tif: 'GTC' } };

async function trade(clientId = 1) {
  const { simulator, port } = await startSimulator();
  simulator.run('setPrice', { symbol: 'MES', bid: 5000, ask: 5000.25, last: 5000 });
  const client = await IbClient.ready(port, clientId);
  const standing = () => simulator.run('orders') as readonly { readonly orderId: number; readonly quantity: number; readonly permId: number }[];
  /** What an order is refused with. */
  const refusal = async (orderId: number, order: Order): Promise<unknown> => {
    client.api.placeOrder(orderId, MES, order);
    return (await client.next('error', ([, , id]) => id === orderId))[1];
  };
  return { simulator, port, client, standing, refusal };
}

describe('ids of orders', () => {
  it('only rise: one below the highest is a duplicate also when it was never used, and 0 is none', async () => {
    const { client, standing, refusal } = await trade();
    client.api.placeOrder(5, MES, limit(4900));
    await client.next('orderStatus');
    expect([await refusal(3, limit(4900)), await refusal(0, limit(4900))]).toEqual([103, 10149]);
    expect(standing().map(({ orderId }) => orderId)).toEqual([5]);
  });

  it('count from when they were used, also for what is not transmitted yet', async () => {
    const { client } = await trade();
    client.api.placeOrder(7, MES, limit(4900, { transmit: false }));
    client.api.reqIds();
    expect(await client.next('nextValidId')).toEqual([8]);
  });

  it('of a question what a change would cost leave the order as it is', async () => {
    const { client, standing } = await trade();
    client.api.placeOrder(1, MES, limit(4900));
    await client.next('orderStatus', ([, status]) => status === 'Submitted');
    client.take('openOrder');
    client.api.placeOrder(1, MES, limit(4950, { totalQuantity: 3, whatIf: true }));
    const [, , echo, state] = await client.next('openOrder');
    expect(echo).toMatchObject({ whatIf: true, totalQuantity: 3 });
    expect(state).toMatchObject({ initMarginBefore: 0, initMarginChange: 7200 });
    expect(standing()).toMatchObject([{ orderId: 1, quantity: 1 }]);
    client.api.reqOpenOrders();
    expect((await client.next('openOrder'))[2]).toMatchObject({ whatIf: false, totalQuantity: 1, lmtPrice: 4900 });
  });
});

describe('orders entered by hand', () => {
  it('are bound under negative ids, which no order of client 0 has, and are shown with them', async () => {
    const { client, simulator, standing } = await trade(0);
    client.api.reqAutoOpenOrders(true);
    client.api.reqCurrentTime();
    await client.next('currentTime');
    simulator.run('orderByHand', BY_HAND);
    simulator.run('orderByHand', BY_HAND);
    await client.next('openOrder', ([orderId]) => orderId === -1);
    await client.next('openOrder', ([orderId]) => orderId === -2);
    client.api.reqIds();
    expect(await client.next('nextValidId')).toEqual([1]);
    client.api.placeOrder(1, MES, limit(4890, { totalQuantity: 4 }));
    await client.next('orderStatus', ([orderId]) => orderId === 1);
    expect(standing().map(({ orderId, quantity }) => [orderId, quantity])).toEqual([[-1, 1], [-2, 1], [1, 4]]);
    client.api.placeOrder(-2, MES, limit(4001, { totalQuantity: 2 }));
    await client.next('openOrder', ([orderId, , order]) => orderId === -2 && (order as Order).totalQuantity === 2);
    client.api.cancelOrder(-1);
    await client.next('orderStatus', ([orderId, status]) => orderId === -1 && status === 'Cancelled');
  });

  it('are bound by asking for them when they stand already, and not by the wish to bind what comes', async () => {
    const { client, simulator, standing } = await trade(0);
    simulator.run('orderByHand', BY_HAND);
    client.api.reqAutoOpenOrders(true);
    client.api.reqCurrentTime();
    await client.next('currentTime');
    expect(standing()).toMatchObject([{ orderId: 0 }]);
    client.api.reqOpenOrders();
    await client.next('openOrderEnd');
    expect(standing()).toMatchObject([{ orderId: -1 }]);
  });
});

it('a completed order without a parent has the largest number in its place', async () => {
  const { client, port } = await trade();
  client.api.placeOrder(1, MES, limit(4900));
  client.api.cancelOrder(1);
  await client.next('orderStatus', ([, status]) => status === 'Cancelled');
  const raw = await RawClient.ready(port, 2);
  raw.send(99, 0);
  expect(await raw.until(([id]) => id === '101')).toContain('9223372036854775807');
});
