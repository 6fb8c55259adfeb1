import type { JournalRecord } from '@keelson/core/ports';
import { expectEqual, expectThat } from '../../frame/expectations.js';
import { LIFE, allOf, attempt, expectRefused, expectSame, journalCard, recordsOf, type JournalBench } from './journal-bench.js';

/** What another one wrote: refused, or not seen at all. */
function expectNothingOf(bench: JournalBench, fields: Parameters<JournalBench['open']>[0], what: string): void {
  const journal = bench.open(fields);
  const result = attempt(() => allOf(journal), what);
  if ('error' in result) expectThat(result.error.code === 'JRN_FOREIGN', `${what} threw ${result.error.line}`, 'the code JRN_FOREIGN');
  else expectEqual(result.value, [], `records that ${what} gave`);
  const written = attempt(() => {
    journal.append(recordsOf(['run'], 100)[0] as JournalRecord);
    journal.sync();
    journal.close();
  }, what);
  expectThat(!('error' in result) || 'error' in written, `${what} was refused, and written to all the same`, 'a refusal of both');
}

const TRADED: readonly JournalRecord['kind'][] = ['run', 'bars', 'intent', 'broker-event', 'change', 'bars'];

/** What is not its own, or not whole, is not taken for the past. */
export const refusingCards = [
  journalCard({
    id: 'JRN-300',
    title: 'shows nothing of another account, and leaves that one’s records alone',
    why: 'An account that takes over the positions of another one trades them away',
    play(bench) {
      const records = recordsOf(LIFE);
      bench.write(records);
      expectNothingOf(bench, { account: 'another' }, 'the journal as that of another account');
      expectSame(bench.reopened(), records, 'what its own account read afterwards');
    },
  }),
  journalCard({
    id: 'JRN-310',
    title: 'never lets a run over history touch the records of a paper or live run',
    why: 'A backtest is started many times a day; the past of a live account is there once',
    play(bench) {
      const records = recordsOf(LIFE);
      bench.write(records);
      expectNothingOf(bench, { purpose: 'history' }, 'the journal of a live run as that of a backtest');
      expectSame(bench.reopened(), records, 'what the live run read afterwards');
    },
  }),
  journalCard({
    id: 'JRN-320',
    title: 'never shows the records of a run over history to a paper or live run',
    why: 'A live account would hold positions that only a backtest had',
    play(bench) {
      bench.write(recordsOf(LIFE), { purpose: 'history' });
      expectNothingOf(bench, { purpose: 'live' }, 'the journal of a backtest as that of a live run');
    },
  }),
  journalCard({
    id: 'JRN-330',
    title: 'begins a run over history without the records of the one before, or refuses it',
    why: 'Two runs in one journal are a run that nobody can replay',
    play(bench) {
      bench.write(recordsOf(LIFE), { purpose: 'history' });
      const again = bench.open({ purpose: 'history' });
      const records = recordsOf(['run', 'bars'], 50);
      const result = attempt(() => {
        for (const record of records) again.append(record);
        return allOf(again);
      }, 'a second run over history');
      if ('error' in result) expectThat(result.error.code === 'JRN_FOREIGN', `a second run over history threw ${result.error.line}`, 'the code JRN_FOREIGN');
      else expectSame(result.value, records, 'what the second run over history gave');
    },
  }),
  journalCard({
    id: 'JRN-340',
    title: 'never gives a record that was changed, nor one behind it',
    why: 'A disk that fails, or a hand in the file, must not become a decision',
    needs: ['damage'],
    async play(bench) {
      const records = recordsOf(LIFE);
      for (let damaged = 1; damaged <= records.length; damaged++) {
        const place = bench.anew();
        place.write(records);
        await place.control('damage')(damaged);
        const journal = place.open();
        const found: JournalRecord[] = [];
        const result = attempt(() => {
          for (const { kind, time, data } of journal.read()) found.push({ kind, time, data });
        }, `a journal with a damaged record ${damaged}`);
        if ('error' in result) expectThat(result.error.code === 'JRN_DAMAGED', `a journal with a damaged record ${damaged} threw ${result.error.line}`, 'the code JRN_DAMAGED');
        expectThat(found.length < damaged, `with a damaged record ${damaged} it gave ${found.length}`, `at most the ${damaged - 1} before it`);
        expectSame(found, records.slice(0, found.length), `what it gave with a damaged record ${damaged}`);
      }
    },
  }),
  journalCard({
    id: 'JRN-350',
    title: 'refuses with JRN_DAMAGED to forget an order, also the second time',
    why: 'An order that left and was forgotten is sent twice: only a person, who looks at the venue, can go on from there',
    needs: ['damage'],
    async play(bench) {
      for (const damaged of [2, 3, 5]) {
        const place = bench.anew();
        place.write(recordsOf(TRADED));
        await place.control('damage')(damaged);
        for (const start of ['first', 'second']) expectRefused(place.open(), ['JRN_DAMAGED'], `at its ${start} start a journal with orders behind a damaged record ${damaged}`);
        expectThat('error' in attempt(() => {
          const journal = place.open();
          journal.append(recordsOf(['run'], 50)[0] as JournalRecord);
          journal.sync();
        }, 'a record behind the damage'), 'a record was written behind the damage', 'the code JRN_DAMAGED');
      }
    },
  }),
  journalCard({
    id: 'JRN-360',
    title: 'refuses with JRN_DAMAGED a journal that a record was taken out of',
    why: 'Every record left is whole, and yet the past is another: each must follow from the one before',
    needs: ['remove'],
    async play(bench) {
      for (const removed of [1, 2, 3]) {
        const place = bench.anew();
        place.write(recordsOf(TRADED));
        await place.control('remove')(removed);
        expectRefused(place.open(), ['JRN_DAMAGED'], `a journal without record ${removed}`);
      }
    },
  }),
  journalCard({
    id: 'JRN-370',
    title: 'refuses with JRN_DAMAGED a journal whose end is missing, where it was synced',
    why: 'The last thing that an account did is the order that left: an old copy of the file does not know of it',
    needs: ['cutOff'],
    async play(bench) {
      for (const last of [1, 2, 5]) {
        const place = bench.anew();
        place.write(recordsOf(TRADED));
        await place.control('cutOff')(last);
        expectRefused(place.open(), ['JRN_DAMAGED'], `a journal whose records behind ${last} are missing`);
      }
    },
  }),
  journalCard({
    id: 'JRN-380',
    title: 'refuses what no journal wrote, and does not write to it',
    why: 'A wrong path in an account file would cost somebody a file',
    needs: ['replace'],
    async play(bench) {
      await bench.control('replace')();
      const before = bench.files();
      expectRefused(bench.open(), ['JRN_FOREIGN', 'JRN_DAMAGED'], 'something else in its place');
      const journal = bench.open();
      expectThat('error' in attempt(() => {
        journal.append(recordsOf(['run'])[0] as JournalRecord);
        journal.sync();
      }, 'a record on something else'), 'a record was written to it', 'the code JRN_FOREIGN');
      attempt(() => journal.close(), 'closing');
      const after = bench.files();
      for (const [file, hash] of before) expectEqual(after.get(file), hash, `hash of what stood in its place`);
    },
  }),
];
