import { existsSync, ftruncateSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalRecord, Schema } from '@keelson/core/ports';
import { z } from 'zod';
import { folders } from '../../../testing/folders.js';
import { JsonLinesJournal, jsonLinesJournal } from '../../../testing/json-lines-journal.js';
import { proveSuite } from '../../../testing/twins.js';
import { KeptLog } from '../../fakes/kept-log.js';
import type { JournalControl, JournalPlace, JournalSubject } from './journal-subject.js';
import { journalSuite } from './journal-suite.js';

const newFolder = folders();
const HEAD_BYTES = 512;
const strict = z.strictObject({ path: z.string().optional() });

type Parts = ConstructorParameters<typeof JsonLinesJournal>[0];
/** What a twin needs to get at. */
type Insides = { waiting: string[]; file: number | undefined; bytes: number; put: () => void };
type Make = (parts: Parts) => JsonLinesJournal;

/** The head and the lines of a file, changed by hand. */
function edit(path: string, change: (lines: string[], head: { account: string; purpose: string; synced: number }) => readonly string[]): void {
  const text = readFileSync(path, 'utf8');
  const head = JSON.parse(text.slice(0, HEAD_BYTES)) as { account: string; purpose: string; synced: number };
  const lines = change(text.slice(HEAD_BYTES).split('\n').slice(0, -1), head);
  writeFileSync(path, `${JSON.stringify(head).padEnd(HEAD_BYTES - 1)}\n${lines.map((line) => `${line}\n`).join('')}`);
}

function subjectOf(make: Make = (parts) => new JsonLinesJournal(parts), { params = strict as Schema, settings = { path: 'one.jsonl' } as object, asStored }: { readonly params?: Schema; readonly settings?: object; readonly asStored?: (copy: JournalPlace) => void } = {}): JournalSubject {
  const latest = new Map<string, JsonLinesJournal>();
  const insides = (baseDir: string): Insides => latest.get(baseDir) as unknown as Insides;
  return {
    params: settings,
    definition: {
      params,
      create: (context) => {
        const journal = make(context as Parts);
        latest.set(context.baseDir, journal);
        return journal;
      },
    },
    place(): JournalPlace {
      const baseDir = newFolder();
      const path = (): string => ['one.jsonl', 'contract.live.jsonl'].map((name) => join(baseDir, name)).find((name) => existsSync(name)) ?? join(baseDir, 'one.jsonl');
      const control: JournalControl = {
        damage: (record) => edit(path(), (lines) => lines.map((line, i) => (i === record - 1 ? line.replace(/record \d+/, 'something else') : line))),
        remove: (record) => edit(path(), (lines) => lines.filter((_, i) => i !== record - 1)),
        cutOff: (record) => edit(path(), (lines) => lines.slice(0, record)),
        replace: () => ['one.jsonl', 'contract.live.jsonl'].forEach((name) => writeFileSync(join(baseDir, name), 'time,open,high,low,close\n'.repeat(99))),
        fill: () => {
          insides(baseDir).put = () => {
            throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
          };
        },
        makeRoom: () => void delete (insides(baseDir) as Partial<Insides>).put,
      };
      const stored = async (): Promise<JournalPlace> => {
        const copy = { baseDir: newFolder() };
        await cp(baseDir, copy.baseDir, { recursive: true });
        asStored?.(copy);
        return copy;
      };
      return { baseDir, control, ...(asStored === undefined ? {} : { asStored: stored }) };
    },
  };
}

/** A journal that does something to what it finds before it opens it. */
const finding = (change: (path: string, parts: Parts) => Parts | void): JournalSubject =>
  subjectOf((parts) => {
    const path = join(parts.baseDir, 'one.jsonl');
    const isOwn = existsSync(path) && readFileSync(path, 'utf8').startsWith('{');
    return new JsonLinesJournal((isOwn ? change(path, parts) : undefined) ?? parts);
  });

const bodyOf = (line: string): string => line.slice(65);
const traded = (lines: readonly string[]): boolean => lines.some((line) => bodyOf(line).startsWith('{"kind":"change"'));

/** The same records with a chain that is whole. */
function mended(parts: Parts, path: string): void {
  const lines = readFileSync(path, 'utf8').slice(HEAD_BYTES).split('\n').slice(0, -1).map(bodyOf);
  rmSync(path);
  const journal = new JsonLinesJournal(parts);
  for (const line of lines) journal.append(JSON.parse(line) as JournalRecord);
  journal.close();
}

