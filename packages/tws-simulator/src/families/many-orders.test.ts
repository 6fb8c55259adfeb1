import { OrderAction, OrderType, SecType, TimeInForce, type Contract, type Order } from '@stoqey/ib';
import { Encoder } from '@stoqey/ib/dist/core/io/encoder.js';
import { expect, it } from 'vitest';
import { RawClient } from '../../testing/raw-client.js';
import { startSimulator } from '../../testing/start-simulator.js';

const ORDERS = 400;
const MES: Contract = { symbol: 'MES', secType: SecType.FUT, exchange: 'CME', currency: 'USD', localSymbol: 'MESM6' };

/** Fields of placeOrder as @stoqey/ib writes them, without its rate limit. */
function encoded(orderId: number, order: Order): string[] {
  const fields: string[] = [];
  const write = (tokens: unknown): void => {
    if (Array.isArray(tokens)) for (const token of tokens) write(token);
    else fields.push(tokens === undefined || tokens === null ? '' : typeof tokens === 'boolean' ? (tokens ? '1' : '0') : String(tokens as string | number));
  };
  new Encoder({ serverVersion: 193, sendMsg: write, emitError: () => undefined }).placeOrder(orderId, MES, order);
  return fields;
}

it('answers every order with hundreds of others in the books', async () => {
  const { simulator, port } = await startSimulator({ trading: { cash: 1e9 }, pacing: { enabled: false } });
  simulator.run('setPrice', { symbol: 'MES', bid: 5000, ask: 5000, last: 5000 });
  const client = await RawClient.ready(port);
  for (let id = 1; id <= ORDERS; id += 1) {
    const fields = encoded(id, { action: OrderAction.BUY, orderType: OrderType.LMT, lmtPrice: id % 2 === 0 ? 5000 : 4000, totalQuantity: 1, tif: TimeInForce.GTC, transmit: true });
    client.send(...fields);
    await client.until(([kind, orderId, status]) => kind === '3' && orderId === String(id) && (id % 2 === 0 ? status === 'Filled' : status === 'Submitted'));
  }
  expect((simulator.run('orders') as unknown[]).length).toBe(ORDERS / 2);
});
