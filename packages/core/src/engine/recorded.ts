import { KeelsonError } from '../errors.js';
import type { Journal, JournalRecord } from '../ports/journal.js';
import { isJournalFault, type Command } from './commands.js';
import type { Recall } from './recall.js';

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

/** Thrown out of the kernel where one life of an account ends in the journal and the next begins. */
export class LifeEnded extends Error {}

/**
 * One life of an account in its journal, from a `run` record to the next, being lived through once more. Inputs are
 * taken from it; what the kernel writes is held against it, record by record.
 */
export class Recorded implements Journal {
  /** Records passed, of the whole journal. */
  index = 0;
  /** The start of the next life, where this one has ended. */
  nextLife: JournalRecord | undefined;
  private readonly records: Iterator<JournalRecord>;
  private recalling = true;
  private input: JournalRecord | undefined;
  private next: JournalRecord | undefined;
  /** Told where the journal could not be written then, in the middle of a decision: the account halted there. */
  onFault: (reason: string) => void = () => undefined;

  constructor(records: Iterable<JournalRecord>) {
    this.records = records[Symbol.iterator]();
  }

  /** Hands the first `past` records to `recall`, and begins with the `run` record behind them. */
  begin(past: number, recall: Pick<Recall, 'take' | 'end'>): void {
    for (; this.index < past; this.index++) {
      const { done, value } = this.records.next();
      if (done !== true) recall.take(value);
    }
    recall.end();
    const { done, value } = this.records.next();
    this.next = done === true ? undefined : value;
    this.recalling = false;
  }

  get enabled(): boolean {
    return !this.recalling;
  }

  /** The record to come; undefined behind the end. */
  peek(): JournalRecord | undefined {
    return this.next;
  }

  append(record: JournalRecord): void {
    if (this.recalling) return;
    const recorded = this.next;
    if (recorded === undefined && this.nextLife !== undefined) throw new LifeEnded();
    if (recorded === undefined || recorded.kind !== record.kind || recorded.time !== record.time || textOf(recorded.data) !== textOf(record.data)) this.diverge(record);
    if (isInput(recorded)) this.input = recorded;
    this.index++;
    this.next = this.pull();
    const fault = faultIn(this.next);
    if (fault === undefined) return;
    this.index++;
    this.next = this.pull();
    this.onFault(fault);
  }

  /** Reports a recorded decision that was not made. */
  diverge(decided: JournalRecord | undefined): never {
    throw new DivergenceError({ index: this.index, recorded: this.next, decided, input: this.input });
  }

  sync(): void {
    // nothing is written
  }

  read(): Iterable<JournalRecord> {
    return [];
  }

  close(): void {
    this.records.return?.();
  }

  private pull(): JournalRecord | undefined {
    const { done, value } = this.records.next();
    if (done === true) return undefined;
    if (value.kind !== 'run') return value;
    this.nextLife = value; // what this life did not write down any more is lost
    return undefined;
  }
}

function faultIn(record: JournalRecord | undefined): string | undefined {
  if (record?.kind !== 'command') return undefined;
  const command = record.data as Command;
  return isJournalFault(command) ? command.reason : undefined;
}

/** As a journal keeps it: absent fields left out. */
function textOf(data: unknown): string {
  return JSON.stringify(data) ?? 'null';
}

function show(record: JournalRecord | undefined): string {
  return record === undefined ? 'nothing' : `${record.kind} ${textOf(record.data)}`;
}
