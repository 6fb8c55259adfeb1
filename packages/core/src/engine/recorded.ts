import { KeelsonError } from '../errors.js';
import type { Journal, JournalRecord } from '../ports/journal.js';

/** Where a run parted from its journal. */
export type Divergence = {
  /** Place of the record in the journal, from 0. */
  readonly index: number;
  /** What the journal says; undefined when it ends here. */
  readonly recorded: JournalRecord | undefined;
  /** What was decided now; undefined when nothing more was. */
  readonly decided: JournalRecord | undefined;
  /** The newest input before it: what it was decided on. */
  readonly input: JournalRecord | undefined;
};

/** Thrown out of the kernel at the first record that differs. */
export class DivergenceError extends KeelsonError {
  constructor(readonly divergence: Divergence) {
    super('RPL_DIFFERENCE', `record ${divergence.index} was ${show(divergence.recorded)} in the journal and ${show(divergence.decided)} now, expected them to be equal`, {
      hint: 'run it with the configuration, plugins and versions that wrote the journal',
    });
  }
}

/** Inputs: what an account is told. All other records follow from them. */
const INPUTS: ReadonlySet<JournalRecord['kind']> = new Set(['run', 'bars', 'broker-event', 'advice', 'proposal', 'context', 'news', 'command', 'margin']);

export function isInput(record: JournalRecord): boolean {
  return INPUTS.has(record.kind);
}

/**
 * A journal being lived through once more. Inputs are taken from it; what the kernel writes is held against it,
 * record by record. Behind its end, records go to `beyond`, when there is one: so an account goes on after a
 * restart where it was.
 */
export class Recorded implements Journal {
  readonly enabled = true;
  /** Records passed. */
  index = 0;
  private readonly records: Iterator<JournalRecord>;
  private next: JournalRecord | undefined;
  private input: JournalRecord | undefined;

  constructor(
    records: Iterable<JournalRecord>,
    private readonly beyond: Journal | undefined,
  ) {
    this.records = records[Symbol.iterator]();
    this.next = this.pull();
  }

  /** The record to come; undefined behind the end. */
  peek(): JournalRecord | undefined {
    return this.next;
  }

  get isOver(): boolean {
    return this.next === undefined;
  }

  append(record: JournalRecord): void {
    const recorded = this.next;
    if (recorded === undefined) {
      if (this.beyond === undefined) this.diverge(record);
      else this.beyond.append(record);
      return;
    }
    if (recorded.kind !== record.kind || recorded.time !== record.time || textOf(recorded.data) !== textOf(record.data)) this.diverge(record);
    if (isInput(recorded)) this.input = recorded;
    this.index++;
    this.next = this.pull();
  }

  /** Reports a recorded decision that was not made. */
  diverge(decided: JournalRecord | undefined): never {
    throw new DivergenceError({ index: this.index, recorded: this.next, decided, input: this.input });
  }

  sync(): void {
    if (this.next === undefined) this.beyond?.sync();
  }

  read(): Iterable<JournalRecord> {
    return this.beyond === undefined ? [] : this.beyond.read();
  }

  close(): void {
    this.beyond?.close();
  }

  private pull(): JournalRecord | undefined {
    const { done, value } = this.records.next();
    return done === true ? undefined : value;
  }
}

/** As a journal keeps it: absent fields left out. */
function textOf(data: unknown): string {
  return JSON.stringify(data) ?? 'null';
}

function show(record: JournalRecord | undefined): string {
  return record === undefined ? 'nothing' : `${record.kind} ${textOf(record.data)}`;
}
