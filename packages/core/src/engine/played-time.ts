import { toUtcMs, type UtcMs } from '../domain/units.js';
import type { Clock, Timer } from '../ports/runtime.js';

type Alarm = { readonly at: number; readonly call: () => void };

/** The time of bars that are played as if they came now: it stands still between them, and timers go off as it is turned on. */
export class PlayedTime implements Clock, Timer {
  private alarms: Alarm[] = [];
  private time = 0;

  now(): UtcMs {
    return toUtcMs(this.time);
  }

  after(ms: number, call: () => void): () => void {
    const alarm: Alarm = { at: this.time + ms, call };
    this.alarms.push(alarm);
    return () => {
      this.alarms = this.alarms.filter((each) => each !== alarm);
    };
  }

  /** Turns on to `time`, never back; what is due by then goes off in its order, equal times in the order of asking. */
  turnTo(time: number): void {
    while (this.alarms.length > 0) {
      let next = this.alarms[0] as Alarm;
      for (const alarm of this.alarms) if (alarm.at < next.at) next = alarm;
      if (next.at > time) break;
      this.alarms = this.alarms.filter((each) => each !== next);
      if (next.at > this.time) this.time = next.at;
      next.call();
    }
    if (time > this.time) this.time = time;
  }
}
