import type { UtcMs } from '../domain/units.js';
import type { JournalRecord } from '../ports/runtime.js';
import type { OffPath } from './kernel.js';
import type { Recorded } from './recorded.js';

/** Takes a record of something that arrived from off the path; false when it is none of its own. */
export type Arrival = (record: JournalRecord) => boolean;

/** Delivers what arrived from off the path as the journal has it, and asks nobody. */
export class RecordedOffPath implements OffPath {
  readonly idle = false;

  constructor(
    private readonly recorded: Recorded,
    private readonly arrivals: readonly Arrival[],
  ) {}

  deliver(_now: UtcMs): void {
    for (let record = this.recorded.peek(); record !== undefined; record = this.recorded.peek()) {
      const known = record;
      if (!this.arrivals.some((arrival) => arrival(known))) return;
      this.recorded.append(known);
    }
  }

  ask(_now: UtcMs): void {
    // the answers are in the journal
  }
}
