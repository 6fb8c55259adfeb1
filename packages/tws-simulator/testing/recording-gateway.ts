import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { FrameReader } from '../src/wire/frame-reader.js';

/** A server that greets a client at a version and writes down what it sends. */
export async function recordingGateway(version: number) {
  const requests: string[][] = [];
  let wake: (() => void) | undefined;
  const sockets = new Set<Socket>();
  const frame = (...fields: (string | number)[]): Uint8Array => {
    const body = Buffer.from(fields.map((field) => `${field}\0`).join(''));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    return Buffer.concat([length, body]);
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    const frames = new FrameReader();
    let greeted = false;
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      for (const text of frames.push(chunk)) {
        if (!greeted) {
          greeted = true;
          socket.write(frame(version, '20260504 10:30:00 EST'));
          continue;
        }
        const fields = text.split('\0').slice(0, -1);
        if (fields[0] === '71') {
          socket.write(frame(15, 1, 'DU1'));
          socket.write(frame(9, 1, 1));
        }
        requests.push(fields);
        wake?.();
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as { port: number }).port,
    /** Fields of the first request of a kind, without the id; waits for it. */
    async request(id: number): Promise<string[]> {
      for (;;) {
        const at = requests.findIndex((fields) => fields[0] === String(id));
        if (at >= 0) return (requests.splice(at, 1)[0] as string[]).slice(1);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
