import type { Telemetry } from './telemetry.js';
import type { Journal, JournalRecord } from '../ports/journal.js';
import { NULL_JOURNAL } from './journals.js';

/** Lets telemetry hear what goes to a journal: behind it, and only what it takes. Where nothing is kept, it alone hears. */
export class TelemetryJournal implements Journal {
  constructor(
    private readonly journal: Journal,
    private readonly telemetry: Telemetry,
  ) {}

  get enabled(): boolean {
    return this.journal === NULL_JOURNAL || this.journal.enabled;
  }

  append(record: JournalRecord): void {
    const { enabled } = this;
    this.journal.append(record);
    if (enabled) this.telemetry.take(record);
  }

  sync(): void {
    this.journal.sync();
  }

  read(): Iterable<JournalRecord> {
    return this.journal.read();
  }

  close(): void {
    this.journal.close();
  }
}