/** Whether the chain of a file holds, whatever its head says. */
function isWhole(parts: Parts, path: string): boolean {
  const text = readFileSync(path);
  try {
    edit(path, (lines, head) => ((head.synced = 0), lines));
    const count = [...new JsonLinesJournal(parts).read()].length;
    return count === text.subarray(HEAD_BYTES).toString().split('\n').length - 1;
  } finally {
    writeFileSync(path, text);
  }
}

/** Keeps records back until somebody asks. */
class Held extends JsonLinesJournal {
  protected held: JournalRecord[] = [];
  private over = false;
  protected take(record: JournalRecord): JournalRecord {
    return structuredClone(record);
  }
  override append(record: JournalRecord): void {
    if (this.over) throw new Error('closed');
    this.held.push(this.take(record));
  }
  override sync(): void {
    this.pour();
    super.sync();
  }
  override read(): Generator<JournalRecord, void, undefined> {
    this.pour();
    return super.read();
  }
  override close(): void {
    if (!this.over) this.end();
    this.over = true;
    super.close();
  }
  protected end(): void {
    this.pour();
  }
  protected pour(): void {
    for (let next = this.held.shift(); next !== undefined; next = this.held.shift()) super.append(next);
  }
}

const numberOf = ({ data }: JournalRecord): number | undefined => (data as { readonly number?: number } | null)?.number;
const isFull = (thrown: unknown): boolean => thrown instanceof Error && thrown.message.includes('no space left');

let served = 0;
const living: Array<JsonLinesJournal & { readonly appended: JournalRecord[]; readonly at: string }> = [];

