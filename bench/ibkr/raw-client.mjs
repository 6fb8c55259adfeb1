import { once } from 'node:events';
import { connect } from 'node:net';
import { FrameCounter } from './frame-counter.mjs';

/** A client that counts what it is sent and looks at nothing: whoever measures the gateway should not measure a client. */
export class RawClient {
  frames = new FrameCounter();
  bytes = 0;
  tail = '';

  constructor(socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.take(chunk));
  }

  get messages() {
    return this.frames.messages;
  }

  static async connect(port, clientId = 1) {
    const client = new RawClient(connect(port, '127.0.0.1'));
    await once(client.socket, 'connect');
    client.socket.write('API\0');
    client.frame('v100..193');
    await client.until(() => client.messages > 0);
    client.send(71, 2, clientId, '');
    await client.rest();
    return client;
  }

  send(...fields) {
    this.frame(fields.map((field) => `${field}\0`).join(''));
  }

  /** Until all that was asked for before has come: the time that is asked for comes after it. */
  async rest() {
    this.send(49, 1);
    await this.until(() => {
      const [kind, version, seconds, end] = this.tail.split('\0').slice(-4);
      return end === '' && version === '1' && kind?.endsWith('49') === true && Number(seconds) > 1e9;
    });
    this.tail = '';
  }

  async until(probe) {
    while (!probe()) await once(this.socket, 'data');
  }

  close() {
    this.socket.destroy();
  }

  frame(text) {
    const body = Buffer.from(text);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(body.length);
    this.socket.write(Buffer.concat([size, body]));
  }

  take(chunk) {
    this.frames.take(chunk);
    this.bytes += chunk.length;
    this.tail = chunk.subarray(-24).toString('latin1');
  }
}
