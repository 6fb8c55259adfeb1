import type { SimOrder } from '../matching/sim-order.js';
import { averagePriceOf, remainingOf } from '../matching/sim-order.js';
import type { Execution } from '../orders/execution.js';
import type { FieldReader } from '../wire/field-reader.js';
import { OutgoingMessage } from '../wire/outgoing-message.js';
import { RESPONSE } from './message-ids.js';
import type { ShownContract } from './open-order.js';
import { SINCE } from './server-version.js';

/** orderStatus. @param orderId 0 in what other clients see */
export function orderStatusMessage(order: SimOrder, orderId: number, status: string, parentId: number, whyHeld: string): OutgoingMessage {
  return new OutgoingMessage(RESPONSE.orderStatus)
    .int(orderId).string(status).double(order.filled).double(remainingOf(order)).double(averagePriceOf(order)).int(order.permId).int(parentId)
    .double(order.lastFillPrice).int(order.clientId).string(whyHeld).double(0);
}

export const openOrderEndMessage = (): OutgoingMessage => new OutgoingMessage(RESPONSE.openOrderEnd).int(1);

/** Has no version field, unlike its neighbours. */
export const completedOrdersEndMessage = (): OutgoingMessage => new OutgoingMessage(RESPONSE.completedOrdersEnd);

export function orderBoundMessage(order: SimOrder): OutgoingMessage {
  return new OutgoingMessage(RESPONSE.orderBound).int(order.permId).int(order.clientId).int(order.orderId);
}

/** execDetails. @param requestId -1 when nobody asked */
export function executionMessage(serverVersion: number, requestId: number, execution: Execution, contract: ShownContract, time: string, orderId: number): OutgoingMessage {
  const out = new OutgoingMessage(RESPONSE.executionData)
    .int(requestId).int(orderId).int(contract.conId).string(contract.symbol).string(contract.securityType).string(contract.lastTradeDate).string('0.0').string('')
    .string(contract.multiplier).string(contract.exchange).string(contract.currency).string(contract.localSymbol).string(contract.tradingClass)
    .string(execution.execId).string(time).string(execution.account).string(contract.exchange).string(execution.side).double(execution.quantity).double(execution.price)
    .int(execution.permId).int(execution.clientId).int(0).double(execution.cumulativeQuantity).double(execution.averagePrice).string(execution.orderRef)
    .string('').string('').string('').int(execution.liquidity);
  return serverVersion >= SINCE.pendingPriceRevision ? out.bool(false) : out;
}

export const executionsEndMessage = (requestId: number): OutgoingMessage => new OutgoingMessage(RESPONSE.executionDataEnd).int(1).int(requestId);

export function commissionMessage(execution: Execution): OutgoingMessage {
  return new OutgoingMessage(RESPONSE.commissionReport)
    .int(1).string(execution.execId).double(execution.commission).string(execution.currency).doubleOrUnset(execution.realized).doubleOrUnset(undefined).string('');
}

/** A client's reqExecutions, texts as they came. */
export interface ExecutionsRequest {
  readonly requestId: number;
  readonly clientId: number | undefined;
  readonly account: string;
  readonly time: string;
  readonly symbol: string;
  readonly securityType: string;
  readonly exchange: string;
  readonly side: string;
}

export function readExecutions(reader: FieldReader): ExecutionsRequest {
  reader.int();
  return {
    requestId: reader.int(), clientId: reader.positiveInt(), account: reader.string(), time: reader.string(), symbol: reader.string().toUpperCase(),
    securityType: reader.string().toUpperCase(), exchange: reader.string().toUpperCase(), side: reader.string().toUpperCase(),
  };
}
