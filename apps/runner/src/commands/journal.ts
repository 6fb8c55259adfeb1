import { closeSync, openSync, writeSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { ConfigError, KeelsonError, messageOf } from '@keelson/core/errors';
import { damageError, exportParquet, JournalView, readRows, verifyJournal, type JournalReport, type Row } from '@keelson/plugin-journal';
import type { Io } from '../io.js';
import { machineTimer } from '../machine-timer.js';
import { EXIT } from '../output/report-errors.js';

/** How often a growing journal is looked at. */
const FOLLOW_MS = 250;
/** Rows read, or bytes written, in one go. */
const PAGE = 1_000;
const CHUNK = 1 << 20;
/** Characters of a record's data in the list for people. */
const WIDTH = 160;

/** `keelson journal verify`: follows the chain to its end. */
export function verify(file: string, { json }: { readonly json: boolean }, io: Io): number {
  const path = resolve(io.cwd, file);
  const report = verifyJournal(path);
  io.stdout.write(json ? reportJson(file, report) : reportText(file, report));
  if (report.damage !== undefined) throw damageError(path, report.damage);
  return EXIT.done;
}

/** `keelson journal tail`: the newest records, and those that follow. */
export async function tail(file: string, options: { readonly lines: string; readonly follow: boolean; readonly json: boolean }, io: Io): Promise<number> {
  const lines = Number(options.lines);
  if (!Number.isSafeInteger(lines) || lines < 0) throw new ConfigError('CFG_USAGE', `-n was "${options.lines}", expected a whole number`, { hint: 'write -n 20' });
  const view = new JournalView(resolve(io.cwd, file));
  const line = options.json ? rowJson : rowText;
  try {
    let last = Math.max(0, view.last() - lines);
    const print = (): void => {
      for (let rows = view.after(last, PAGE); rows.length > 0; rows = view.after(last, PAGE)) {
        io.stdout.write(rows.map(line).join(''));
        last = (rows.at(-1) as Row).sequence;
      }
    };
    print();
    if (options.follow) await follow(print, io);
  } finally {
    view.close();
  }
  return EXIT.done;
}

/** `keelson journal export`: all records, each held against the one before, as JSON Lines or Parquet. */
export async function exportJournal(file: string, options: { readonly format?: string; readonly out?: string }, io: Io): Promise<number> {
  const path = resolve(io.cwd, file);
  const { out } = options;
  const format = options.format ?? (out !== undefined && extname(out) === '.parquet' ? 'parquet' : 'jsonl');
  if (format !== 'jsonl' && format !== 'parquet') throw new ConfigError('CFG_USAGE', `--format was ${format}, expected jsonl or parquet`, { hint: 'leave it out for JSON Lines' });
  if (out !== undefined && resolve(io.cwd, out) === path) throw new ConfigError('CFG_USAGE', '--out was the journal itself, expected another file', { hint: 'name a new file' });
  if (format === 'parquet') {
    if (out === undefined) throw new ConfigError('CFG_USAGE', '--out was not given, expected a file for Parquet', { hint: 'write --out records.parquet' });
    await attempt(out, () => exportParquet(readRows(path), resolve(io.cwd, out)));
    return EXIT.done;
  }
  if (out === undefined) inChunks(readRows(path), (text) => io.stdout.write(text));
  else {
    await attempt(out, () => {
      const descriptor = openSync(resolve(io.cwd, out), 'w');
      try {
        inChunks(readRows(path), (text) => void writeSync(descriptor, text));
      } finally {
        closeSync(descriptor);
      }
    });
  }
  return EXIT.done;
}

function inChunks(rows: Iterable<Row>, write: (text: string) => void): void {
  let text = '';
  for (const row of rows) {
    text += rowJson(row);
    if (text.length < CHUNK) continue;
    write(text);
    text = '';
  }
  write(text);
}

async function attempt(out: string, write: () => unknown): Promise<void> {
  try {
    await write();
  } catch (thrown) {
    if (thrown instanceof KeelsonError) throw thrown;
    throw new KeelsonError('RUN_OUTPUT', `${out} could not be written (${messageOf(thrown)}), expected a file in an existing folder`, { hint: 'choose another path for --out', cause: thrown });
  }
}

/** Prints what is new until it is interrupted. */
async function follow(print: () => void, io: Io): Promise<void> {
  await new Promise<void>((done, fail) => {
    let cancel = (): void => undefined;
    const forget = io.onInterrupt(() => {
      cancel();
      done();
    });
    const look = (): void => {
      try {
        print();
        cancel = machineTimer.after(FOLLOW_MS, look);
      } catch (thrown) {
        forget();
        fail(thrown instanceof Error ? thrown : new Error(messageOf(thrown)));
      }
    };
    look();
  });
}

const PURPOSE = { history: 'a backtest', live: 'paper or live' };

function reportText(file: string, { meta, sequence, head, kinds, damage }: JournalReport): string {
  const width = Math.max(0, ...Object.keys(kinds).map((kind) => kind.length));
  return [
    `${basename(file)}: account ${meta.account}, ${PURPOSE[meta.purpose]}, schema ${meta.schema}, created ${meta.created}`,
    damage === undefined ? `${sequence} records, each follows from the one before` : `${sequence} good records, then: ${damage.found}`,
    ...(meta.purpose === 'live' ? [`on the disk before an order left: up to record ${meta.synced}`] : []),
    `last hash ${head}`,
    ...Object.entries(kinds).map(([kind, count]) => `  ${kind.padEnd(width)}  ${count}`),
    '',
  ].join('\n');
}

function reportJson(file: string, { meta, sequence, head, kinds, damage }: JournalReport): string {
  const { schema, account, purpose, created, synced } = meta;
  return `${JSON.stringify({ schema: 'keelson.journal-report/1', journal: file, account, purpose, journalSchema: schema, created, records: sequence, synced, head, kinds, damage: damage ?? null }, null, 2)}\n`;
}

function rowText({ sequence, time, kind, data }: Row): string {
  const stamp = time < 1_000 ? '-'.padEnd(24) : new Date(time).toISOString(); // before the first bar there is no time
  return `${String(sequence).padStart(7)}  ${stamp}  ${kind.padEnd(16)}  ${data.length > WIDTH ? `${data.slice(0, WIDTH - 1)}…` : data}\n`;
}

/** The data stands as it was written, byte for byte. */
function rowJson({ sequence, time, kind, data, hash }: Row): string {
  return `{"sequence":${sequence},"time":"${new Date(time).toISOString()}","kind":${JSON.stringify(kind)},"data":${data},"hash":"${hash}"}\n`;
}
