import { OutgoingMessage } from '../wire/outgoing-message.js';
import type { FieldReader } from '../wire/field-reader.js';
import { readComboLegs, readContract, type ContractQuery } from './contract-fields.js';
import { RESPONSE } from './message-ids.js';

/** Kinds of ticks by the number that stands for them, live and delayed. */
export const TICK = {
  live: { bidSize: 0, bid: 1, ask: 2, askSize: 3, last: 4, lastSize: 5, high: 6, low: 7, volume: 8, close: 9, open: 14, lastTime: 45 },
  delayed: { bidSize: 69, bid: 66, ask: 67, askSize: 70, last: 68, lastSize: 71, high: 72, low: 73, volume: 74, close: 75, open: 76, lastTime: 88 },
  tradeVolume: 48,
  halted: 49,
  futuresOpenInterest: 86,
} as const;

export type TickNumbers = (typeof TICK)['live'] | (typeof TICK)['delayed'];

export interface MarketDataRequest {
  readonly requestId: number;
  readonly contract: ContractQuery;
  readonly genericTicks: string;
  readonly snapshot: boolean;
  readonly regulatorySnapshot: boolean;
}

/** `1, version, request id, contract, legs, delta neutral contract, generic ticks, snapshot, regulatory snapshot, options` */
export function readMarketData(reader: FieldReader): MarketDataRequest {
  reader.int();
  const requestId = reader.int();
  const contract = readContract(reader);
  readComboLegs(reader, contract);
  if (reader.bool()) {
    reader.int();
    reader.double();
    reader.double();
  }
  const request = { requestId, contract, genericTicks: reader.string(), snapshot: reader.bool(), regulatorySnapshot: reader.bool() };
  reader.stringOr('');
  return request;
}

/** `97, request id, contract, kind, number of ticks, ignore size` */
export function readTickByTick(reader: FieldReader) {
  return { requestId: reader.int(), contract: readContract(reader), kind: reader.string(), count: reader.int(), ignoreSize: reader.bool() };
}

/** `10, version, request id, contract, rows, smart depth, options` */
export function readMarketDepth(reader: FieldReader) {
  reader.int();
  const request = { requestId: reader.int(), contract: readContract(reader), rows: reader.int(), smart: reader.bool() };
  reader.stringOr('');
  return request;
}

/** `11, version, request id, smart depth` */
export function readCancelMarketDepth(reader: FieldReader) {
  reader.int();
  return { requestId: reader.int(), smart: reader.bool() };
}

/** @param mask bit 0: can be executed automatically, bit 1: past the limit, bit 2: before the opening */
export const tickPriceMessage = (requestId: number, kind: number, price: number, size: number, mask: number): OutgoingMessage =>
  new OutgoingMessage(RESPONSE.tickPrice).int(6).int(requestId).int(kind).double(price).double(size).int(mask);

export const tickSizeMessage = (requestId: number, kind: number, size: number): OutgoingMessage => new OutgoingMessage(RESPONSE.tickSize).int(6).int(requestId).int(kind).double(size);

export const tickGenericMessage = (requestId: number, kind: number, value: number): OutgoingMessage => new OutgoingMessage(RESPONSE.tickGeneric).int(6).int(requestId).int(kind).double(value);

export const tickStringMessage = (requestId: number, kind: number, text: string): OutgoingMessage => new OutgoingMessage(RESPONSE.tickString).int(6).int(requestId).int(kind).string(text);

export const tickReqParamsMessage = (requestId: number, minTick: number, exchangeMap: string, snapshotPermissions: number): OutgoingMessage =>
  new OutgoingMessage(RESPONSE.tickReqParams).int(requestId).double(minTick).string(exchangeMap).int(snapshotPermissions);

/** 1 live, 2 frozen, 3 delayed, 4 delayed and frozen. */
export const marketDataTypeMessage = (requestId: number, type: number): OutgoingMessage => new OutgoingMessage(RESPONSE.marketDataType).int(1).int(requestId).int(type);

export const tickSnapshotEndMessage = (requestId: number): OutgoingMessage => new OutgoingMessage(RESPONSE.tickSnapshotEnd).int(1).int(requestId);

/** @param kind 1 `Last`, 2 `AllLast` */
export const tickByTickTradeMessage = (requestId: number, kind: 1 | 2, timeMs: number, price: number, size: number, exchange: string): OutgoingMessage =>
  new OutgoingMessage(RESPONSE.tickByTick).int(requestId).int(kind).int(Math.floor(timeMs / 1000)).double(price).double(size).int(0).string(exchange).string('');

export const tickByTickQuoteMessage = (requestId: number, timeMs: number, bid: number, ask: number, bidSize: number, askSize: number): OutgoingMessage =>
  new OutgoingMessage(RESPONSE.tickByTick).int(requestId).int(3).int(Math.floor(timeMs / 1000)).double(bid).double(ask).double(bidSize).double(askSize).int(0);

export const tickByTickMidpointMessage = (requestId: number, timeMs: number, midpoint: number): OutgoingMessage =>
  new OutgoingMessage(RESPONSE.tickByTick).int(requestId).int(4).int(Math.floor(timeMs / 1000)).double(midpoint);

/** @param operation 0 insert, 1 update, 2 delete @param side 0 ask, 1 bid */
export const marketDepthMessage = (requestId: number, position: number, operation: 0 | 1 | 2, side: 0 | 1, price: number, size: number): OutgoingMessage =>
  new OutgoingMessage(RESPONSE.marketDepth).int(1).int(requestId).int(position).int(operation).int(side).double(price).double(size);

/** The same, with the exchange or market maker whose row it is. */
export const marketDepthL2Message = (requestId: number, position: number, maker: string, operation: 0 | 1 | 2, side: 0 | 1, price: number, size: number, smart: boolean): OutgoingMessage =>
  new OutgoingMessage(RESPONSE.marketDepthL2).int(1).int(requestId).int(position).string(maker).int(operation).int(side).double(price).double(size).bool(smart);
