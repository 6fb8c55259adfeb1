import { toUtcMs, type UtcMs } from '../domain/units.js';
import type { Clock } from '../ports/runtime.js';

/** Time as the bars tell it. Never runs backwards. */
export class HistoricalClock implements Clock {
  private time = toUtcMs(0.5);

  now(): UtcMs {
    return this.time;
  }

  advanceTo(time: UtcMs): void {
    if (time > this.time) this.time = time;
  }
}
