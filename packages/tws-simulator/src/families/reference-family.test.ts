import type { Contract } from '@stoqey/ib';
import { describe, expect, it } from 'vitest';
import { IbClient } from '../../testing/ib-client.js';
import { RawClient } from '../../testing/raw-client.js';
import { startSimulator } from '../../testing/start-simulator.js';

type Details = { readonly contract: Contract; readonly minTick: number; readonly validExchanges: string; readonly marketRuleIds: string; readonly tradingHours: string; readonly timeZoneId: string; readonly contractMonth: string };

async function detailsOf(client: IbClient, contract: object): Promise<Details[]> {
  client.api.reqContractDetails(5, contract as Contract);
  await client.next('contractDetailsEnd', ([id]) => id === 5);
  return client.take('contractDetails').map(([, details]) => details as Details);
}

describe('contract details', () => {
  it.each([
    // months, multipliers and tick sizes: contract specifications of CME Group
    ['MES', 'CME', 5, 0.25, ['MESM6 20260618', 'MESU6 20260918', 'MESZ6 20261218', 'MESH7 20270319', 'MESM7 20270617']],
    ['ES', 'CME', 50, 0.25, ['ESM6 20260618', 'ESU6 20260918', 'ESZ6 20261218', 'ESH7 20270319', 'ESM7 20270617']],
    ['NQ', 'CME', 20, 0.25, ['NQM6 20260618', 'NQU6 20260918', 'NQZ6 20261218', 'NQH7 20270319', 'NQM7 20270617']],
    ['MNQ', 'CME', 2, 0.25, ['MNQM6 20260618', 'MNQU6 20260918', 'MNQZ6 20261218', 'MNQH7 20270319', 'MNQM7 20270617']],
    ['EUR', 'CME', 125000, 0.00005, ['6EM6 20260615', '6EU6 20260914', '6EZ6 20261214', '6EH7 20270315', '6EM7 20270614', '6EU7 20270913']],
    ['GBP', 'CME', 62500, 0.0001, ['6BM6 20260615', '6BU6 20260914', '6BZ6 20261214', '6BH7 20270315', '6BM7 20270614', '6BU7 20270913']],
    ['AUD', 'CME', 100000, 0.00005, ['6AM6 20260615', '6AU6 20260914', '6AZ6 20261214', '6AH7 20270315', '6AM7 20270614', '6AU7 20270913']],
    ['GC', 'COMEX', 100, 0.1, ['GCM6 20260626', 'GCQ6 20260827', 'GCV6 20261028', 'GCZ6 20261229', 'GCG7 20270224', 'GCJ7 20270428', 'GCM7 20270628', 'GCQ7 20270827']],
  ])('gives the chain of %s', async (symbol, exchange, multiplier, minTick, chain) => {
    const { port } = await startSimulator();
    const client = await IbClient.ready(port);
    const found = await detailsOf(client, { symbol, secType: 'FUT', exchange });
    expect(found.map(({ contract }) => `${contract.localSymbol} ${contract.lastTradeDateOrContractMonth?.split(' ')[0]}`)).toEqual(chain);
    for (const each of found) {
      expect(each).toMatchObject({ minTick, contract: { symbol, multiplier, exchange, currency: 'USD' } });
      expect(each.marketRuleIds.split(',')).toHaveLength(each.validExchanges.split(',').length);
    }
  });

  it('finds one contract by id, month, day, local symbol and trading class', async () => {
    const { port } = await startSimulator();
    const client = await IbClient.ready(port);
    const [, second] = await detailsOf(client, { symbol: 'EUR', secType: 'FUT', exchange: 'CME' });
    const conId = second?.contract.conId;
    for (const query of [{ conId }, { symbol: 'EUR', secType: 'FUT', lastTradeDateOrContractMonth: '202609' }, { symbol: 'EUR', secType: 'FUT', lastTradeDateOrContractMonth: '20260914', multiplier: 125000 }, { localSymbol: '6EU6', secType: 'FUT' }]) {
      expect((await detailsOf(client, query)).map(({ contract }) => contract.conId)).toEqual([conId]);
    }
  });

  it('gives expired contracts only when they are wanted', async () => {
    const { port } = await startSimulator();
    const client = await IbClient.ready(port);
    client.api.reqContractDetails(9, { symbol: 'MES', secType: 'FUT', exchange: 'CME', lastTradeDateOrContractMonth: '202603' } as Contract);
    const [message, code, id] = await client.next('error');
    expect([(message as Error).message, code, id]).toEqual(['No security definition has been found for the request', 200, 9]);
    const [expired] = await detailsOf(client, { symbol: 'MES', secType: 'FUT', exchange: 'CME', lastTradeDateOrContractMonth: '202603', includeExpired: true });
    expect(expired?.contract.localSymbol).toBe('MESH6');
  });

  it('gives the lead contract of a continuous future, and moves on before it expires', async () => {
    const { port, simulator } = await startSimulator();
    const client = await IbClient.ready(port);
    const [may] = await detailsOf(client, { symbol: 'MES', secType: 'CONTFUT', exchange: 'CME' });
    expect(may?.contract).toMatchObject({ secType: 'CONTFUT', localSymbol: 'MESM6' });
    simulator.advance(40 * 86_400_000);
    const [june] = await detailsOf(client, { symbol: 'MES', secType: 'CONTFUT', exchange: 'CME' });
    expect(june?.contract.localSymbol).toBe('MESU6');
  });

  it('gives stocks and spot currencies', async () => {
    const { port } = await startSimulator({ market: { stocks: [{ symbol: 'KEEL', primaryExchange: 'NYSE', longName: 'KEELSON YARDS', price: 12 }] } });
    const client = await IbClient.ready(port);
    expect((await detailsOf(client, { symbol: 'AAPL', secType: 'STK', exchange: 'SMART', currency: 'USD', primaryExch: 'NASDAQ' }))[0]).toMatchObject({ minTick: 0.01, longName: 'APPLE INC', contract: { conId: 265598, primaryExch: 'NASDAQ' } });
    expect((await detailsOf(client, { symbol: 'EUR', secType: 'CASH', exchange: 'IDEALPRO', currency: 'USD' }))[0]?.contract).toMatchObject({ conId: 12087792, localSymbol: 'EUR.USD' });
    expect((await detailsOf(client, { symbol: 'KEEL', secType: 'STK', exchange: 'SMART' }))[0]?.contract.primaryExch).toBe('NYSE');
  });

  it('answers 200 to what does not exist and 321 to a kind of security that is none', async () => {
    const { port } = await startSimulator();
    const client = await IbClient.ready(port);
    for (const [query, expected] of [[{ symbol: 'MES', secType: 'FUT', exchange: 'NYMEX' }, 200], [{ symbol: 'ZZZZ', secType: 'STK' }, 200], [{ conId: 1 }, 200], [{ symbol: 'MES', secType: 'FUTURE' }, 321]] as const) {
      client.api.reqContractDetails(3, query as unknown as Contract);
      expect((await client.next('error'))[1]).toBe(expected);
    }
  });

  it('adds the fields of each server version where they belong', async () => {
    const { port } = await startSimulator();
    const lengths = await Promise.all(['v100..176', 'v100..182', 'v100..186', 'v100..193'].map(async (versions, index) => {
      const client = await RawClient.ready(port, index, versions);
      client.send(9, 8, 1, 265598, '', '', '', '0', '', '', '', '', '', '', '', 0, '', '', '');
      return (await client.until((fields) => fields[0] === '10')).length;
    }));
    expect(lengths).toEqual([40, 41, 42, 42]);
  });
});

describe('symbols and price rules', () => {
  it('finds symbols by their beginning or name', async () => {
    const { port } = await startSimulator();
    const client = await IbClient.ready(port);
    client.api.reqMatchingSymbols(4, 'apple');
    const [id, found] = await client.next('symbolSamples');
    expect(id).toBe(4);
    expect(found).toMatchObject([{ contract: { conId: 265598, symbol: 'AAPL', secType: 'STK', primaryExch: 'NASDAQ', description: 'APPLE INC' }, derivativeSecTypes: ['CFD', 'OPT', 'WAR', 'BAG'] }]);
    client.api.reqMatchingSymbols(5, 'nothing like it');
    expect((await client.next('symbolSamples'))[1]).toEqual([]);
  });

  it('gives the steps of a market rule', async () => {
    const { port } = await startSimulator();
    const client = await IbClient.ready(port);
    client.api.reqMarketRule(557);
    expect(await client.next('marketRule')).toEqual([557, [{ lowEdge: 0, increment: 0.0001 }, { lowEdge: 1, increment: 0.01 }]]);
    client.api.reqMarketRule(999_999);
    expect((await client.next('info', ([, code]) => code === 321))[0]).toContain('999999');
  });
});
