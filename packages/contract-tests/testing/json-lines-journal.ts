import { createHash } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { KeelsonError, isKeelsonError, messageOf } from '@keelson/core/errors';
import { defineJournal } from '@keelson/core/plugin';
import type { Journal, JournalContext, JournalRecord } from '@keelson/core/ports';
import { z } from 'zod';

const params = z.strictObject({
  path: z.string().min(1).optional().describe('The file, relative to the account file. Default: `ACCOUNT.live.jsonl`, `ACCOUNT.history.jsonl` for backtests.'),
});

/** Bytes of the first line: it is written over at each sync. */
const HEAD_BYTES = 512;
/** Records of a run over history that are written in one go. */
const BATCH = 1_024;

/** What the first line says: whose records they are, and how many the disk is known to hold. */
type Head = { readonly journal: 1; readonly account: string; readonly purpose: string; readonly synced: number };
type Found = { readonly count: number; readonly hash: string; readonly bytes: number; readonly fault: string | undefined };

/**
 * `json-lines`: one record a line, `HASH {"kind":…,"time":…,"data":…}`; each hash is made of the one before and the record.
 * Records go to the system as they come, so that the death of the process loses none; `sync` waits for the disk.
 */
export class JsonLinesJournal implements Journal {
  readonly enabled = true;
  private readonly path: string;
  private file: number | undefined;
  /** Records and bytes that the file holds, and the hash of the last one. */
  private count = 0;
  private bytes = HEAD_BYTES;
  private hash = '';
  /** Records that could not be written yet. */
  private waiting: string[] = [];
  private closed = false;

  constructor(private readonly context: Pick<JournalContext<z.infer<typeof params>>, 'params' | 'account' | 'baseDir' | 'purpose' | 'logger'>) {
    const { account, baseDir, purpose } = context;
    this.path = resolve(baseDir, context.params.path ?? `${account}.${purpose}.jsonl`);
  }

  append({ kind, time, data }: JournalRecord): void {
    if (this.closed) throw new KeelsonError('INV_BROKEN', `a ${kind} record came after the journal was closed, expected none`);
    this.waiting.push(JSON.stringify({ kind, time, data })); // now: the object may change
    if (this.context.purpose === 'live' || this.waiting.length >= BATCH) this.flush();
  }

  sync(): void {
    if (this.context.purpose === 'history' || this.closed) return; // it can be run again
    this.flush();
    this.attempt((file) => {
      this.writeHead(file, this.count);
      fsyncSync(file);
    });
  }

  *read(): Generator<JournalRecord, void, undefined> {
    this.flush();
    const text = readFileSync(this.path);
    const records: JournalRecord[] = [];
    const { fault, count } = followed(text, (record) => void records.push(record));
    yield* records;
    if (fault !== undefined) throw this.damaged(fault, count);
  }

  close(): void {
    if (this.closed) return;
    try {
      if (this.file !== undefined || this.waiting.length > 0) this.flush();
      if (this.file !== undefined) this.sync();
    } finally {
      this.closed = true;
      if (this.file !== undefined) closeSync(this.file);
      this.file = undefined;
    }
  }

  private flush(): void {
    this.attempt((file) => {
      if (fstatSync(file).size !== this.bytes) throw new Error('another process writes it');
      let { hash } = this;
      const lines = Buffer.from(this.waiting.map((text) => `${(hash = hashOf(hash, text))} ${text}\n`).join(''));
      this.put(file, lines, this.bytes);
      this.hash = hash;
      this.bytes += lines.length;
      this.count += this.waiting.length;
      this.waiting = [];
    });
  }

  /** Opens the file where it is not open yet, and does something to it. */
  private attempt(act: (file: number) => void): void {
    try {
      this.file ??= this.open();
      act(this.file);
    } catch (thrown) {
      if (isKeelsonError(thrown)) throw thrown;
      throw new KeelsonError('JRN_WRITE', `${basename(this.path)} could not be written (${messageOf(thrown)}), expected room for every record`, { hint: 'make room, and see that one process writes it', context: { path: this.path }, cause: thrown });
    }
  }

