import { existsSync, ftruncateSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalRecord } from '@keelson/core/ports';
import { z } from 'zod';
import { bodyOf, edit, finding, HEAD_BYTES, Held, type Insides, isFull, isWhole, mended, numberOf, ofClass, strict, subjectOf, traded } from '../../../testing/journal-twins.js';
import { JsonLinesJournal, jsonLinesJournal } from '../../../testing/json-lines-journal.js';
import { proveSuite } from '../../../testing/twins.js';
import { KeptLog } from '../../fakes/kept-log.js';
import { journalSuite } from './journal-suite.js';

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
        ofClass(
          () =>
            class extends JsonLinesJournal {
              override *read(): Generator<JournalRecord, void, undefined> {
                const records = [...super.read()];
                yield* records.every((each) => numberOf(each) !== undefined) ? records.sort((a, b) => a.time - b.time) : records;
              }
            },
        ),
    },
    {
      breaks: 'JRN-070',
      how: 'keeps whole milliseconds',
      subject: () =>
        ofClass(
          () =>
            class extends JsonLinesJournal {
              override append(record: JournalRecord): void {
                super.append({ ...record, time: Math.round(record.time) as JournalRecord['time'] });
              }
            },
        ),
    },
    {
      breaks: 'JRN-080',
      how: 'writes objects down when it has to',
      subject: () =>
        ofClass(
          () =>
            class extends Held {
              protected override take(record: JournalRecord): JournalRecord {
                return record;
              }
            },
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
        ofClass(
          () =>
            class extends JsonLinesJournal {
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
            },
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
        ofClass(
          (parts) =>
            class extends JsonLinesJournal {
              override *read(): Generator<JournalRecord, void, undefined> {
                let left = parts.purpose === 'history' ? 4_096 : Number.POSITIVE_INFINITY;
                for (const record of super.read()) if (left-- > 0) yield record;
              }
            },
        ),
    },
    {
      breaks: 'JRN-150',
      how: 'leaves out what a decision does not need to be understood',
      subject: () =>
        ofClass(
          () =>
            class extends JsonLinesJournal {
              override append(record: JournalRecord): void {
                super.append(record.kind === 'decision' && typeof record.data === 'object' && numberOf(record) === undefined ? { ...record, data: {} } : record);
              }
            },
        ),
    },
    {
      breaks: 'JRN-200',
      how: 'writes an intent with the record behind it',
      subject: () =>
        ofClass(
          () =>
            class extends Held {
              override append(record: JournalRecord): void {
                super.append(record);
                if (record.kind !== 'intent' || numberOf(record) === undefined) this.pour();
              }
              override sync(): void {
                if (this.held.length === 0) super.sync();
              }
            },
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
        ofClass(
          () =>
            class extends Held {
              protected override end(): void {
                this.held = [];
              }
            },
        ),
    },
    {
      breaks: 'JRN-230',
      how: 'remembers its last three lives',
      subject: () =>
        ofClass(
          (parts) =>
            class extends JsonLinesJournal {
              override *read(): Generator<JournalRecord, void, undefined> {
                const records = [...super.read()];
                const starts = records.flatMap(({ kind }, i) => (kind === 'run' ? [i] : []));
                yield* parts.purpose === 'live' ? records.slice(starts.at(-3) ?? 0) : records;
              }
            },
        ),
    },
    {
      breaks: 'JRN-240',
      how: 'takes off what it did not write itself',
      subject: () =>
        ofClass(
          () =>
            class extends JsonLinesJournal {
              override append(record: JournalRecord): void {
                const { file, bytes } = this as unknown as Insides;
                if (file !== undefined) ftruncateSync(file, bytes);
                super.append(record);
              }
            },
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
        ofClass(
          () =>
            class extends JsonLinesJournal {
              override append(record: JournalRecord): void {
                try {
                  super.append(record);
                } catch (thrown) {
                  if (isFull(thrown)) (this as unknown as Insides).waiting = [];
                  throw thrown;
                }
              }
            },
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
