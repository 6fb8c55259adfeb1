import { createServer, type Server, type Socket } from 'node:net';
import { idOfUnsimulated, REQUEST, requestName } from '../protocol/message-ids.js';
import { connectionTime } from '../time/zone-text.js';
import { FieldReader } from '../wire/field-reader.js';
import type { OutgoingMessage } from '../wire/outgoing-message.js';
import { ProtocolFault } from '../wire/protocol-fault.js';
import type { MessageFamily, RequestHandler } from './message-family.js';
import { Session, type SessionOwner } from './session.js';
import type { World } from './world.js';

/** Listens for clients and hands each of their requests to the family that speaks it. */
export class GatewayServer implements SessionOwner {
  readonly newestVersion: number;
  private readonly server: Server;
  private readonly handlers = new Map<number, RequestHandler>();
  private readonly sessions = new Set<Session>();
  private readonly sockets = new Set<Socket>();
  private count = 0;
  private port = 0;
  private address = '';

  constructor(private readonly world: World, private readonly families: readonly MessageFamily[]) {
    this.newestVersion = world.scenario.serverVersion;
    for (const family of families) {
      for (const handler of family.requests) {
        if (this.handlers.has(handler.id)) throw new Error(`family ${family.name}: ${requestName(handler.id)} is already taken`);
        this.handlers.set(handler.id, handler);
      }
    }
    this.server = createServer((socket) => this.accept(socket));
    world.door.keptBy({ shut: () => this.shut(), open: () => this.reopen() });
  }

  /** @returns the port in use */
  async listen(port: number, address: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, address, resolve);
    });
    for (const family of this.families) family.started?.();
    const bound = this.server.address();
    this.port = typeof bound === 'object' && bound !== null ? bound.port : port;
    this.address = address;
    return this.port;
  }

  async close(): Promise<void> {
    for (const family of this.families) family.stopped?.();
    for (const session of this.sessions) session.close('the server stops');
    if (!this.server.listening) return;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroySoon();
    await closed;
  }

  private shut(): void {
    if (this.server.listening) this.server.close();
    this.drop();
    for (const socket of this.sockets) socket.destroy();
    this.world.log('the gateway is down');
  }

  private reopen(): void {
    if (this.server.listening) return;
    this.server.listen(this.port, this.address);
    this.world.log('the gateway is up again');
  }

  drop(clientId?: number): number {
    const dropped = [...this.sessions].filter((session) => clientId === undefined || session.clientId === clientId);
    for (const session of dropped) session.drop('dropped by command');
    return dropped.length;
  }

  clients(): number[] {
    return [...this.world.sessions].map((session) => session.client);
  }

  connectionTime(): string {
    return connectionTime(this.world.clock.now(), this.world.scenario.timeZone);
  }

  received(session: Session, fields: readonly string[]): void {
    const id = Number(fields[0]);
    if (!this.world.taps.receive(session, id, fields)) return;
    const handler = this.handlers.get(id);
    if (!session.ready && id !== REQUEST.startApi) {
      this.world.log(`session ${session.number}: ${requestName(id)} before startApi is ignored`);
      return;
    }
    const excess = this.world.pacing.message(session);
    if (excess !== undefined) {
      session.error(-1, 100, excess.text);
      if (excess.close) session.close('too many messages per second');
      return;
    }
    if (handler === undefined) {
      session.error(idOfUnsimulated(fields), 320, `Error reading request:-'${requestName(id)}' : cause - request is not known or not simulated`);
      return;
    }
    const wasReady = session.ready;
    try {
      handler.receive(session, new FieldReader(fields.slice(1)));
    } catch (error) {
      if (!(error instanceof ProtocolFault) || error.close) throw error;
      session.error(-1, 320, `Error reading request:-'${requestName(id)}' : cause - ${error.message}`);
    }
    if (!wasReady && session.ready) {
      this.world.log(`client ${session.client} is ready at version ${session.serverVersion}`);
      for (const family of this.families) family.sessionReady?.(session);
    }
  }

  outgoing(session: Session, message: OutgoingMessage): readonly string[] {
    return this.world.taps.send(session, message.id, message.body);
  }

  telling(): void {
    this.world.trading.keep();
  }

  closed(session: Session, reason: string): void {
    this.sessions.delete(session);
    this.world.log(`session ${session.number} closed: ${reason}`);
    if (!this.world.sessions.release(session)) return;
    for (const family of this.families) family.sessionClosed?.(session);
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    if (this.world.door.silent) {
      // Taken, and left without an answer.
      socket.on('error', () => socket.destroy());
      socket.resume();
      return;
    }
    this.sessions.add(new Session(++this.count, socket, this));
  }
}
