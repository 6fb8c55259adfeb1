import { OutgoingMessage } from '../wire/outgoing-message.js';
import { RESPONSE } from './message-ids.js';

/**
 * A fault or a piece of news.
 * @param id of the request or order that it is about; -1 for news about the connection
 * @param code of the venue
 * @param advancedReject JSON of a rejection that the client may override, or nothing
 */
export function errorMessage(id: number, code: number, text: string, advancedReject = ''): OutgoingMessage {
  return new OutgoingMessage(RESPONSE.error).int(2).int(id).int(code).ascii(text).ascii(advancedReject);
}

/** The accounts of the login, separated by commas. */
export function managedAccountsMessage(accounts: readonly string[]): OutgoingMessage {
  return new OutgoingMessage(RESPONSE.managedAccounts).int(1).string(accounts.join(','));
}

/** The first order id that the client may use. */
export function nextValidIdMessage(orderId: number): OutgoingMessage {
  return new OutgoingMessage(RESPONSE.nextValidId).int(1).int(orderId);
}

/** The server's time in whole seconds. */
export function currentTimeMessage(timeMs: number): OutgoingMessage {
  return new OutgoingMessage(RESPONSE.currentTime).int(1).int(Math.floor(timeMs / 1000));
}
