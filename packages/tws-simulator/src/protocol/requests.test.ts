import type { Contract, IBApi } from '@stoqey/ib';
import { describe, expect, it } from 'vitest';
import { IbClient } from '../../testing/ib-client.js';
import { recordingGateway } from '../../testing/recording-gateway.js';
import { readStartApi } from '../families/connection-family.js';
import { readVersionAndId } from '../server/message-family.js';
import { FieldReader } from '../wire/field-reader.js';
import { readContractDetails } from './contract-details.js';
import { readHeadTimestamp, readHistogram, readHistoricalData, readHistoricalTicks, readRealTimeBars } from './historical-data.js';
import { readCancelMarketDepth, readMarketData, readMarketDepth, readTickByTick } from './market-data.js';
import { REQUEST } from './message-ids.js';
import { readMatchingSymbols, readOptionParameters, readSmartComponents } from './reference-messages.js';

/** A contract with a value of its own in every field. */
const whole: Contract = {
  conId: 11, symbol: 'MES', secType: 'FUT' as never, lastTradeDateOrContractMonth: '20260618', strike: 1.5, right: 'C' as never, multiplier: 5, exchange: 'CME', primaryExch: 'GLOBEX',
  currency: 'USD', localSymbol: 'MESM6', tradingClass: 'MES', includeExpired: true,
};
const decoded = {
  conId: 11, symbol: 'MES', securityType: 'FUT', expiry: '20260618', strike: 1.5, right: 'C', multiplier: '5', exchange: 'CME', primaryExchange: 'GLOBEX', currency: 'USD',
  localSymbol: 'MESM6', tradingClass: 'MES', includeExpired: false,
};
const withExpired = { ...decoded, includeExpired: true };
const bare: Contract = { symbol: 'MES', secType: 'BAG' as never, comboLegs: [{ conId: 1, ratio: 2, action: 'BUY', exchange: 'CME' }] as never };

