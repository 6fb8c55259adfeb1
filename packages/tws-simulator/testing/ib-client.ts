import { EventName, IBApi } from '@stoqey/ib';
import { onTestFinished } from 'vitest';

/** What an event of the client carried. */
export type EventArgs = readonly unknown[];

/** The client of @stoqey/ib with its events as promises. */
export class IbClient {
  readonly events: { readonly name: string; readonly args: EventArgs }[] = [];
  private wake: (() => void) | undefined;

  private constructor(readonly api: IBApi) {
    for (const name of Object.values(EventName)) {
      api.on(name as EventName.error, (...args: unknown[]) => {
        this.events.push({ name, args });
        this.wake?.();
      });
    }
  }

  /** Connects and waits until the client may send. */
  static async ready(port: number, clientId = 1): Promise<IbClient> {
    const client = new IbClient(new IBApi({ host: '127.0.0.1', port, clientId, maxReqPerSec: 1000 }));
    client.api.connect();
    await client.next('nextValidId');
    onTestFinished(() => {
      client.api.disconnect();
    });
    return client;
  }

  /** Arguments of the first such event that was not yet taken; waits for it. */
  async next(name: string, wanted: (args: EventArgs) => boolean = () => true): Promise<EventArgs> {
    for (;;) {
      const at = this.events.findIndex((event) => event.name === name && wanted(event.args));
      if (at >= 0) return this.events.splice(at, 1)[0]?.args ?? [];
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /** Takes every such event that has come. */
  take(name: string): EventArgs[] {
    const taken = this.events.filter((event) => event.name === name).map(({ args }) => args);
    for (let index = this.events.length - 1; index >= 0; index -= 1) if (this.events[index]?.name === name) this.events.splice(index, 1);
    return taken;
  }
}
