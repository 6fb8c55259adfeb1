import { REQUEST, RESPONSE } from '../protocol/message-ids.js';
import { currentTimeMessage, managedAccountsMessage, nextValidIdMessage } from '../protocol/session-messages.js';
import { readVersionAndId, request, type MessageFamily } from '../server/message-family.js';
import type { Session } from '../server/session.js';
import type { World } from '../server/world.js';
import { OutgoingMessage } from '../wire/outgoing-message.js';
import type { FieldReader } from '../wire/field-reader.js';

/** News about the market data and security definition farms that every client gets at start. */
const FARMS: readonly (readonly [code: number, text: string])[] = [
  [2104, 'Market data farm connection is OK:usfarm.nj'],
  [2104, 'Market data farm connection is OK:usfuture'],
  [2106, 'HMDS data farm connection is OK:ushmds'],
  [2158, 'Sec-def data farm connection is OK:secdefnj'],
];

/** `71, version, client id, optional capabilities` */
export const readStartApi = (reader: FieldReader): { readonly clientId: number; readonly capabilities: string } => {
  reader.int();
  return { clientId: reader.int(), capabilities: reader.stringOr('') };
};

/** Start of a session, order ids, accounts, time, log level, user. */
export function connectionFamily(world: World): MessageFamily {
  const start = (session: Session, clientId: number): void => {
    if (session.ready) return;
    session.clientId = clientId;
    if (!world.sessions.claim(clientId, session)) {
      session.error(-1, 326, 'Unable to connect as the client id is already in use. Retry with a unique client id.');
      session.close(`client id ${clientId} is in use`);
      return;
    }
    session.ready = true;
    session.send(managedAccountsMessage(world.scenario.accounts));
    session.send(nextValidIdMessage(world.trading.nextOrderId(clientId)));
    for (const [code, text] of FARMS) session.error(-1, code, text);
  };

  return {
    name: 'connection',
    requests: [
      request(REQUEST.startApi, readStartApi, (session, { clientId }) => start(session, clientId)),
      request(REQUEST.ids, (reader) => reader.left, (session) => session.send(nextValidIdMessage(world.trading.nextOrderId(session.client)))),
      request(REQUEST.managedAccounts, (reader) => reader.left, (session) => session.send(managedAccountsMessage(world.scenario.accounts))),
      request(REQUEST.currentTime, (reader) => reader.left, (session) => session.send(currentTimeMessage(world.clock.now()))),
      request(REQUEST.serverLogLevel, readVersionAndId, (session, level) => world.log(`client ${session.client} sets log level ${level}`)),
      request(REQUEST.userInfo, (reader) => reader.int(), (session, requestId) => session.send(new OutgoingMessage(RESPONSE.userInfo).int(requestId).string(''))),
    ],
  };
}
