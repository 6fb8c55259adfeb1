import { REQUEST, RESPONSE } from '../protocol/message-ids.js';
import { errorMessage } from '../protocol/session-messages.js';
import type { Session } from '../server/session.js';
import type { World } from '../server/world.js';

/** Faults in the stream of messages itself. Each command sets one; `clear` takes all of them back. */
export class MessageFaults {
  private readonly undo = new Map<string, () => void>();

  constructor(private readonly world: World) {}

  clear(): void {
    for (const undo of this.undo.values()) undo();
    this.undo.clear();
  }

  /** Hears nothing and says nothing on the connections that there are. */
  mute(on: boolean): void {
    this.set('mute', on, () => this.both(this.world.taps.onReceive(() => false), this.world.taps.onSend(() => [])));
  }

  /** Breaks the connection at the nth order: the server has it, the client hears nothing of it. */
  dropAfterOrders(after: number, clientId: number | undefined): void {
    let left = after;
    this.set('drop', true, () =>
      this.world.taps.onReceive((session, id) => {
        if (clientId !== undefined && session.clientId !== clientId) return true;
        if (left === 0) return false;
        if (id !== REQUEST.placeOrder || --left > 0) return true;
        // After this request was carried out, and before what it caused is written.
        queueMicrotask(() => {
          session.drop('dropped during orders');
          this.set('drop', false, () => () => undefined);
        });
        return true;
      }),
    );
  }

  /** Appends fields to the next messages of a kind, or cuts fields off their end. */
  drift(message: keyof typeof RESPONSE, fields: number, count: number): void {
    let left = count;
    this.set(`drift ${message}`, true, () =>
      this.world.taps.onSend((_session, id, body) => {
        if (id !== RESPONSE[message] || left === 0) return undefined;
        left -= 1;
        return [fields > 0 ? body + '0\0'.repeat(fields) : `${body.split('\0').slice(0, fields - 1).join('\0')}\0`];
      }),
    );
  }

  /** Answers startApi of a client id as if another client had it. */
  refuseClient(clientId: number, on: boolean): void {
    this.set(`refuse ${clientId}`, on, () =>
      this.world.taps.onReceive((session, id, fields) => {
        if (id !== REQUEST.startApi || Number(fields[2]) !== clientId) return true;
        session.error(-1, 326, 'Unable to connect as the client id is already in use. Retry with a unique client id.');
        session.close(`client id ${clientId} is refused`);
        return false;
      }),
    );
  }

  /** Answers reqCurrentTime from a clock that is off. */
  clockOffset(ms: number): void {
    this.set('clock', ms !== 0, () =>
      this.world.taps.onSend((_session, id) => (id === RESPONSE.currentTime ? [`${RESPONSE.currentTime}\x001\x00${Math.floor((this.world.clock.now() + ms) / 1000)}\0`] : undefined)),
    );
  }

  /** Refuses the next historical requests. */
  refuseHistory(count: number): void {
    let left = count;
    this.set('pacing', true, () =>
      this.world.taps.onReceive((session: Session, id, fields) => {
        if (id !== REQUEST.historicalData || left === 0) return true;
        left -= 1;
        session.send(errorMessage(Number(fields[1]), 162, 'Historical Market Data Service error message:Historical data request pacing violation'));
        return false;
      }),
    );
  }

  private set(name: string, on: boolean, start: () => () => void): void {
    this.undo.get(name)?.();
    this.undo.delete(name);
    if (on) this.undo.set(name, start());
  }

  private both(first: () => void, second: () => void): () => void {
    return () => {
      first();
      second();
    };
  }
}
