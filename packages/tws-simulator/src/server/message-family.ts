import type { FieldReader } from '../wire/field-reader.js';
import type { ControlCommand } from '../control/control-command.js';
import type { Session } from './session.js';

/** One kind of request: how its fields are read, and what the server does with it. */
export interface RequestHandler {
  /** The message's first field. */
  readonly id: number;
  /** Reads the fields after the id as the session's server version lays them out, and answers. */
  receive(session: Session, reader: FieldReader): void;
}

/** Messages that belong together, and what the server keeps for them. */
export interface MessageFamily {
  readonly name: string;
  readonly requests: readonly RequestHandler[];
  /** Commands for tests, in process and over the control port. */
  readonly commands?: readonly ControlCommand[];
  /** A client has sent startApi and was told accounts and the first order id. */
  sessionReady?(session: Session): void;
  /** A ready client has gone. */
  sessionClosed?(session: Session): void;
  /** The server has begun to listen. */
  started?(): void;
  /** The server closes; nothing may be sent any more. */
  stopped?(): void;
}

/**
 * A request whose fields are read in one place and answered in another.
 * @param decode fields to a value, by server version; nothing else, so that tests can call it
 */
export function request<T>(id: number, decode: (reader: FieldReader, serverVersion: number) => T, handle: (session: Session, value: T) => void): RequestHandler {
  return { id, receive: (session, reader) => handle(session, decode(reader, session.serverVersion)) };
}

/** Fields of the requests that hold a version and an id, or only a version. */
export const readVersionAndId = (reader: FieldReader): number => {
  reader.int();
  return reader.int();
};
