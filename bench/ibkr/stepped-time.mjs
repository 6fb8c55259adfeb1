import { toUtcMs } from '@keelson/core/domain';

/** Time that stands still between steps, as the gateway's does. */
export class SteppedTime {
  waiting = new Set();

  constructor(start) {
    this.at = Date.parse(start);
  }

  now() {
    return toUtcMs(this.at);
  }

  after(ms, call) {
    const timer = { due: this.at + ms, call };
    this.waiting.add(timer);
    return () => this.waiting.delete(timer);
  }

  /** When the next timer goes off; undefined when none waits. */
  get next() {
    let next;
    for (const { due } of this.waiting) if (!(due >= next)) next = due;
    return next;
  }

  /** Lets those go off whose time has come, the earliest first. */
  fire() {
    for (;;) {
      let first;
      for (const timer of this.waiting) if (timer.due <= this.at && !(timer.due >= first?.due)) first = timer;
      if (first === undefined) return;
      this.waiting.delete(first);
      first.call();
    }
  }
}
