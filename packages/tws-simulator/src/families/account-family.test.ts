import { OrderAction, OrderType, SecType, TimeInForce } from '@stoqey/ib';
import { describe, expect, it } from 'vitest';
import { IbClient } from '../../testing/ib-client.js';
import { startSimulator } from '../../testing/start-simulator.js';

const MES = { symbol: 'MES', secType: SecType.FUT, exchange: 'CME', currency: 'USD', localSymbol: 'MESM6' };
const BUY = { action: OrderAction.BUY, orderType: OrderType.MKT, totalQuantity: 2, tif: TimeInForce.DAY, transmit: true };

async function hold(scenario: Parameters<typeof startSimulator>[0] = {}) {
  const { simulator, port } = await startSimulator(scenario);
  simulator.run('setPrice', { symbol: 'MES', bid: 5000, ask: 5000, last: 5000 });
  const client = await IbClient.ready(port);
  const buy = async (orderId: number): Promise<void> => {
    client.api.placeOrder(orderId, MES, BUY);
    await client.next('commissionReport');
  };
  return { simulator, port, client, buy };
}

describe('accounts over the wire', () => {
  it('are told whole, and after a trade again what changed', async () => {
    const { client, buy } = await hold({ trading: { positions: [{ symbol: 'AAPL', quantity: 10, price: 200 }] } });
    client.api.reqAccountUpdates(true, 'DU1234567');
    expect(await client.next('accountDownloadEnd')).toEqual(['DU1234567']);
    const told = client.take('updateAccountValue');
    expect(told).toContainEqual(['TotalCashValue', '98000.00', 'USD', 'DU1234567']);
    expect(told.map(([key]) => key)).toEqual(expect.arrayContaining(['NetLiquidation', 'BuyingPower', 'InitMarginReq', 'MaintMarginReq', 'AvailableFunds', 'ExcessLiquidity', 'AccountReady']));
    expect((await client.next('updatePortfolio')).slice(0, 2)).toMatchObject([{ symbol: 'AAPL', secType: 'STK', primaryExch: 'NASDAQ' }, 10]);
    expect(await client.next('updateAccountTime')).toEqual(['10:30']);
    await buy(1);
    const [contract, quantity, price, value, cost, unrealized, realized] = await client.next('updatePortfolio', ([shown]) => (shown as { symbol: string }).symbol === 'MES');
    expect(contract).toMatchObject({ localSymbol: 'MESM6', multiplier: 5 });
    expect([quantity, price, value, cost, unrealized, realized]).toEqual([2, 5000, 50_000, 25_000.62, expect.closeTo(-1.24, 6), 0]);
    await client.next('updateAccountValue', ([key, amount]) => key === 'InitMarginReq' && Number(amount) > 4800);
    await client.next('updateAccountTime');
    client.api.reqAccountUpdates(false, 'DU1234567');
    await buy(2);
    client.api.reqCurrentTime();
    await client.next('currentTime');
    expect(client.take('updateAccountValue').filter(([key]) => key === 'InitMarginReq')).toEqual([]);
  });

  it('are summed up by tag, at most two at a time', async () => {
    const { client } = await hold({ accounts: ['DU1', 'DU2'] });
    client.api.reqAccountSummary(1, 'All', 'NetLiquidation,AccountType,$LEDGER');
    await client.next('accountSummaryEnd');
    const told = client.take('accountSummary');
    expect(told).toContainEqual([1, 'DU2', 'NetLiquidation', '100000.00', 'USD']);
    expect(told).toContainEqual([1, 'DU1', 'AccountType', 'INDIVIDUAL', '']);
    expect(told).toContainEqual([1, 'DU1', 'CashBalance', '100000.00', 'BASE']);
    client.api.reqAccountSummary(2, 'DU1', 'BuyingPower');
    await client.next('accountSummaryEnd');
    client.api.reqAccountSummary(3, 'All', 'BuyingPower');
    expect((await client.next('error')).slice(1, 3)).toEqual([322, 3]);
    client.api.cancelAccountSummary(1);
    client.api.reqAccountSummary(4, 'All', 'BuyingPower');
    expect(await client.next('accountSummaryEnd')).toEqual([4]);
    client.api.reqAccountSummary(5, 'DU9', 'BuyingPower');
    expect((await client.next('error'))[1]).toBe(321);
  });

  it('tell positions, all of them and of one account, then each as it changes', async () => {
    const { client, buy } = await hold();
    client.api.reqPositions();
    await client.next('positionEnd');
    client.api.reqPositionsMulti(7, 'DU1234567', '');
    await client.next('positionMultiEnd');
    expect([...client.take('position'), ...client.take('positionMulti')]).toEqual([]);
    await buy(1);
    expect(await client.next('position')).toEqual(['DU1234567', expect.objectContaining({ localSymbol: 'MESM6', exchange: '' }), 2, 25_000.62]);
    expect(await client.next('positionMulti')).toEqual([7, 'DU1234567', '', expect.objectContaining({ localSymbol: 'MESM6' }), 2, 25_000.62]);
    client.api.cancelPositions();
    await buy(2);
    await client.next('positionMulti');
    expect(client.take('position')).toEqual([]);
  });

  it('tell the profit of account and position while it moves', async () => {
    const { client, buy, simulator } = await hold();
    await buy(1);
    const conId = (simulator.run('quote', { symbol: 'MES' }) as { conId: number }).conId;
    client.api.reqPnL(1, 'DU1234567', '');
    expect(await client.next('pnl')).toEqual([1, expect.closeTo(-1.24, 6), expect.closeTo(-1.24, 6), 0]);
    client.api.reqPnLSingle(2, 'DU1234567', '', conId);
    expect(await client.next('pnlSingle')).toEqual([2, 2, expect.closeTo(-1.24, 6), expect.closeTo(-1.24, 6), 0, 50_000]);
    simulator.run('setPrice', { symbol: 'MES', last: 5010 });
    simulator.advance(1000);
    expect(await client.next('pnl')).toEqual([1, expect.closeTo(98.76, 6), expect.closeTo(98.76, 6), 0]);
    expect(await client.next('pnlSingle')).toEqual([2, 2, expect.closeTo(98.76, 6), expect.closeTo(98.76, 6), 0, 50_100]);
    client.api.cancelPnL(1);
    client.api.reqCurrentTime();
    await client.next('currentTime');
    simulator.run('setPrice', { symbol: 'MES', last: 5020 });
    simulator.advance(1000);
    await client.next('pnlSingle');
    expect(client.take('pnl')).toEqual([]);
  });

  it('answer what clients ask at their start', async () => {
    const { client } = await hold({ accounts: ['DU1', 'DU2'] });
    client.api.reqFamilyCodes();
    expect(await client.next('familyCodes')).toEqual([[{ accountID: 'DU1', familyCode: '' }, { accountID: 'DU2', familyCode: '' }]]);
    client.api.reqSoftDollarTiers(3);
    expect(await client.next('softDollarTiers')).toEqual([3, []]);
    client.api.reqAccountUpdatesMulti(4, 'DU1', '', false);
    expect(await client.next('accountUpdateMulti')).toEqual([4, 'DU1', '', 'AccountCode', 'DU1', '']);
    await client.next('accountUpdateMultiEnd');
  });
});
