import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OrderAction, OrderType, SecType, TimeInForce } from '@stoqey/ib';
import { expect, it, onTestFinished } from 'vitest';
import { IbClient } from '../../testing/ib-client.js';
import { SimulatorProcess } from '../../testing/simulator-process.js';

const MES = { symbol: 'MES', secType: SecType.FUT, exchange: 'CME', currency: 'USD', localSymbol: 'MESM6' };

it('a simulator that is killed goes on with the orders, executions, positions and money that its clients were told of', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tws-kill-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const scenario = join(folder, 'scenario.yaml');
  writeFileSync(scenario, 'clock: { kind: stepped, start: 2026-05-04T14:30:00Z }\ntrading: { state: state.jsonl }\n');

  const first = await SimulatorProcess.start(scenario);
  await first.run('setPrice', { symbol: 'MES', bid: 5000, ask: 5000, last: 5000 });
  const before = await IbClient.ready(first.port);
  const exit = { action: OrderAction.SELL, totalQuantity: 2, tif: TimeInForce.GTC, parentId: 1 };
  before.api.placeOrder(1, MES, { action: OrderAction.BUY, orderType: OrderType.MKT, totalQuantity: 2, tif: TimeInForce.DAY, transmit: false });
  before.api.placeOrder(2, MES, { ...exit, orderType: OrderType.LMT, lmtPrice: 5020, transmit: false });
  before.api.placeOrder(3, MES, { ...exit, orderType: OrderType.STP, auxPrice: 4990, transmit: true });
  const commission = await before.next('commissionReport');

  const second = await SimulatorProcess.start(scenario);
  const after = await IbClient.ready(second.port);
  after.api.reqIds();
  expect(await after.next('nextValidId')).toEqual([4]);
  after.api.reqOpenOrders();
  await after.next('openOrderEnd');
  expect(after.take('openOrder').map(([id, , order]) => [id, (order as { permId: number }).permId])).toEqual([[2, 1_700_000_002], [3, 1_700_000_003]]);
  after.api.reqExecutions(1, {});
  expect(await after.next('commissionReport')).toEqual(commission);
  after.api.reqPositions();
  expect((await after.next('position'))[2]).toBe(2);
  await second.run('setPrice', { symbol: 'MES', last: 4985, bid: 4985, ask: 4985 });
  await after.next('orderStatus', (args) => args[0] === 3 && args[1] === 'Filled');
  await after.next('orderStatus', (args) => args[0] === 2 && args[1] === 'Cancelled');
  expect(await second.run('account')).toMatchObject({ cash: expect.closeTo(100_000 - 150 - 2.48, 6), positions: [] });
});
