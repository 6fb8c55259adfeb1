import { toUtcMs, type UtcMs } from '../domain/units.js';
import type { Clock } from '../ports/runtime.js';

/** Time as the bars tell it: the engine writes each moment's time into the cell. */
export class HistoricalClock implements Clock {
  /** Milliseconds; a cell, since a number that is passed is boxed on the bar path. */
  readonly cell = new Float64Array(1);

  now(): UtcMs {
    return toUtcMs(this.cell[0] as number);
  }
}
