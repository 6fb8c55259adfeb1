import { OutgoingMessage } from '../wire/outgoing-message.js';
import { RESPONSE } from './message-ids.js';
import type { ShownContract } from './open-order.js';

/** One line of an account: `NetLiquidation`, `100000.00`, `USD`. */
export interface AccountLine {
  readonly key: string;
  readonly value: string;
  readonly currency: string;
}

/** A position with its value at the market. */
export interface ShownPosition {
  readonly contract: ShownContract;
  readonly primaryExchange: string;
  readonly quantity: number;
  readonly averageCost: number;
  readonly marketPrice: number;
  readonly marketValue: number;
  readonly unrealized: number;
  readonly realized: number;
}

export const accountValueMessage = (account: string, { key, value, currency }: AccountLine): OutgoingMessage =>
  new OutgoingMessage(RESPONSE.accountValue).int(2).string(key).string(value).string(currency).string(account);

export function portfolioMessage(account: string, { contract, primaryExchange, ...position }: ShownPosition): OutgoingMessage {
  return new OutgoingMessage(RESPONSE.portfolioValue)
    .int(8).int(contract.conId).string(contract.symbol).string(contract.securityType).string(contract.lastTradeDate).string('0').string('').string(contract.multiplier)
    .string(primaryExchange).string(contract.currency).string(contract.localSymbol).string(contract.tradingClass)
    .double(position.quantity).double(position.marketPrice).double(position.marketValue).double(position.averageCost).double(position.unrealized).double(position.realized).string(account);
}

/** @param time hour and minute: `15:30` */
export const accountTimeMessage = (time: string): OutgoingMessage => new OutgoingMessage(RESPONSE.accountUpdateTime).int(1).string(time);

export const accountDownloadEndMessage = (account: string): OutgoingMessage => new OutgoingMessage(RESPONSE.accountDownloadEnd).int(1).string(account);

export const accountSummaryMessage = (requestId: number, account: string, { key, value, currency }: AccountLine): OutgoingMessage =>
  new OutgoingMessage(RESPONSE.accountSummary).int(1).int(requestId).string(account).string(key).string(value).string(currency);

export const accountSummaryEndMessage = (requestId: number): OutgoingMessage => new OutgoingMessage(RESPONSE.accountSummaryEnd).int(1).int(requestId);

export const accountMultiMessage = (requestId: number, account: string, model: string, { key, value, currency }: AccountLine): OutgoingMessage =>
  new OutgoingMessage(RESPONSE.accountUpdateMulti).int(1).int(requestId).string(account).string(model).string(key).string(value).string(currency);

export const accountMultiEndMessage = (requestId: number): OutgoingMessage => new OutgoingMessage(RESPONSE.accountUpdateMultiEnd).int(1).int(requestId);

/** The venue leaves the exchange of a position empty. */
const withPosition = (out: OutgoingMessage, { contract, quantity, averageCost }: ShownPosition): OutgoingMessage =>
  out
    .int(contract.conId).string(contract.symbol).string(contract.securityType).string(contract.lastTradeDate).string('0.0').string('').string(contract.multiplier).string('')
    .string(contract.currency).string(contract.localSymbol).string(contract.tradingClass).double(quantity).double(averageCost);

export const positionMessage = (account: string, position: ShownPosition): OutgoingMessage =>
  withPosition(new OutgoingMessage(RESPONSE.position).int(3).string(account), position);

export const positionEndMessage = (): OutgoingMessage => new OutgoingMessage(RESPONSE.positionEnd).int(1);

export const positionMultiMessage = (requestId: number, account: string, model: string, position: ShownPosition): OutgoingMessage =>
  withPosition(new OutgoingMessage(RESPONSE.positionMulti).int(1).int(requestId).string(account), position).string(model);

export const positionMultiEndMessage = (requestId: number): OutgoingMessage => new OutgoingMessage(RESPONSE.positionMultiEnd).int(1).int(requestId);

export const pnlMessage = (requestId: number, daily: number, unrealized: number, realized: number): OutgoingMessage =>
  new OutgoingMessage(RESPONSE.pnl).int(requestId).double(daily).double(unrealized).double(realized);

export const pnlSingleMessage = (requestId: number, quantity: number, daily: number, unrealized: number, realized: number, value: number): OutgoingMessage =>
  new OutgoingMessage(RESPONSE.pnlSingle).int(requestId).double(quantity).double(daily).double(unrealized).double(realized).double(value);

export function familyCodesMessage(accounts: readonly string[]): OutgoingMessage {
  const out = new OutgoingMessage(RESPONSE.familyCodes).int(accounts.length);
  for (const account of accounts) out.string(account).string('');
  return out;
}

export const softDollarTiersMessage = (requestId: number): OutgoingMessage => new OutgoingMessage(RESPONSE.softDollarTiers).int(requestId).int(0);
