import { toUtcMs } from '@keelson/core/domain';
import type { JournalRecord } from '@keelson/core/ports';
import { expectEqual, expectThat, show } from '../../frame/expectations.js';
import { runLab } from '../../lab/lab-run.js';
import { livelyBars } from '../../lab/sample-bars.js';
import { LIFE, allOf, expectSame, journalCard, recordsOf } from './journal-bench.js';

/** Values that records hold, and that stores like to lose. */
const ODD: readonly unknown[] = [
  null, true, 0, 0.1 + 0.2, 1e308, 5e-324, -1e-7, 2 ** 53 - 1, '', 'two\nlines\r\n\ttab', '止损 🚨 ‮abc', '\u0000\u0007', `"'\`; DROP TABLE records; --`, [], {},
  { nested: [{ deep: [[[null]]] }], '': 1, 'a.b': '2' }, 'x'.repeat(100_000),
];
const TIMES: readonly number[] = [0, 0.5, -86_400_000.25, 1_704_672_000_000.125, 8.64e15];

let lived: Promise<readonly JournalRecord[]> | undefined;

/** Records of an account that trades. */
async function live(): Promise<readonly JournalRecord[]> {
  const { records } = await runLab({ bars: livelyBars(200), decide: () => ({ bars, signal }) => (bars.count % 20 === 0 ? signal.long({ confidence: 0.8 }) : bars.count % 20 === 10 ? signal.flat() : undefined) });
  expectThat(records.some(({ kind }) => kind === 'intent'), 'the account sent no order', 'some');
  return records;
}

