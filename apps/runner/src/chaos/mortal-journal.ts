import type { Journal, JournalRecord, Random } from '@keelson/core/ports';

/**
 * The journal of a process that dies at one of its writes: that record and all later ones are lost, and of those that
 * were not synced yet an unknown number at the end. What is left is what the next life reads, as a file would give it.
 */
export class MortalJournal implements Journal {
  readonly enabled = true;
  isDead = false;
  private synced: number;

  constructor(
    /** Records that outlive the process, as text. */
    private readonly lines: string[],
    /** Writes until death; Infinity for a life that ends otherwise. */
    private writesLeft: number,
    private readonly random: Random,
    private readonly told: { readonly onWrite: () => void; readonly onDeath: () => void },
  ) {
    this.synced = lines.length;
  }

  /** It will not die any more. */
  spare(): void {
    this.writesLeft = Infinity;
  }

  append(record: JournalRecord): void {
    if (this.isDead) return;
    if (this.writesLeft <= 0) {
      this.isDead = true;
      this.lines.length = this.synced + this.random.int(this.lines.length - this.synced + 1);
      this.told.onDeath();
      return;
    }
    this.writesLeft--;
    this.told.onWrite();
    this.lines.push(JSON.stringify(record));
  }

  sync(): void {
    if (!this.isDead) this.synced = this.lines.length;
  }

  read(): Iterable<JournalRecord> {
    return this.lines.map((line) => JSON.parse(line) as JournalRecord);
  }

  close(): void {
    // what was written stands
  }
}
