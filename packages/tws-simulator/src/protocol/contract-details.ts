import type { Instrument } from '../reference/instrument.js';
import { finestIncrement } from '../reference/market-rules.js';
import { OutgoingMessage } from '../wire/outgoing-message.js';
import type { FieldReader } from '../wire/field-reader.js';
import { readContractWithExpired, type ContractQuery } from './contract-fields.js';
import { RESPONSE } from './message-ids.js';
import { SINCE } from './server-version.js';

/** A request for everything that is known of the contracts that fit. */
export interface ContractDetailsRequest {
  readonly requestId: number;
  readonly contract: ContractQuery;
  readonly securityIdType: string;
  readonly securityId: string;
  readonly issuerId: string;
}

/** `9, version, request id, contract, include expired, kind and value of a security id, issuer` */
export function readContractDetails(reader: FieldReader): ContractDetailsRequest {
  reader.int();
  return { requestId: reader.int(), contract: readContractWithExpired(reader), securityIdType: reader.string(), securityId: reader.string(), issuerId: reader.stringOr('') };
}

/**
 * One contract that fits.
 * @param exchange that the client asked for
 * @param nowMs hours are told from this day on
 */
export function contractDetailsMessage(requestId: number, instrument: Instrument, exchange: string, nowMs: number, serverVersion: number): OutgoingMessage {
  const { hours } = instrument;
  const message = new OutgoingMessage(RESPONSE.contractData).int(requestId).string(instrument.symbol).string(instrument.securityType).string(lastTradeText(instrument));
  if (serverVersion >= SINCE.lastTradeDate) message.string(instrument.lastTradeDate ?? '');
  message
    .double(0).string('').string(exchange).string(instrument.currency).string(instrument.localSymbol).string(instrument.marketName)
    .string(instrument.tradingClass).int(instrument.conId).double(finestTick(instrument)).double(instrument.multiplier)
    .string(instrument.orderTypes).string(instrument.validExchanges.join(',')).int(1).int(instrument.underConId)
    .ascii(instrument.longName).string(instrument.primaryExchange).string(instrument.contractMonth)
    .string(instrument.industry).string(instrument.category).string(instrument.subcategory)
    .string(hours.rule.zoneName).string(hours.text(nowMs, false)).string(hours.text(nowMs, true))
    .string('').double(0)
    .int(0)
    .int(instrument.securityType === 'STK' ? 1 : instrument.securityType === 'CASH' ? 4 : 2147483647)
    .string(instrument.underSymbol).string(instrument.underSecurityType)
    .string(instrument.marketRuleIds.join(',')).string(instrument.lastTradeDate ?? '').string(instrument.stockType)
    .double(instrument.minSize).double(instrument.minSize).double(instrument.securityType === 'STK' ? 100 : instrument.minSize);
  // no reason against trading any of the contracts
  if (serverVersion >= SINCE.ineligibilityReasons) message.int(0);
  return message;
}

/** The last of the contracts that fit. */
export const contractDetailsEndMessage = (requestId: number): OutgoingMessage => new OutgoingMessage(RESPONSE.contractDataEnd).int(1).int(requestId);

const finestTick = ({ marketRuleIds: [rule], minTick }: Instrument): number => (rule === undefined ? undefined : finestIncrement(rule)) ?? minTick;

/** `20260618 08:30 US/Central`: the day, and for futures the minute and its zone. */
function lastTradeText({ lastTradeDate, expiresMs, hours }: Instrument): string {
  if (lastTradeDate === undefined) return '';
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: hours.rule.zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(expiresMs);
  return `${lastTradeDate} ${time} ${hours.rule.zoneName}`;
}
