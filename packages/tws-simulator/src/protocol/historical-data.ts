import type { HistoryBar } from '../history/history-bar.js';
import { OutgoingMessage } from '../wire/outgoing-message.js';
import type { FieldReader } from '../wire/field-reader.js';
import { readComboLegs, readContract, readContractWithExpired, type ContractQuery } from './contract-fields.js';
import { RESPONSE } from './message-ids.js';

/** A request for bars of the past. */
export interface HistoricalDataRequest {
  readonly requestId: number;
  readonly contract: ContractQuery;
  readonly end: string;
  readonly barSize: string;
  readonly duration: string;
  readonly liquidOnly: boolean;
  readonly show: string;
  /** 1: text in the exchange's zone, 2: seconds since 1970. */
  readonly dateFormat: number;
  readonly keepUpToDate: boolean;
}

/** `20, request id, contract, include expired, end, bar size, duration, useRTH, whatToShow, formatDate, legs, keepUpToDate, options` */
export function readHistoricalData(reader: FieldReader): HistoricalDataRequest {
  const requestId = reader.int();
  const contract = readContractWithExpired(reader);
  const head = { requestId, contract, end: reader.string(), barSize: reader.string(), duration: reader.string(), liquidOnly: reader.bool(), show: reader.string().toUpperCase(), dateFormat: reader.int() };
  readComboLegs(reader, contract);
  const keepUpToDate = reader.bool();
  reader.stringOr('');
  return { ...head, keepUpToDate };
}

/** `87, request id, contract, include expired, useRTH, whatToShow, formatDate` */
export function readHeadTimestamp(reader: FieldReader) {
  return { requestId: reader.int(), contract: readContractWithExpired(reader), liquidOnly: reader.bool(), show: reader.string().toUpperCase(), dateFormat: reader.int() };
}

/** `50, version, request id, contract, bar size, whatToShow, useRTH, options` */
export function readRealTimeBars(reader: FieldReader) {
  reader.int();
  const request = { requestId: reader.int(), contract: readContract(reader), barSize: reader.int(), show: reader.string().toUpperCase(), liquidOnly: reader.bool() };
  reader.stringOr('');
  return request;
}

/** `96, request id, contract, include expired, start, end, number of ticks, whatToShow, useRTH, ignore size, options` */
export function readHistoricalTicks(reader: FieldReader) {
  const request = {
    requestId: reader.int(), contract: readContractWithExpired(reader), start: reader.string(), end: reader.string(), count: reader.int(),
    show: reader.string().toUpperCase(), liquidOnly: reader.bool(), ignoreSize: reader.bool(),
  };
  reader.stringOr('');
  return request;
}

/** `88, request id, contract, include expired, useRTH, period` */
export function readHistogram(reader: FieldReader) {
  return { requestId: reader.int(), contract: readContractWithExpired(reader), liquidOnly: reader.bool(), period: reader.string() };
}

/** Bars and the span that they cover, as text. */
export function historicalDataMessage(requestId: number, start: string, end: string, bars: readonly HistoryBar[], dateOf: (bar: HistoryBar) => string): OutgoingMessage {
  const message = new OutgoingMessage(RESPONSE.historicalData).int(requestId).string(start).string(end).int(bars.length);
  for (const bar of bars) {
    message.string(dateOf(bar)).double(bar.open).double(bar.high).double(bar.low).double(bar.close).double(bar.volume).double(bar.average).int(bar.count);
  }
  return message;
}

/** The bar that is under way. The order of its fields is its own: close before high and low, average before volume. */
export function historicalDataUpdateMessage(requestId: number, bar: HistoryBar, date: string): OutgoingMessage {
  return new OutgoingMessage(RESPONSE.historicalDataUpdate).int(requestId).int(bar.count).string(date)
    .double(bar.open).double(bar.close).double(bar.high).double(bar.low).double(bar.average).double(bar.volume);
}

/** Five seconds that are over. */
export function realTimeBarMessage(requestId: number, bar: HistoryBar): OutgoingMessage {
  return new OutgoingMessage(RESPONSE.realTimeBars).int(3).int(requestId).int(Math.floor(bar.startMs / 1000))
    .double(bar.open).double(bar.high).double(bar.low).double(bar.close).double(bar.volume).double(bar.average).int(bar.count);
}

export const headTimestampMessage = (requestId: number, text: string): OutgoingMessage => new OutgoingMessage(RESPONSE.headTimestamp).int(requestId).string(text);

/** Sessions of a span: start, end and day of each, as text. */
export function historicalScheduleMessage(requestId: number, start: string, end: string, zone: string, sessions: readonly (readonly [start: string, end: string, day: string])[]): OutgoingMessage {
  const message = new OutgoingMessage(RESPONSE.historicalSchedule).int(requestId).string(start).string(end).string(zone).int(sessions.length);
  for (const [from, to, day] of sessions) message.string(from).string(to).string(day);
  return message;
}

/** Volume by price. */
export function histogramMessage(requestId: number, rows: readonly (readonly [price: number, size: number])[]): OutgoingMessage {
  const message = new OutgoingMessage(RESPONSE.histogram).int(requestId).int(rows.length);
  for (const [price, size] of rows) message.double(price).double(size);
  return message;
}

/** A tick of the past. Prices of ticks that are not quotes stand in `price`. */
export interface HistoryTick {
  readonly timeMs: number;
  readonly price: number;
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number;
  readonly askSize: number;
  readonly size: number;
}

/** Ticks of one kind, all that there are for the request. */
export function historicalTicksMessage(requestId: number, show: 'TRADES' | 'MIDPOINT' | 'BID_ASK', ticks: readonly HistoryTick[], exchange: string): OutgoingMessage {
  const id = show === 'TRADES' ? RESPONSE.historicalTicksLast : show === 'BID_ASK' ? RESPONSE.historicalTicksBidAsk : RESPONSE.historicalTicks;
  const message = new OutgoingMessage(id).int(requestId).int(ticks.length);
  for (const { timeMs, price, bid, ask, bidSize, askSize, size } of ticks) {
    message.int(Math.floor(timeMs / 1000)).int(0);
    if (show === 'TRADES') message.double(price).double(size).string(exchange).string('');
    else if (show === 'BID_ASK') message.double(bid).double(ask).double(bidSize).double(askSize);
    else message.double((bid + ask) / 2).double(0);
  }
  return message.bool(true);
}
