import { OrderAction, OrderType, SecType, TimeInForce, type Contract, type Order } from '@stoqey/ib';
import { describe, expect, it } from 'vitest';
import { IbClient } from '../../testing/ib-client.js';
import { RawClient } from '../../testing/raw-client.js';
import { startSimulator } from '../../testing/start-simulator.js';
import { ScenarioError } from '../scenario/load-scenario.js';

const MES: Contract = { symbol: 'MES', secType: SecType.FUT, exchange: 'CME', currency: 'USD', localSymbol: 'MESM6' };
const order = (fields: Partial<Order> = {}): Order => ({ action: OrderAction.BUY, orderType: OrderType.MKT, totalQuantity: 1, tif: TimeInForce.DAY, transmit: true, ...fields });
const SELL = { action: OrderAction.SELL, parentId: 1 };

async function trade(scenario: Parameters<typeof startSimulator>[0] = {}) {
  const started = await startSimulator(scenario);
  started.simulator.run('setPrice', { symbol: 'MES', bid: 5000, ask: 5000, last: 5000 });
  const client = await IbClient.ready(started.port);
  return {
    ...started, client,
    fault: (fault: Record<string, unknown>) => started.simulator.run('fault', fault),
    /** What came of a kind, once the server has answered everything that was asked before. */
    settled: async (name: string) => {
      client.api.reqCurrentTime();
      await client.next('currentTime');
      return client.take(name);
    },
  };
}
const filled = (args: readonly unknown[]): boolean => args[1] === 'Filled';

describe('a gateway that is cut off from the venue', () => {
  it('holds orders and reports until it is joined again', async () => {
    const { client, fault, settled, simulator } = await trade();
    fault({ kind: 'connectivity', code: 1100 });
    expect(await client.next('info', (args) => args[1] === 1100)).toEqual(['Connectivity between IBKR and Trader Workstation has been lost.', 1100]);
    client.api.placeOrder(1, MES, order());
    expect(await settled('openOrder')).toEqual([]);
    expect(simulator.run('orders', { all: true })).toEqual([]);
    fault({ kind: 'connectivity', code: 1102 });
    await client.next('info', (args) => args[1] === 1102);
    await client.next('orderStatus', filled);
  });

  it('reports afterwards what filled at the venue meanwhile', async () => {
    const { client, fault, settled, simulator } = await trade();
    client.api.placeOrder(1, MES, order({ orderType: OrderType.LMT, lmtPrice: 4990 }));
    await client.next('orderStatus', (args) => args[1] === 'Submitted');
    fault({ kind: 'connectivity', code: 2110 });
    simulator.run('setPrice', { symbol: 'MES', last: 4980 });
    expect(await settled('execDetails')).toEqual([]);
    fault({ kind: 'connectivity', code: 1102 });
    expect((await client.next('execDetails'))[2]).toMatchObject({ orderId: 1, price: 4980.25 });
  });

  it('keeps market data quiet, and after 1101 until it is asked for again', async () => {
    const { client, fault, settled, simulator } = await trade();
    const price = (last: number): unknown => simulator.run('setPrice', { symbol: 'MES', last });
    client.api.reqMktData(7, MES, '', false, false);
    price(5001);
    await client.next('tickPrice', (args) => args[2] === 5001);
    fault({ kind: 'connectivity', code: 1100 });
    client.take('tickPrice');
    price(5002);
    expect(await settled('tickPrice')).toEqual([]);
    fault({ kind: 'connectivity', code: 1101 });
    price(5003);
    expect(await settled('tickPrice')).toEqual([]);
    client.api.cancelMktData(7);
    client.api.reqMktData(8, MES, '', false, false);
    await client.next('tickPrice', (args) => args[0] === 8);
    price(5004);
    await client.next('tickPrice', (args) => args[0] === 8 && args[2] === 5004);
  });
});