/** What the client is told to send, the message that it is, how the simulator reads it, and what it must find. */
const CASES: readonly (readonly [name: string, send: (api: IBApi) => unknown, id: number, read: (reader: FieldReader) => unknown, found: unknown])[] = [
  ['market data', (api) => api.reqMktData(7, whole, '100,233', true, false), REQUEST.marketData, readMarketData, { requestId: 7, contract: decoded, genericTicks: '100,233', snapshot: true, regulatorySnapshot: false }],
  ['market data of a combination', (api) => api.reqMktData(7, bare, '', false, true), REQUEST.marketData, readMarketData, expect.objectContaining({ requestId: 7, genericTicks: '', snapshot: false, regulatorySnapshot: true })],
  ['cancel market data', (api) => api.cancelMktData(7), REQUEST.cancelMarketData, readVersionAndId, 7],
  ['market data type', (api) => api.reqMarketDataType(3), REQUEST.marketDataType, readVersionAndId, 3],
  ['contract details', (api) => api.reqContractDetails(8, { ...whole, secIdType: 'ISIN' as never, secId: 'US0', issuerId: 'e1' } as Contract), REQUEST.contractDetails, readContractDetails, { requestId: 8, contract: withExpired, securityIdType: 'ISIN', securityId: 'US0', issuerId: 'e1' }],
  ['market depth', (api) => api.reqMktDepth(9, whole, 6, true), REQUEST.marketDepth, readMarketDepth, { requestId: 9, contract: decoded, rows: 6, smart: true }],
  ['cancel market depth', (api) => api.cancelMktDepth(9, true), REQUEST.cancelMarketDepth, readCancelMarketDepth, { requestId: 9, smart: true }],
  ['historical data', (api) => api.reqHistoricalData(10, whole, '20260504-14:00:00', '2 D', '5 mins' as never, 'BID_ASK' as never, 1, 2, true), REQUEST.historicalData, readHistoricalData,
    { requestId: 10, contract: withExpired, end: '20260504-14:00:00', barSize: '5 mins', duration: '2 D', liquidOnly: true, show: 'BID_ASK', dateFormat: 2, keepUpToDate: true }],
  ['historical data of a combination', (api) => api.reqHistoricalData(10, bare, '', '1 D', '1 day' as never, 'TRADES' as never, 0, 1, false), REQUEST.historicalData, readHistoricalData,
    expect.objectContaining({ end: '', duration: '1 D', liquidOnly: false, dateFormat: 1, keepUpToDate: false })],
  ['cancel historical data', (api) => api.cancelHistoricalData(10), REQUEST.cancelHistoricalData, readVersionAndId, 10],
  ['head timestamp', (api) => api.reqHeadTimestamp(11, whole, 'TRADES', true, 2), REQUEST.headTimestamp, readHeadTimestamp, { requestId: 11, contract: withExpired, liquidOnly: true, show: 'TRADES', dateFormat: 2 }],
  ['cancel head timestamp', (api) => api.cancelHeadTimestamp(11), REQUEST.cancelHeadTimestamp, (reader) => reader.int(), 11],
  ['real-time bars', (api) => api.reqRealTimeBars(12, whole, 5, 'MIDPOINT' as never, true), REQUEST.realTimeBars, readRealTimeBars, { requestId: 12, contract: decoded, barSize: 5, show: 'MIDPOINT', liquidOnly: true }],
  ['cancel real-time bars', (api) => api.cancelRealTimeBars(12), REQUEST.cancelRealTimeBars, readVersionAndId, 12],
  ['tick by tick', (api) => api.reqTickByTickData(13, whole, 'BidAsk' as never, 20, true), REQUEST.tickByTick, readTickByTick, { requestId: 13, contract: decoded, kind: 'BidAsk', count: 20, ignoreSize: true }],
  ['cancel tick by tick', (api) => api.cancelTickByTickData(13), REQUEST.cancelTickByTick, (reader) => reader.int(), 13],
  ['historical ticks', (api) => api.reqHistoricalTicks(14, whole, '20260504-14:00:00', '', 100, 'TRADES' as never, 1, true), REQUEST.historicalTicks, readHistoricalTicks,
    { requestId: 14, contract: withExpired, start: '20260504-14:00:00', end: '', count: 100, show: 'TRADES', liquidOnly: true, ignoreSize: true }],
  ['histogram', (api) => api.reqHistogramData(15, whole, true, 3, 'day' as never), REQUEST.histogram, readHistogram, { requestId: 15, contract: withExpired, liquidOnly: true, period: '3 days' }],
  ['cancel histogram', (api) => api.cancelHistogramData(15), REQUEST.cancelHistogram, (reader) => reader.int(), 15],
  ['matching symbols', (api) => api.reqMatchingSymbols(16, 'app'), REQUEST.matchingSymbols, readMatchingSymbols, { requestId: 16, pattern: 'app' }],
  ['market rule', (api) => api.reqMarketRule(26), REQUEST.marketRule, (reader) => reader.int(), 26],
  ['smart components', (api) => api.reqSmartComponents(17, '9c0001'), REQUEST.smartComponents, readSmartComponents, { requestId: 17, exchangeMap: '9c0001' }],
  ['option parameters', (api) => api.reqSecDefOptParams(18, 'ES', 'CME', 'FUT' as never, 5), REQUEST.optionParameters, readOptionParameters, { requestId: 18, symbol: 'ES', exchange: 'CME', securityType: 'FUT', conId: 5 }],
  ['log level', (api) => api.setServerLogLevel(4 as never), REQUEST.serverLogLevel, readVersionAndId, 4],
];

describe.each([176, 178, 187, 193])('requests of @stoqey/ib at server version %i', (version) => {
  it.each(CASES)('%s is read field for field, to the last', async (_name, send, id, read, found) => {
    const gateway = await recordingGateway(version);
    const { api } = await IbClient.ready(gateway.port, 3);
    expect(readStartApi(new FieldReader(await gateway.request(REQUEST.startApi)))).toEqual({ clientId: 3, capabilities: '' });
    send(api);
    const reader = new FieldReader(await gateway.request(id));
    expect(read(reader)).toEqual(found);
    expect(reader.left).toBe(0);
  });
});

describe('FieldReader', () => {
  it('reads every way of saying nothing as nothing', () => {
    for (const empty of ['', '2147483647', '9223372036854775807', '1.7976931348623157E308', '1.7976931348623157e+308']) expect(new FieldReader([empty]).optionalDouble()).toBeUndefined();
    for (const empty of ['', '0', '-1', '2147483647']) expect(new FieldReader([empty]).positiveInt()).toBeUndefined();
    for (const empty of ['', '0', '0.0', '-1', '-1.0', '1.7976931348623157E308']) expect(new FieldReader([empty]).positiveDouble()).toBeUndefined();
    for (const truth of ['1', 'true', 'True']) expect(new FieldReader([truth]).bool()).toBe(true);
    for (const falsehood of ['', '0', 'false', 'False']) expect(new FieldReader([falsehood]).bool()).toBe(false);
  });

  it('says which field it cannot read', () => {
    expect(() => new FieldReader(['x']).int()).toThrow('field 1 was "x", expected an integer');
    expect(() => new FieldReader([]).string()).toThrow('ended after 0 fields');
  });
});
