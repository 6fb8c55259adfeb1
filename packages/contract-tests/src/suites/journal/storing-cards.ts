import { setImmediate } from 'node:timers/promises';
import type { Journal, JournalRecord } from '@keelson/core/ports';
import { expectEqual, expectThat } from '../../frame/expectations.js';
import { LIFE, attempt, expectBeginning, expectSame, journalCard, recordsOf } from './journal-bench.js';

/** What was appended outlives the process. */
export const storingCards = [
  journalCard({
    id: 'JRN-200',
    title: 'holds every record that was appended before a sync, should the process die behind it',
    why: 'The order has left: an account that does not know of it sends it again',
    async play(bench) {
      const journal = bench.open();
      const records = recordsOf([...LIFE, ...LIFE]);
      for (const [i, record] of records.entries()) {
        journal.append(record);
        if (record.kind !== 'intent') continue;
        journal.sync();
        expectBeginning(await bench.afterDeath(), records, i + 1, `records after a death behind sync ${i + 1}`);
      }
    },
  }),
  journalCard({
    id: 'JRN-210',
    title: 'never has a hole, whenever the process dies',
    why: 'A fill without its order, or an order without its bar, is a past that never was',
    async play(bench) {
      const journal = bench.open();
      const records = recordsOf([...LIFE, ...LIFE, ...LIFE]);
      let synced = 0;
      for (const [i, record] of records.entries()) {
        journal.append(record);
        if (i % 6 === 3) {
          journal.sync();
          synced = i + 1;
        }
        if (i % 4 === 2) await setImmediate();
        if (i % 2 === 0) expectBeginning(await bench.afterDeath(), records, synced, `records after a death behind record ${i + 1}`);
      }
    },
  }),
  journalCard({
    id: 'JRN-220',
    title: 'holds every record once it was closed, with or without a sync',
    why: 'A clean stop loses nothing',
    play(bench) {
      const records = recordsOf(LIFE);
      const journal = bench.open();
      for (const record of records) journal.append(record);
      journal.close();
      expectSame(bench.reopened(), records, 'what the next start read');
    },
  }),
  journalCard({
    id: 'JRN-230',
    title: 'goes on behind what earlier lives wrote, and changes nothing of it',
    why: 'The past of an account is all of its lives',
    play(bench) {
      const lives = [recordsOf(LIFE), recordsOf(LIFE, 7), recordsOf(['run'], 13), recordsOf(LIFE, 14)];
      lives.forEach((life, i) => {
        const journal = bench.open();
        if (i % 2 === 1) for (const record of journal.read()) if (record.kind === 'intent') break;
        for (const record of life) journal.append(record);
        journal.sync();
        journal.close();
        expectSame(bench.reopened(), lives.slice(0, i + 1).flat(), `what was read after life ${i + 1}`);
      });
    },
  }),
  journalCard({
    id: 'JRN-240',
    title: 'keeps what was synced, also when another process writes the same journal',
    why: 'Two processes of one account happen: neither may take an order of the other out of the record',
    play(bench) {
      const [one, two] = [bench.open(), bench.open()];
      const acknowledged: JournalRecord[] = [];
      const send = (journal: Journal, record: JournalRecord): void => {
        const result = attempt(() => {
          journal.append(record);
          journal.sync();
        }, 'a second writer');
        if ('value' in result) acknowledged.push(record);
        else expectThat(result.error.code === 'JRN_WRITE' || result.error.code === 'JRN_FOREIGN', `a second writer threw ${result.error.line}`, 'JRN_WRITE, or no fault');
      };
      recordsOf(['run', 'run', 'bars', 'bars', 'state', 'state']).forEach((record, i) => send(i % 2 === 0 ? one : two, record));
      for (const journal of [one, two]) attempt(() => journal.close(), 'closing');
      const found = bench.reopened().map(({ data }) => (data as { readonly number: number }).number);
      for (const { data } of acknowledged) {
        const { number } = data as { readonly number: number };
        expectEqual(found.filter((each) => each === number).length, 1, `times that record ${number}, whose sync had returned, was read`);
      }
    },
  }),
  journalCard({
    id: 'JRN-250',
    title: 'says with JRN_WRITE that it cannot be written, no later than at the sync',
    why: 'Entries are halted then: an order that leaves unrecorded is one that nobody knows of after the next start',
    needs: ['fill'],
    async play(bench) {
      const journal = bench.open();
      for (const record of recordsOf(LIFE)) journal.append(record);
      journal.sync();
      await bench.control('fill')();
      const long = recordsOf(['intent'], 7).map((record) => ({ ...record, data: 'x'.repeat(200_000) }))[0] as JournalRecord;
      const result = attempt(() => {
        journal.append(long);
        journal.sync();
      }, 'a sync that cannot be written');
      expectThat('error' in result, 'a sync that cannot be written passed', 'the code JRN_WRITE');
      expectThat(result.error.code === 'JRN_WRITE', `a sync that cannot be written threw ${result.error.line}`, 'the code JRN_WRITE');
      expectThat((result.error.hint ?? '') !== '', `${result.error.line} had no hint`, 'what to do about it');
    },
  }),
  journalCard({
    id: 'JRN-260',
    title: 'has everything that was appended once a sync returns again, also what could not be written at its time',
    why: 'The fault counts as mended then: a hole behind it would never be found',
    needs: ['fill', 'makeRoom'],
    async play(bench) {
      const journal = bench.open();
      const records = recordsOf([...LIFE, ...LIFE, ...LIFE]).map((record, i) => (i >= 6 && i < 12 ? { ...record, data: `${i} ${'x'.repeat(50_000)}` } : record));
      const append = (part: readonly JournalRecord[]): void => {
        for (const record of part) attempt(() => journal.append(record), 'a record on a full disk');
      };
      append(records.slice(0, 6));
      journal.sync();
      await bench.control('fill')();
      append(records.slice(6, 12));
      attempt(() => journal.sync(), 'a sync on a full disk');
      expectBeginning(await bench.afterDeath(), records, 6, 'records after a death on a full disk');
      await bench.control('makeRoom')();
      append(records.slice(12));
      journal.sync();
      expectBeginning(await bench.afterDeath(), records, records.length, 'records after there was room again');
    },
  }),
];
