import type { Journal, JournalRecord } from '../ports/journal.js';

/** Keeps nothing: for runs that nobody will replay. */
export const NULL_JOURNAL: Journal = {
  enabled: false,
  append: () => undefined,
  sync: () => undefined,
  read: () => [],
  close: () => undefined,
};

/** Keeps everything for as long as the process lives. */
export class MemoryJournal implements Journal {
  readonly enabled = true;
  private readonly records: JournalRecord[] = [];

  append(record: JournalRecord): void {
    this.records.push(record);
  }

  sync(): void {
    // what lives in this process has nothing to survive it with
  }

  read(): Iterable<JournalRecord> {
    return this.records;
  }

  close(): void {
    // it ends with the process
  }
}
