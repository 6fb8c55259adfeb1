import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A line between a client and a gateway, which can be held up, lose what is sent, or say things twice. */
export class Relay {
  private server: Server | undefined;
  private readonly lines = new Set<{ readonly client: Socket; readonly gateway: Socket }>();
  private held = false;
  private losing = false;
  private heard: Buffer[] = [];

  /** Stands before the gateway on `port`. @returns the port to connect to instead */
  async open(port: number): Promise<number> {
    const server = (this.server = createServer((client) => {
      const gateway = connect(port, '127.0.0.1');
      const line = { client, gateway };
      this.lines.add(line);
      client.on('data', (bytes) => {
        if (!this.losing) gateway.write(bytes);
        this.losing = false;
      });
      gateway.on('data', (bytes) => {
        this.heard.push(bytes);
        client.write(bytes);
      });
      if (this.held) gateway.pause();
      for (const end of [client, gateway]) {
        end.setNoDelay(true);
        end.on('error', () => undefined); // the close that follows is what counts
        end.on('close', () => {
          this.lines.delete(line);
          client.destroy();
          gateway.destroy();
        });
      }
    }));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  /** What the gateway says from now on waits here. */
  hold(): void {
    this.held = true;
    for (const { gateway } of this.lines) gateway.pause();
  }

  release(): void {
    this.held = false;
    for (const { gateway } of this.lines) gateway.resume();
  }

  /** What the gateway says from now on can be said again. */
  mark(): void {
    this.heard = [];
  }

  /** Says once more what the gateway said since the mark. */
  repeat(): void {
    const bytes = Buffer.concat(this.heard);
    for (const { client } of this.lines) client.write(bytes);
  }

  /** The next thing that a client sends never arrives. */
  loseNext(): void {
    this.losing = true;
  }

  async close(): Promise<void> {
    for (const { client } of this.lines) client.destroy();
    await new Promise<void>((resolve) => void this.server?.close(() => resolve()));
  }
}
