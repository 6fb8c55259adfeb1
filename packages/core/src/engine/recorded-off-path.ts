import type { UtcMs } from '../domain/units.js';
import type { JournalRecord } from '../ports/journal.js';
import type { OffPath } from './kernel.js';
import type { Recorded } from './recorded.js';

/** What takes arrivals out of a journal. */
export interface Recalling {
  /** Time goes on to `now`: values grow older. */
  advance(now: UtcMs): void;
  /** Takes a record of something that arrived from off the path; false when it is none of its own. */
  recall(record: JournalRecord): boolean;
}

/** Delivers what arrived from off the path as the journal has it, and asks nobody. */
export class RecordedOffPath implements OffPath {
  readonly idle = false;

  constructor(
    private readonly recorded: Recorded,
    private readonly arrivals: Recalling,
  ) {}

  deliver(now: UtcMs): void {
    this.arrivals.advance(now);
    for (let record = this.recorded.peek(); record !== undefined; record = this.recorded.peek()) {
      if (!this.arrivals.recall(record)) return;
      this.recorded.append(record);
    }
  }

  ask(_now: UtcMs): void {
    // the answers are in the journal
  }
}
