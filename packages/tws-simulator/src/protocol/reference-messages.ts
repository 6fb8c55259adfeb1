import type { Instrument } from '../reference/instrument.js';
import type { PriceIncrement } from '../reference/market-rules.js';
import { OutgoingMessage } from '../wire/outgoing-message.js';
import type { FieldReader } from '../wire/field-reader.js';
import { RESPONSE } from './message-ids.js';

/** `81, request id, pattern` */
export const readMatchingSymbols = (reader: FieldReader): { readonly requestId: number; readonly pattern: string } => ({ requestId: reader.int(), pattern: reader.string() });

/** `78, request id, symbol, exchange of futures options, security type, contract id` */
export const readOptionParameters = (reader: FieldReader) => ({
  requestId: reader.int(), symbol: reader.string(), exchange: reader.string(), securityType: reader.string(), conId: reader.int(),
});

/** `83, request id, exchange map` */
export const readSmartComponents = (reader: FieldReader) => ({ requestId: reader.int(), exchangeMap: reader.string() });

/** Contracts whose symbol or name begins as asked, each with the kinds of derivatives that it has. */
export function symbolSamplesMessage(requestId: number, found: readonly { readonly instrument: Instrument; readonly derivatives: readonly string[] }[]): OutgoingMessage {
  const message = new OutgoingMessage(RESPONSE.symbolSamples).int(requestId).int(found.length);
  for (const { instrument, derivatives } of found) {
    const { conId, symbol, securityType, primaryExchange, exchange, currency, longName } = instrument;
    message.int(conId).string(symbol).string(securityType).string(primaryExchange === '' ? exchange : primaryExchange).string(currency).int(derivatives.length);
    for (const each of derivatives) message.string(each);
    message.ascii(longName).string('');
  }
  return message;
}

export function marketRuleMessage(ruleId: number, increments: readonly PriceIncrement[]): OutgoingMessage {
  const message = new OutgoingMessage(RESPONSE.marketRule).int(ruleId).int(increments.length);
  for (const { lowEdge, increment } of increments) message.double(lowEdge).double(increment);
  return message;
}

/** Exchanges that give depth: name, kind of contract, listing exchange, kind of data, group. */
export function depthExchangesMessage(rows: readonly (readonly [exchange: string, securityType: string, listing: string, data: string, group: number])[]): OutgoingMessage {
  const message = new OutgoingMessage(RESPONSE.marketDepthExchanges).int(rows.length);
  for (const [exchange, securityType, listing, data, group] of rows) message.string(exchange).string(securityType).string(listing).string(data).int(group);
  return message;
}

/** Letters of exchanges in a consolidated quote: bit, name, letter. */
export function smartComponentsMessage(requestId: number, rows: readonly (readonly [bit: number, exchange: string, letter: string])[]): OutgoingMessage {
  const message = new OutgoingMessage(RESPONSE.smartComponents).int(requestId).int(rows.length);
  for (const [bit, exchange, letter] of rows) message.int(bit).string(exchange).string(letter);
  return message;
}

export const optionParametersEndMessage = (requestId: number): OutgoingMessage => new OutgoingMessage(RESPONSE.optionParametersEnd).int(requestId);

/** A list of none. */
export const newsProvidersMessage = (): OutgoingMessage => new OutgoingMessage(RESPONSE.newsProviders).int(0);