describe('a connection that fails', () => {
  it('is taken and never answered by a half-open gateway', async () => {
    const { port, fault } = await trade();
    fault({ kind: 'halfOpen' });
    const dead = await RawClient.connect(port);
    dead.write('API\0');
    dead.frame('v100..193');
    fault({ kind: 'clear' });
    const alive = await RawClient.ready(port, 5);
    await alive.quiet();
    expect(await Promise.race([dead.next(), Promise.resolve('nothing')])).toBe('nothing');
    expect(dead.closed).toBe(false);
  });

  it('breaks in the middle of a bracket: what came stands in the gateway, untransmitted, and can be completed or cancelled', async () => {
    const { client, port, fault, simulator } = await trade();
    fault({ kind: 'dropDuringOrders', after: 2 });
    client.api.placeOrder(1, MES, order({ transmit: false }));
    client.api.placeOrder(2, MES, order({ ...SELL, orderType: OrderType.LMT, lmtPrice: 5020, transmit: false }));
    client.api.placeOrder(3, MES, order({ ...SELL, orderType: OrderType.STP, auxPrice: 4990 }));
    await client.next('disconnected');
    expect(simulator.run('orders')).toMatchObject([{ orderId: 1, transmitted: false, filled: 0 }, { orderId: 2, transmitted: false }]);
    const again = await IbClient.ready(port);
    again.api.reqOpenOrders();
    expect((await again.next('openOrder', (args) => args[0] === 1))[3]).toMatchObject({ status: 'Inactive' });
    await again.next('openOrderEnd');
    again.api.placeOrder(3, MES, order({ ...SELL, orderType: OrderType.STP, auxPrice: 4990 }));
    await again.next('orderStatus', (args) => args[0] === 1 && filled(args));
    await again.next('orderStatus', (args) => args[0] === 3 && args[1] === 'PreSubmitted');
  });

  it('is refused while the gateway restarts, and finds everything again after it', async () => {
    const { client, port, fault, simulator } = await trade();
    client.api.placeOrder(1, MES, order({ orderType: OrderType.LMT, lmtPrice: 4000, tif: TimeInForce.GTC }));
    await client.next('orderStatus', (args) => args[1] === 'Submitted');
    fault({ kind: 'restart', downMs: 120_000 });
    await client.next('disconnected');
    await expect(RawClient.connect(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    simulator.advance(120_000);
    const again = await IbClient.ready(port);
    again.api.reqOpenOrders();
    expect((await again.next('openOrder'))[0]).toBe(1);
  });

  it('is refused after the weekly logout until someone logs in', async () => {
    const { port, fault } = await trade();
    fault({ kind: 'logout' });
    await expect(RawClient.connect(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    fault({ kind: 'login' });
    await RawClient.ready(port, 3);
  });

  it('is refused with 326 for a client id that is said to be in use', async () => {
    const { port, fault } = await trade();
    fault({ kind: 'refuseClient', clientId: 5 });
    const client = await RawClient.connect(port);
    client.write('API\0');
    client.frame('v100..193');
    await client.next();
    client.send(71, 2, 5, '');
    expect((await client.next()).slice(0, 4)).toEqual(['4', '2', '-1', '326']);
    await client.end();
    await RawClient.ready(port, 6);
  });
});

describe('reports that go wrong', () => {
  it('do not come at all for an order that is swallowed, until the client asks', async () => {
    const { client, fault, settled } = await trade();
    fault({ kind: 'swallowOrders' });
    client.api.placeOrder(1, MES, order());
    expect([...(await settled('openOrder')), ...client.take('execDetails'), ...client.take('orderStatus')]).toEqual([]);
    client.api.reqExecutions(4, {});
    expect((await client.next('execDetails'))[2]).toMatchObject({ orderId: 1 });
    client.api.placeOrder(2, MES, order());
    await client.next('orderStatus', (args) => args[0] === 2 && filled(args));
  });

  it('come twice, and corrected under the next id with another price', async () => {
    const { client, fault } = await trade();
    fault({ kind: 'duplicateExecutions' });
    client.api.placeOrder(1, MES, order());
    await client.next('commissionReport');
    const [first, second] = client.take('execDetails');
    expect(second).toEqual(first);
    fault({ kind: 'correctExecutions', priceChange: -0.5 });
    client.api.placeOrder(2, MES, order());
    await client.next('commissionReport');
    await client.next('commissionReport');
    const [wrong, right] = client.take('execDetails').map((args) => args[2] as { execId: string; price: number });
    expect([wrong?.price, right?.price]).toEqual([5000, 4999.5]);
    expect(right?.execId).toBe(wrong?.execId.replace(/01$/, '02'));
  });

  it('are corrected a while later, when other things have happened', async () => {
    const { client, fault, settled, simulator } = await trade();
    fault({ kind: 'correctExecutions', priceChange: -0.5, delayMs: 60_000 });
    client.api.placeOrder(1, MES, order());
    client.api.placeOrder(2, MES, order());
    await client.next('orderStatus', (args) => args[0] === 2 && filled(args));
    expect(await settled('execDetails')).toHaveLength(2);
    simulator.advance(60_000);
    expect((await client.next('execDetails'))[2]).toMatchObject({ orderId: 1, price: 4999.5, execId: expect.stringMatching(/\.02$/) });
  });

  it('come without their commission, or with it late', async () => {
    const { client, fault, settled, simulator } = await trade();
    fault({ kind: 'lateCommissions', delayMs: 5000 });
    client.api.placeOrder(1, MES, order());
    await client.next('orderStatus', filled);
    expect(await settled('commissionReport')).toEqual([]);
    simulator.advance(5000);
    await client.next('commissionReport');
    fault({ kind: 'noCommissions' });
    client.api.placeOrder(2, MES, order());
    await client.next('orderStatus', (args) => args[0] === 2 && filled(args));
    simulator.advance(1_000_000);
    expect(await settled('commissionReport')).toEqual([]);
  });

  it('leave states out and repeat them', async () => {
    const { client, fault, settled } = await trade();
    fault({ kind: 'skipStatuses', count: 3 });
    client.api.placeOrder(1, MES, order());
    expect(await settled('orderStatus')).toEqual([]);
    expect(client.take('execDetails')).toHaveLength(1);
    fault({ kind: 'repeatStatuses', count: 3 });
    client.api.placeOrder(2, MES, order());
    expect((await settled('orderStatus')).map((args) => args[1])).toEqual(['PreSubmitted', 'PreSubmitted', 'Submitted', 'Submitted', 'Filled', 'Filled']);
  });

  it('have fields too many or too few, which the client notices', async () => {
    const { client, fault } = await trade();
    fault({ kind: 'drift', message: 'openOrder', fields: 1 });
    client.api.placeOrder(1, MES, order({ whatIf: true }));
    await client.next('openOrder');
    expect((await client.next('error'))[1]).toBe(505);
    fault({ kind: 'drift', message: 'openOrder', fields: -1 });
    client.api.placeOrder(2, MES, order({ whatIf: true }));
    expect((await client.next('error'))[1]).toBe(505);
    expect(client.take('openOrder')).toEqual([]);
  });

  it('answer a what-if order first without values', async () => {
    const { client, fault } = await trade();
    fault({ kind: 'previewWithoutValues' });
    client.api.placeOrder(1, MES, order({ whatIf: true }));
    expect(((await client.next('openOrder'))[3] as { initMarginChange?: number }).initMarginChange).toBeUndefined();
    expect((await client.next('openOrder'))[3]).toMatchObject({ initMarginChange: 2400 });
  });
});

describe('other faults', () => {
  it('read-only, a cancel that loses against a fill, a clock that is off, pacing', async () => {
    const { client, fault } = await trade();
    fault({ kind: 'fillBeforeCancel' });
    client.api.placeOrder(1, MES, order({ orderType: OrderType.LMT, lmtPrice: 4000 }));
    client.api.cancelOrder(1);
    await client.next('orderStatus', filled);
    expect((await client.next('error'))[1]).toBe(10148);
    fault({ kind: 'readOnly' });
    client.api.placeOrder(2, MES, order());
    expect((await client.next('error'))[1]).toBe(321);
    fault({ kind: 'clockOffset', ms: -180_000 });
    client.api.reqCurrentTime();
    expect(await client.next('currentTime')).toEqual([1_777_905_000 - 180]);
    fault({ kind: 'clear' });
    client.api.reqCurrentTime();
    expect(await client.next('currentTime')).toEqual([1_777_905_000]);
    fault({ kind: 'pacing' });
    client.api.reqHistoricalData(3, MES, '', '1 D', '1 min' as never, 'TRADES' as never, 0, 2, false);
    expect((await client.next('error')).slice(1, 3)).toEqual([162, 3]);
  });

  it('come at their time when the scenario says so, and a script with an unknown command is refused', async () => {
    const { client, simulator } = await trade({ script: [{ afterMs: 60_000, do: 'fault', params: { kind: 'connectivity', code: 1100 } }] });
    simulator.advance(60_000);
    await client.next('info', (args) => args[1] === 1100);
    await expect(startSimulator({ script: [{ afterMs: 0, do: 'falt' }] })).rejects.toThrow(ScenarioError);
    expect(() => simulator.run('fault', { kind: 'drift', message: 'openOrder', fields: 0 })).toThrow(/fields: expected a number other than 0/);
  });
});
