import { NULL_JOURNAL } from './journals.js';
import { messageOf } from '../errors.js';
import type { Journal, JournalRecord } from '../ports/journal.js';

/**
 * The journal of a live run: silent while the past is recalled, and never thrown out of by a disk. Whoever is told of
 * a fault halts entries; exits go on.
 */
export class LiveJournal implements Journal {
  /** True while the past is recalled: it is written already. */
  silent = true;
  /** Why records could not be written; undefined once all of them are. */
  fault: string | undefined;

  private journal: Journal = NULL_JOURNAL;

  /** @param onFault told of every failed write; `isNew` for the first one after all was well */
  constructor(private readonly onFault: (reason: string, isNew: boolean) => void) {}

  /** Names what is written to. */
  over(journal: Journal): this {
    this.journal = journal;
    return this;
  }

  get enabled(): boolean {
    return !this.silent && this.journal.enabled;
  }

  append(record: JournalRecord): void {
    this.attempt(() => this.journal.append(record));
  }

  sync(): void {
    // everything appended is on the disk then, also what could not be written before
    if (this.attempt(() => this.journal.sync())) this.fault = undefined;
  }

  read(): Iterable<JournalRecord> {
    return this.journal.read();
  }

  close(): void {
    this.journal.close();
  }

  private attempt(write: () => void): boolean {
    if (this.silent) return true;
    try {
      write();
      return true;
    } catch (thrown) {
      const reason = messageOf(thrown);
      const isNew = this.fault === undefined;
      this.fault ??= reason;
      this.onFault(reason, isNew); // every time: somebody may have resumed in the meantime
      return false;
    }
  }
}