  /** Opens the file, follows its chain to the end, and stands behind it. */
  private open(): number {
    const { account, purpose, logger } = this.context;
    const file = openSync(this.path, 'a');
    closeSync(file); // it is there now
    const opened = openSync(this.path, 'r+');
    try {
      const text = readFileSync(opened);
      if (text.length > 0) {
        const head = headOf(text);
        if (head === undefined) throw this.foreign('is no journal of JSON Lines', 'name another path');
        if (head.account !== account) throw this.foreign(`is the journal of account '${head.account}'`, 'name the journal of this account');
        if (head.purpose !== purpose) throw this.foreign(`is the journal of a ${head.purpose} run`, 'give this run another path');
        if (purpose === 'live') {
          const { count, hash, bytes, fault } = followed(text);
          // an order leaves only behind a sync: what was damaged behind the last one sent nothing
          if (count < head.synced) throw this.damaged(fault ?? `records ${count + 1} to ${head.synced} are missing`, count);
          if (fault !== undefined) logger.warn(`${basename(this.path)} was damaged (${fault}): going on from record ${count}, which was synced`);
          [this.count, this.hash, this.bytes] = [count, hash, bytes];
        }
      }
      if (this.count === 0) this.writeHead(opened, 0);
      ftruncateSync(opened, this.bytes); // behind the good records; a run over history begins anew
      return opened;
    } catch (thrown) {
      closeSync(opened);
      throw thrown;
    }
  }

  private writeHead(file: number, synced: number): void {
    const { account, purpose } = this.context;
    const head: Head = { journal: 1, account, purpose, synced };
    this.put(file, Buffer.from(`${JSON.stringify(head).padEnd(HEAD_BYTES - 1)}\n`), 0);
  }

  /** Writes all of it, or leaves the file as long as it was. */
  private put(file: number, bytes: Uint8Array, at: number): void {
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done);
    } catch (thrown) {
      ftruncateSync(file, this.bytes);
      throw thrown;
    }
  }

  private foreign(found: string, hint: string): KeelsonError {
    return new KeelsonError('JRN_FOREIGN', `${basename(this.path)} ${found}, expected one of account '${this.context.account}'`, { hint, context: { path: this.path } });
  }

  private damaged(found: string, good: number): KeelsonError {
    return new KeelsonError('JRN_DAMAGED', `${basename(this.path)}: ${found}, expected an unbroken chain`, { hint: 'keep the file, compare orders and positions at the venue by hand, then move it aside', context: { path: this.path, sequence: good + 1 } });
  }
}

const hashOf = (before: string, text: string): string => createHash('sha256').update(`${before}\n${text}`).digest('hex');

function headOf(text: Buffer): Head | undefined {
  try {
    const head = JSON.parse(text.subarray(0, HEAD_BYTES).toString()) as Partial<Head> | null;
    return head?.journal === 1 && typeof head.account === 'string' && typeof head.purpose === 'string' && Number.isInteger(head.synced) ? (head as Head) : undefined;
  } catch {
    return undefined;
  }
}

/** Follows the chain of a file to its end, or to the first record that does not follow from the one before. */
function followed(text: Buffer, take: (record: JournalRecord) => void = () => undefined): Found {
  let [count, hash, bytes] = [0, '', HEAD_BYTES];
  while (bytes < text.length) {
    const end = text.indexOf('\n', bytes);
    const line = text.subarray(bytes, end < 0 ? text.length : end).toString();
    const body = line.slice(65);
    if (end < 0 || line.slice(0, 64) !== hashOf(hash, body)) return { count, hash, bytes, fault: `record ${count + 1} does not follow from the one before` };
    take(JSON.parse(body) as JournalRecord);
    hash = line.slice(0, 64);
    bytes = end + 1;
    count++;
  }
  return { count, hash, bytes, fault: undefined };
}

export const jsonLinesJournal = defineJournal({ params, create: (context: JournalContext<z.infer<typeof params>>) => new JsonLinesJournal(context) });
