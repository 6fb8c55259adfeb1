import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

/** A client of nothing but bytes: what a test writes goes out as it is, what comes is cut into frames. */
export class RawClient {
  /** Fields of every frame that came and was not yet taken. */
  private readonly frames: string[][] = [];
  private held: Buffer = Buffer.alloc(0);
  private wake: (() => void) | undefined;
  closed = false;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.held = Buffer.concat([this.held, chunk]);
      while (this.held.length >= 4 && this.held.length - 4 >= this.held.readUInt32BE(0)) {
        const end = 4 + this.held.readUInt32BE(0);
        this.frames.push(this.held.toString('utf8', 4, end).split('\0').slice(0, -1));
        this.held = this.held.subarray(end);
      }
      this.wake?.();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
      this.wake?.();
    });
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.setNoDelay(true);
    return new RawClient(socket);
  }

  /** Handshake and startApi, up to the last news about the farms. */
  static async ready(port: number, clientId = 7, versions = 'v100..193'): Promise<RawClient> {
    const client = await RawClient.connect(port);
    client.write('API\0');
    client.frame(versions);
    await client.next();
    client.send(71, 2, clientId, '');
    await client.until((fields) => fields[0] === '4' && fields[3] === '2158');
    return client;
  }

  write(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  /** A frame with the text as it is. */
  frame(text: string): void {
    const body = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    this.write(Buffer.concat([length, body]));
  }

  /** A frame of NUL-ended fields. */
  send(...fields: readonly (string | number)[]): void {
    this.frame(fields.map((field) => `${field}\0`).join(''));
  }

  /** The next frame. @throws when the server closed the connection first */
  async next(): Promise<string[]> {
    for (;;) {
      const frame = this.frames.shift();
      if (frame !== undefined) return frame;
      if (this.closed) throw new Error('the server closed the connection');
      await this.woken();
    }
  }

  /** The next frame that is wanted; those before it are dropped. */
  async until(wanted: (fields: readonly string[]) => boolean): Promise<string[]> {
    for (;;) {
      const frame = await this.next();
      if (wanted(frame)) return frame;
    }
  }

  /** All frames up to and with the one that is the last. */
  async collect(last: (fields: readonly string[]) => boolean): Promise<string[][]> {
    const taken: string[][] = [];
    for (;;) {
      const frame = await this.next();
      taken.push(frame);
      if (last(frame)) return taken;
    }
  }

  /** Frames that came and were not taken, once a current time request was answered: nothing else is under way then. */
  async quiet(): Promise<string[][]> {
    this.send(49, 1);
    return (await this.collect((fields) => fields[0] === '49')).slice(0, -1);
  }

  async end(): Promise<void> {
    while (!this.closed) await this.woken();
  }

  close(): void {
    this.socket.destroy();
  }

  private woken(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}
