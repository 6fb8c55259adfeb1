import type { BrokerEvent } from '../domain/events.js';

/**
 * Until when nothing that the venue said can have been missed. What it says after a connection broke does not count
 * until books and venue were compared: in between something is missing.
 */
export class HeardUntil {
  /** Undefined when it has said nothing yet. */
  time: number | undefined;
  private cut = false;

  event(event: BrokerEvent, time: number): void {
    if (event.kind === 'connection') this.cut ||= event.state === 'disconnected';
    else if (!this.cut) this.time = time;
  }

  /** Executions up to `time` are in the books. */
  compared(time: number): void {
    this.cut = false;
    this.time = time;
  }
}
