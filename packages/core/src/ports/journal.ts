import type { Schema } from '../domain/schema.js';
import type { UtcMs } from '../domain/units.js';
import type { Logger } from './runtime.js';

/** One line of the journal: an input or a decision. `data` is plain JSON. */
export type JournalRecord = {
  readonly kind: 'run' | 'bars' | 'decision' | 'intent' | 'refusal' | 'change' | 'cancel' | 'broker-event' | 'advice' | 'proposal' | 'proposal-verdict' | 'context' | 'news' | 'command' | 'margin' | 'plan' | 'state' | 'overlay';
  readonly time: UtcMs;
  readonly data: unknown;
};

/** Append-only record of every input and every decision. */
export interface Journal {
  /** False for a journal that keeps nothing: callers then need not build records. */
  readonly enabled: boolean;
  /** @throws KeelsonError `JRN_WRITE` when it cannot be written, e.g. on a full disk */
  append(record: JournalRecord): void;
  /** Returns once every appended record will survive the process and the machine. Called before an order leaves. */
  sync(): void;
  /**
   * All records from the first, as they were appended.
   * @throws KeelsonError `JRN_DAMAGED` when a record does not follow from the one before
   */
  read(): Iterable<JournalRecord>;
  /** Nothing is appended after it. */
  close(): void;
}

export type JournalContext<Params> = {
  readonly params: Params;
  /** Name of the account: a journal of another one is refused. */
  readonly account: string;
  /** Folder of the account file. */
  readonly baseDir: string;
  /** `history`: a run over the past, which can be run again; records may be kept back and written in batches. */
  readonly purpose: 'history' | 'live';
  readonly logger: Logger;
};

/** `create` opens nothing: the first `append` or `read` does. */
export interface JournalDefinition<Params = unknown> {
  readonly params: Schema<Params>;
  create(context: JournalContext<Params>): Journal;
}
