import { KeelsonError } from '../errors.js';
import type { JournalRecord } from '../ports/journal.js';
import type { Carried } from './carried.js';

/** What runs, for a replay. */
export type RunData = {
  /** Form of the records that follow. */
  readonly schema: 'keelson.journal/1';
  readonly account: string;
  /** What the feed carries beside prices, by instrument. */
  readonly carried: Carried;
  /** Whatever is needed to put the account together again, as its runner sees fit; without secrets. */
  readonly setup?: unknown;
};

/** The first record of a journal says what wrote it; `account` is whose it must be, where that is known. */
export function runOf(record: JournalRecord | undefined, account: string | undefined): RunData {
  if (record?.kind !== 'run') throw new KeelsonError('JRN_FOREIGN', 'the journal begins without a run, expected the record of one', { hint: 'name a journal that Keelson wrote' });
  const run = record.data as RunData;
  if (run.schema !== 'keelson.journal/1') throw new KeelsonError('JRN_FOREIGN', `the journal's schema was ${String(run.schema)}, expected keelson.journal/1`, { hint: 'use the version of Keelson that wrote it, or a newer one' });
  if (account !== undefined && run.account !== account) throw new KeelsonError('JRN_FOREIGN', `the journal is of account '${run.account}', expected '${account}'`, { hint: 'name the journal of this account' });
  return run;
}
