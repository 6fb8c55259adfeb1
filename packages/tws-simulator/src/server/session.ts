import type { Socket } from 'node:net';
import { commonVersion, parseOfferedVersions } from '../protocol/server-version.js';
import { errorMessage } from '../protocol/session-messages.js';
import { FrameBuffer } from '../wire/frame-buffer.js';
import { FrameReader } from '../wire/frame-reader.js';
import type { OutgoingMessage } from '../wire/outgoing-message.js';
import { ProtocolFault } from '../wire/protocol-fault.js';

/** A burst goes out in pieces of this size at the least. */
const FLUSH_BYTES = 64 * 1024;

/** What a session asks of the server that it belongs to. */
export interface SessionOwner {
  readonly newestVersion: number;
  /** Stands in the answer to the handshake: time and zone of the login. */
  connectionTime(): string;
  /** A whole message after the handshake. */
  received(session: Session, fields: readonly string[]): void;
  /** What really goes out for a message: none, one or several bodies. */
  outgoing(session: Session, message: OutgoingMessage): readonly string[];
  /** Bytes go out: what they tell of must not be lost any more. */
  telling(): void;
  closed(session: Session, reason: string): void;
}

/** One connection of one client: handshake, frames in, messages out. */
export class Session {
  /** Agreed in the handshake; 0 before. */
  serverVersion = 0;
  /** Given by startApi; undefined before. */
  clientId: number | undefined;
  /** The client asked the server to slow its requests down instead of refusing them. */
  paced = false;
  /** Whether the client was told accounts and the first order id. */
  ready = false;

  private readonly frames = new FrameReader();
  private readonly pending = new FrameBuffer();
  private flushing = false;
  private open = true;

  constructor(readonly number: number, private readonly socket: Socket, private readonly owner: SessionOwner) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.onData(chunk));
    socket.on('error', (error) => this.end(`connection failed: ${error.message}`));
    socket.on('close', () => this.end('client closed the connection'));
  }

  get connected(): boolean {
    return this.open;
  }

  /** The client id, for messages that only a ready session sends. */
  get client(): number {
    return this.clientId ?? -1;
  }

  /** Queues a message; everything queued in one turn goes out in one piece. */
  send(message: OutgoingMessage): void {
    if (!this.open) return;
    for (const body of this.owner.outgoing(this, message)) this.queue(body);
  }

  /** An error about a request or an order; id -1 for news about the connection. */
  error(id: number, code: number, text: string, advancedReject = ''): void {
    this.send(errorMessage(id, code, text, advancedReject));
  }

  /** Sends what is queued, then closes. */
  close(reason: string): void {
    if (!this.open) return;
    this.flush();
    this.socket.end();
    this.end(reason);
  }

  /** Closes at once; what is queued is lost. */
  drop(reason: string): void {
    if (!this.open) return;
    this.socket.resetAndDestroy();
    this.end(reason);
  }

  private onData(chunk: Buffer): void {
    if (!this.open) return;
    try {
      for (const frame of this.frames.push(chunk)) {
        if (!this.open) return;
        if (this.serverVersion === 0) this.shakeHands(frame);
        else this.owner.received(this, fieldsOf(frame));
      }
    } catch (error) {
      if (!(error instanceof ProtocolFault)) throw error;
      this.close(error.message);
    }
  }

  private shakeHands(frame: string): void {
    const offered = parseOfferedVersions(frame);
    if (offered === undefined) throw new ProtocolFault(`versions were ${JSON.stringify(frame.slice(0, 40))}, expected such as v100..193`, true);
    const version = commonVersion(offered, this.owner.newestVersion);
    if (version === undefined) throw new ProtocolFault(`the client speaks versions ${offered.oldest} to ${offered.newest}, this server 176 to ${this.owner.newestVersion}`, true);
    this.serverVersion = version;
    this.paced = offered.options.includes('+PACEAPI');
    this.queue(`${version}\0${this.owner.connectionTime()}\0`);
  }

  private queue(body: string): void {
    this.pending.add(body);
    if (this.pending.length >= FLUSH_BYTES) this.flush();
    else if (!this.flushing) {
      this.flushing = true;
      queueMicrotask(() => {
        this.flushing = false;
        this.flush();
      });
    }
  }

  private flush(): void {
    if (!this.open || this.pending.length === 0) return;
    this.owner.telling();
    this.socket.write(this.pending.take());
  }

  private end(reason: string): void {
    if (!this.open) return;
    this.open = false;
    this.owner.closed(this, reason);
  }
}

/** Every field ends with NUL; a client that forgot the last one is forgiven. */
function fieldsOf(frame: string): string[] {
  const fields = frame.split('\0');
  if (fields[fields.length - 1] === '') fields.pop();
  return fields;
}