/** What is appended can be read. */
export const keepingCards = [
  journalCard({
    id: 'JRN-040',
    title: 'opens nothing before the first record, or the first look',
    why: 'An account that is validated, or that does not start, must leave no trace beside its file',
    play(bench) {
      const before = [...bench.files().keys()];
      const journal = bench.open();
      expectEqual([...bench.files().keys()], before, 'files after it was made');
      journal.close();
      expectEqual([...bench.files().keys()], before, 'files after it was closed without a record');
    },
  }),
  journalCard({
    id: 'JRN-050',
    title: 'is empty at first',
    why: 'What an account recalls at its first start would be another one’s',
    play: (bench) => expectEqual(bench.reopened(), [], 'records of a new journal'),
  }),
  journalCard({
    id: 'JRN-060',
    title: 'gives back every record, in the order of appending',
    why: 'A replay that lacks one input, or gets two in another order, decides otherwise',
    play(bench) {
      const journal = bench.open();
      // times stand still and go back: a venue’s event may carry an earlier one
      const records = recordsOf([...LIFE, ...LIFE, ...LIFE]).map((each, i) => ({ ...each, time: toUtcMs(each.time - (i % 3 === 0 ? 5_000 : 0)) }));
      for (const record of records) journal.append(record);
      expectSame(allOf(journal), records, 'what it gave');
    },
  }),
  journalCard({
    id: 'JRN-070',
    title: 'keeps data and time as they are, to the last bit',
    why: 'A price that comes back rounded is another price, and an order id another order',
    play(bench) {
      const records = [...ODD.map((data): JournalRecord => ({ kind: 'state', time: toUtcMs(1), data })), ...TIMES.map((time): JournalRecord => ({ kind: 'bars', time: toUtcMs(time), data: [time] }))];
      bench.write(records);
      expectSame(bench.reopened(), records, 'what the next start read');
    },
  }),
  journalCard({
    id: 'JRN-080',
    title: 'keeps what a record said when it was appended',
    why: 'The kernel goes on with its objects: what was decided must not change afterwards',
    play(bench) {
      const journal = bench.open();
      const [record] = recordsOf(['intent']) as [JournalRecord];
      const expected = structuredClone(record);
      journal.append(record);
      Object.assign(record.data as object, { number: 99, text: 'written over' });
      expectSame(allOf(journal), [expected], 'what it gave after the object had been written to');
    },
  }),
  journalCard({
    id: 'JRN-090',
    title: 'can be looked at again and again, also in part, and appended to in between',
    why: 'Recovery looks at the past more than once, and stops where it has seen enough',
    play(bench) {
      const journal = bench.open();
      const records = recordsOf([...LIFE, ...LIFE]);
      for (const record of records.slice(0, 6)) journal.append(record);
      for (const record of journal.read()) if (record.kind === 'bars') break;
      expectSame(allOf(journal), records.slice(0, 6), 'the second look');
      for (const record of records.slice(6)) journal.append(record);
      expectSame(allOf(journal), records, 'what it gave after more was appended');
      const [one, two] = [journal.read()[Symbol.iterator](), journal.read()[Symbol.iterator]()];
      expectEqual([one.next().value?.kind, two.next().value?.kind, one.next().value?.kind, two.next().value?.kind], ['run', 'run', 'bars', 'bars'], 'two looks side by side');
      one.return?.();
      two.return?.();
    },
  }),
  journalCard({
    id: 'JRN-100',
    title: 'appends and syncs before it returns: there is nothing to wait for',
    why: 'The order leaves with the next line: a sync that ends later is none',
    play(bench) {
      const journal = bench.open();
      const results: unknown[] = [journal.append(recordsOf(['intent'])[0] as JournalRecord), journal.sync(), journal.close()];
      expectThat(results.every((result) => result === undefined), `append, sync and close returned ${show(results)}`, 'nothing');
    },
  }),
  journalCard({
    id: 'JRN-110',
    title: 'may be synced at any time, and as often as anybody likes, without a record of it',
    why: 'It is synced before each order, also where nothing was appended since',
    play(bench) {
      const journal = bench.open();
      journal.sync();
      const records = recordsOf(LIFE);
      for (const record of records) {
        journal.append(record);
        journal.sync();
        journal.sync();
      }
      expectSame(allOf(journal), records, 'what it gave');
    },
  }),
  journalCard({
    id: 'JRN-120',
    title: 'takes nothing after it was closed, and says so; it may be closed again',
    why: 'A decision that is made after the end would be missing in the journal, in silence',
    play(bench) {
      const journal = bench.open();
      const records = recordsOf(LIFE);
      for (const record of records) journal.append(record);
      journal.sync();
      journal.close();
      journal.close();
      let thrown: unknown;
      try {
        journal.append(recordsOf(['intent'], 7)[0] as JournalRecord);
      } catch (error) {
        thrown = error;
      }
      expectThat(thrown instanceof Error, 'a record after the end was taken', 'an error');
      expectSame(bench.reopened(), records, 'what the next start read');
    },
  }),
  journalCard({
    id: 'JRN-130',
    title: 'shares nothing with a journal at another place',
    why: 'Two accounts of a process would recall one another’s positions',
    play(bench) {
      const [one, other] = [bench.open(), bench.anew().open()];
      one.append(recordsOf(['run'])[0] as JournalRecord);
      other.append(recordsOf(['bars'])[0] as JournalRecord);
      expectEqual([one, other].map((journal) => allOf(journal).map(({ kind }) => kind)), [['run'], ['bars']], 'kinds in the two journals');
    },
  }),
  journalCard({
    id: 'JRN-140',
    title: 'of a run over history gives all of it back, also thousands of records',
    why: 'What a backtest decided is looked up and replayed',
    play(bench) {
      const journal = bench.open({ purpose: 'history' });
      const records = recordsOf(Array.from({ length: 5_000 }, (_, i) => LIFE[i % LIFE.length] as JournalRecord['kind']));
      for (const record of records) {
        journal.append(record);
        if (record.kind === 'intent') journal.sync();
      }
      expectSame(allOf(journal), records, 'what it gave');
    },
  }),
  journalCard({
    id: 'JRN-150',
    title: 'keeps the records of an account of the kernel as they are',
    why: 'An account is recovered and replayed from these, and from nothing else',
    async play(bench) {
      const records = await (lived ??= live());
      const expected = JSON.parse(JSON.stringify(records)) as JournalRecord[];
      const journal = bench.open();
      for (const record of records) {
        if (record.kind === 'intent') journal.sync();
        journal.append(record);
      }
      journal.sync();
      journal.close();
      expectSame(bench.reopened(), expected, 'what the next start read');
    },
  }),
];
