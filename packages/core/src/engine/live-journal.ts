import { NULL_JOURNAL } from './journals.js';
import { isKeelsonError, messageOf } from '../errors.js';
import type { Journal, JournalRecord } from '../ports/journal.js';

/**
 * The journal of a live run: silent while the past is recalled, and never thrown out of by a disk. What cannot be
 * written is reported once; from then on no entry may leave, and exits still do.
 */
export class LiveJournal implements Journal {
  /** True while the past is recalled: it is written already. */
  silent = true;
  /** Why records are being lost; undefined while none is. */
  fault: string | undefined;

  private journal: Journal = NULL_JOURNAL;

  constructor(private readonly onFault: (reason: string) => void) {}

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
    this.attempt(() => this.journal.sync());
  }

  read(): Iterable<JournalRecord> {
    return this.journal.read();
  }

  close(): void {
    this.journal.close();
  }

  private attempt(write: () => void): void {
    if (this.silent) return;
    try {
      write();
    } catch (thrown) {
      if (isKeelsonError(thrown) && thrown.code === 'RPL_DIFFERENCE') throw thrown;
      this.fault ??= messageOf(thrown);
      this.onFault(this.fault); // every time: somebody may have resumed in the meantime
    }
  }
}
