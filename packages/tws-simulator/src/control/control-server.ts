import { createServer, type Server, type Socket } from 'node:net';
import { z } from 'zod';
import type { ControlDesk } from './control-desk.js';

const requestSchema = z.strictObject({ id: z.union([z.number(), z.string()]).optional(), do: z.string(), params: z.unknown().optional() });
/** A line may not be longer, so that a peer that sends no line end cannot fill the memory. */
const LONGEST_LINE = 1024 * 1024;

/**
 * Commands from another process, one JSON document on a line: `{"id":1,"do":"advance","params":{"ms":60000}}` is answered by
 * `{"id":1,"ok":true,"result":…}` or `{"id":1,"ok":false,"error":"…"}`, in order.
 */
export class ControlServer {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly desk: ControlDesk) {
    this.server = createServer((socket) => this.serve(socket));
  }

  /** @returns the port in use */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.setEncoding('utf8');
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let held = '';
    socket.on('data', (text: string) => {
      held += text;
      const lines = held.split('\n');
      held = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') socket.write(`${JSON.stringify(this.answer(line))}\n`);
      if (held.length > LONGEST_LINE) socket.destroy();
    });
  }

  private answer(line: string): Record<string, unknown> {
    let id: number | string | undefined;
    try {
      const asked = requestSchema.parse(JSON.parse(line));
      id = asked.id;
      return { id, ok: true, result: this.desk.run(asked.do, asked.params) ?? null };
    } catch (error) {
      return { id, ok: false, error: error instanceof z.ZodError ? `expected {"id":1,"do":"name","params":{}}: ${z.prettifyError(error)}` : String((error as Error).message) };
    }
  }
}