proveSuite(
  journalSuite,
  () => subjectOf(),
  [
    { breaks: 'JRN-010', how: 'takes other defaults each time', subject: () => subjectOf(undefined, { params: strict.extend({ more: z.number().default(() => ++served) }) }) },
    { breaks: 'JRN-020', how: 'lets any setting pass', subject: () => subjectOf(undefined, { params: z.object({ path: z.string() }) }) },
    { breaks: 'JRN-030', how: 'lets any value pass', subject: () => subjectOf(undefined, { params: z.strictObject({ path: z.unknown() }) }) },
    { breaks: 'JRN-040', how: 'leaves a mark where it is made', subject: () => subjectOf((parts) => (writeFileSync(join(parts.baseDir, 'mark'), ''), new JsonLinesJournal(parts))) },
    {
      breaks: 'JRN-050',
      how: 'begins with a record of its own',
      subject: () =>
        subjectOf((parts) => {
          const journal = new JsonLinesJournal(parts);
          const { read } = journal;
          journal.read = function* () {
            const records = [...read.call(journal)];
            yield* records.length > 0 ? records : [{ kind: 'run', time: 0, data: {} } as unknown as JournalRecord];
          };
          return journal;
        }),
    },
    {
      breaks: 'JRN-060',
      how: 'puts records into the order of their times',
      subject: () =>
        subjectOf(
          (parts) =>
            new (class extends JsonLinesJournal {
              override *read(): Generator<JournalRecord, void, undefined> {
                const records = [...super.read()];
                yield* records.every((each) => numberOf(each) !== undefined) ? records.sort((a, b) => a.time - b.time) : records;
              }
            })(parts),
        ),
    },
    {
      breaks: 'JRN-070',
      how: 'keeps whole milliseconds',
      subject: () =>
        subjectOf(
          (parts) =>
            new (class extends JsonLinesJournal {
              override append(record: JournalRecord): void {
                super.append({ ...record, time: Math.round(record.time) as JournalRecord['time'] });
              }
            })(parts),
        ),
    },
    {
      breaks: 'JRN-080',
      how: 'writes objects down when it has to',
      subject: () =>
        subjectOf(
          (parts) =>
            new (class extends Held {
              protected override take(record: JournalRecord): JournalRecord {
                return record;
              }
            })(parts),
        ),
    },
    {
      breaks: 'JRN-090',
      how: 'goes on where the last look stopped',
      subject: () =>
        subjectOf((parts) => {
          const journal = new JsonLinesJournal(parts);
          const { read } = journal;
          let going: Generator<JournalRecord, void, undefined> | undefined;
          journal.read = () => {
            const each = (going ??= read.call(journal));
            return { [Symbol.iterator]: () => ({ next: () => each.next() }) } as unknown as ReturnType<typeof read>;
          };
          return journal;
        }),
    },
    {
      breaks: 'JRN-100',
      how: 'promises to sync',
      subject: () =>
        subjectOf((parts) => {
          const journal = new JsonLinesJournal(parts);
          const { sync } = journal;
          journal.sync = () => (sync.call(journal), Promise.resolve() as never);
          return journal;
        }),
    },
    {
      breaks: 'JRN-110',
      how: 'has nothing to sync where nothing is new',
      subject: () =>
        subjectOf(
          (parts) =>
            new (class extends JsonLinesJournal {
              private fresh = 0;
              private closing = false;
              override append(record: JournalRecord): void {
                this.fresh++;
                super.append(record);
              }
              override sync(): void {
                if (this.fresh === 0 && !this.closing) throw new Error('nothing to sync');
                this.fresh = 0;
                super.sync();
              }
              override close(): void {
                this.closing = true;
                super.close();
              }
            })(parts),
        ),
    },
    {
      breaks: 'JRN-120',
      how: 'drops what comes after the end',
      subject: () =>
        subjectOf((parts) => {
          const journal = new JsonLinesJournal(parts);
          const { close } = journal;
          journal.close = () => {
            close.call(journal);
            journal.append = () => undefined;
          };
          return journal;
        }),
    },
    {
      breaks: 'JRN-130',
      how: 'shows what the other journals of the process were told',
      subject: () =>
        subjectOf((parts) => {
          const journal = new (class extends JsonLinesJournal {
            readonly appended: JournalRecord[] = [];
            readonly at = parts.baseDir;
            override append(record: JournalRecord): void {
              this.appended.push(record);
              super.append(record);
            }
            override *read(): Generator<JournalRecord, void, undefined> {
              yield* super.read();
              if (this.appended.length === 1) for (const other of living) if (other.at !== this.at && other.appended.length === 1) yield* other.appended;
            }
          })(parts);
          living.push(journal);
          return journal;
        }),
    },
    {
      breaks: 'JRN-140',
      how: 'shows no more than a page of a backtest',
      subject: () =>
        subjectOf(
          (parts) =>
            new (class extends JsonLinesJournal {
              override *read(): Generator<JournalRecord, void, undefined> {
                let left = parts.purpose === 'history' ? 4_096 : Number.POSITIVE_INFINITY;
                for (const record of super.read()) if (left-- > 0) yield record;
              }
            })(parts),
        ),
    },
    {
      breaks: 'JRN-150',
      how: 'leaves out what a decision does not need to be understood',
      subject: () =>
        subjectOf(
          (parts) =>
            new (class extends JsonLinesJournal {
              override append(record: JournalRecord): void {
                super.append(record.kind === 'decision' && typeof record.data === 'object' && numberOf(record) === undefined ? { ...record, data: {} } : record);
              }
            })(parts),
        ),
    },
    {
      breaks: 'JRN-200',
      how: 'writes an intent with the record behind it',
      subject: () =>
        subjectOf(
          (parts) =>
            new (class extends Held {
              override append(record: JournalRecord): void {
                super.append(record);
                if (record.kind !== 'intent' || numberOf(record) === undefined) this.pour();
              }
              override sync(): void {
                if (this.held.length === 0) super.sync();
              }
            })(parts),
        ),
    },
    {
      breaks: 'JRN-210',
      how: 'loses a record before the last one when it dies',
      subject: () =>
        subjectOf(undefined, {
          asStored: ({ baseDir }) =>
            edit(join(baseDir, 'one.jsonl'), (lines, { synced }) => {
              if (lines.length - synced < 2) return lines;
              const parts = { params: { path: 'mended.jsonl' }, account: 'contract', baseDir, purpose: 'live', logger: new KeptLog() } as const;
              const journal = new JsonLinesJournal(parts);
              lines.forEach((line, i) => i !== lines.length - 2 && journal.append(JSON.parse(bodyOf(line)) as JournalRecord));
              journal.close();
              return readFileSync(join(baseDir, 'mended.jsonl'), 'utf8').slice(HEAD_BYTES).split('\n').slice(0, -1);
            }),
        }),
    },
    {
      breaks: 'JRN-220',
      how: 'forgets at the end what was not synced',
      subject: () =>
        subjectOf(
          (parts) =>
            new (class extends Held {
              protected override end(): void {
                this.held = [];
              }
            })(parts),
        ),
    },
    {
      breaks: 'JRN-230',
      how: 'remembers its last three lives',
      subject: () =>
        subjectOf(
          (parts) =>
            new (class extends JsonLinesJournal {
              override *read(): Generator<JournalRecord, void, undefined> {
                const records = [...super.read()];
                const starts = records.flatMap(({ kind }, i) => (kind === 'run' ? [i] : []));
                yield* parts.purpose === 'live' ? records.slice(starts.at(-3) ?? 0) : records;
              }
            })(parts),
        ),
    },
    {
      breaks: 'JRN-240',
      how: 'takes off what it did not write itself',
      subject: () =>
        subjectOf(
          (parts) =>
            new (class extends JsonLinesJournal {
              override append(record: JournalRecord): void {
                const { file, bytes } = this as unknown as Insides;
                if (file !== undefined) ftruncateSync(file, bytes);
                super.append(record);
              }
            })(parts),
        ),
    },
    {
      breaks: 'JRN-250',
      how: 'says nothing of a full disk',
      subject: () =>
        subjectOf((parts) => {
          const journal = new JsonLinesJournal(parts);
          const { append, sync } = journal;
          const quiet = (act: () => void): void => {
            try {
              act();
            } catch (thrown) {
              if (!isFull(thrown)) throw thrown;
            }
          };
          journal.append = (record) => quiet(() => append.call(journal, record));
          journal.sync = () => quiet(() => sync.call(journal));
          return journal;
        }),
    },
    {
      breaks: 'JRN-260',
      how: 'drops what does not fit on the disk',
      subject: () =>
        subjectOf(
          (parts) =>
            new (class extends JsonLinesJournal {
              override append(record: JournalRecord): void {
                try {
                  super.append(record);
                } catch (thrown) {
                  if (isFull(thrown)) (this as unknown as Insides).waiting = [];
                  throw thrown;
                }
              }
            })(parts),
        ),
    },
    { breaks: 'JRN-300', how: 'asks nobody whose it is', subject: () => subjectOf((parts) => new JsonLinesJournal({ ...parts, account: 'contract' })) },
    { breaks: 'JRN-310', how: 'makes room for a backtest', subject: () => finding((path, { purpose }) => edit(path, (lines, head) => (purpose === 'history' && head.purpose === 'live' ? ((head.purpose = 'history'), []) : lines))) },
    { breaks: 'JRN-320', how: 'lets a live run go on from a backtest', subject: () => finding((path, { purpose }) => edit(path, (lines, head) => ((head.purpose = purpose === 'live' ? 'live' : head.purpose), lines))) },
    {
      breaks: 'JRN-330',
      how: 'puts one backtest behind the other',
      subject: () =>
        finding((path, parts) => {
          let again = false;
          edit(path, (lines, head) => ((again = parts.purpose === 'history' && head.purpose === 'history'), (head.purpose = again ? 'live' : head.purpose), lines));
          return again ? { ...parts, purpose: 'live' } : parts;
        }),
    },
    {
      breaks: 'JRN-340',
      how: 'mends a chain that is broken',
      subject: () =>
        finding((path, parts) => {
          const text = readFileSync(path, 'utf8');
          if (parts.purpose === 'live' && !traded(text.slice(HEAD_BYTES).split('\n')) && text.includes('something else')) mended(parts, path);
        }),
    },
    {
      breaks: 'JRN-350',
      how: 'goes on from the good records, whatever was lost',
      subject: () =>
        finding((path, parts) => {
          const text = readFileSync(path, 'utf8');
          if (!text.includes('something else') || !traded(text.slice(HEAD_BYTES).split('\n'))) return;
          edit(path, (lines, head) => ((head.synced = 0), lines));
          const good = [...new JsonLinesJournal(parts).read()].length;
          edit(path, (lines, head) => ((head.synced = good), lines.slice(0, good)));
        }),
    },
    {
      breaks: 'JRN-360',
      how: 'looks at each record alone',
      subject: () =>
        finding((path, parts) => {
          const text = readFileSync(path, 'utf8');
          if (!traded(text.slice(HEAD_BYTES).split('\n')) || text.includes('something else') || isWhole(parts, path)) return;
          mended(parts, path);
        }),
    },
    {
      breaks: 'JRN-370',
      how: 'does not count',
      subject: () =>
        finding((path, parts) => {
          if (parts.purpose === 'live' && !readFileSync(path, 'utf8').includes('something else')) edit(path, (lines, head) => ((head.synced = Math.min(head.synced, lines.length)), lines));
        }),
    },
    { breaks: 'JRN-380', how: 'writes over what it does not know', subject: () => subjectOf((parts) => {
      const path = join(parts.baseDir, 'one.jsonl');
      if (existsSync(path) && readFileSync(path, 'utf8').startsWith('time')) rmSync(path);
      return new JsonLinesJournal(parts);
    }) },
  ],
  [() => subjectOf((parts) => jsonLinesJournal.create(parts) as JsonLinesJournal, { settings: {} })],
);
