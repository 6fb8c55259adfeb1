import { isDeepStrictEqual } from 'node:util';
import { toUtcMs } from '@keelson/core/domain';
import { isKeelsonError, type ErrorCode, type KeelsonError } from '@keelson/core/errors';
import type { Journal, JournalContext, JournalRecord } from '@keelson/core/ports';
import { KeptLog } from '../../fakes/kept-log.js';
import { VIRTUAL_START } from '../../fakes/virtual-time.js';
import { benchCards } from '../../frame/bench-card.js';
import { expectEqual, expectThat, needed, show, vacuousUnless } from '../../frame/expectations.js';
import { checkedParams } from '../../lab/params-cards.js';
import { filesOf, storedPlace } from '../../lab/place.js';
import type { JournalControl, JournalPlace, JournalSubject } from './journal-subject.js';

type Kind = JournalRecord['kind'];

/** A life of an account in six records. */
export const LIFE: readonly Kind[] = ['run', 'bars', 'decision', 'intent', 'broker-event', 'state'];

/** Records of these kinds; `first` is the number of the first. */
export function recordsOf(kinds: readonly Kind[], first = 1): JournalRecord[] {
  return kinds.map((kind, i) => ({ kind, time: toUtcMs(VIRTUAL_START + (first + i) * 1000), data: { number: first + i, text: `record ${first + i}` } }));
}

/** All that a journal gives, copied. */
export function allOf(journal: Journal): JournalRecord[] {
  return Array.from(journal.read(), ({ kind, time, data }) => ({ kind, time, data }));
}

/** What a call gives, or the KeelsonError that it throws; any other error fails the card. */
export function attempt<T>(call: () => T, what: string): { readonly value: T } | { readonly error: KeelsonError } {
  try {
    return { value: call() };
  } catch (thrown) {
    expectThat(isKeelsonError(thrown), `${what} threw ${show(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : thrown)}`, 'a KeelsonError that says what to do');
    return { error: thrown };
  }
}

/** Fails a card unless a journal refuses to be read, with one of these codes. */
export function expectRefused(journal: Journal, codes: readonly ErrorCode[], what: string): void {
  const result = attempt(() => allOf(journal), `reading ${what}`);
  expectThat('error' in result, `reading ${what} gave ${'value' in result ? result.value.length : 0} records`, `a refusal with ${codes.join(' or ')}`);
  expectThat(codes.includes(result.error.code), `reading ${what} threw ${result.error.line}`, `the code ${codes.join(' or ')}`);
}

/** One place, and the journals that are opened there. */
export class JournalBench {
  readonly log = new KeptLog();
  private readonly opened: Journal[] = [];
  private readonly others: JournalBench[] = [];
  private readonly params: unknown;

  constructor(
    private readonly subject: JournalSubject,
    readonly place: JournalPlace,
  ) {
    this.params = checkedParams(place.params === undefined ? subject : { ...subject, params: place.params });
  }

  /** Another empty place. */
  anew(): JournalBench {
    return this.beside(this.subject.place());
  }

  open(fields: Partial<Pick<JournalContext<unknown>, 'account' | 'purpose'>> = {}): Journal {
    const journal = this.subject.definition.create({ params: this.params, account: 'contract', baseDir: this.place.baseDir, purpose: 'live', logger: this.log, ...fields });
    vacuousUnless(journal.enabled, 'it keeps nothing');
    this.opened.push(journal);
    return journal;
  }

  /** Writes records in one life, syncs and closes. */
  write(records: readonly JournalRecord[], fields?: Parameters<JournalBench['open']>[0]): void {
    const journal = this.open(fields);
    for (const record of records) journal.append(record);
    journal.sync();
    journal.close();
  }

  /** What a start reads. */
  reopened(fields?: Parameters<JournalBench['open']>[0]): JournalRecord[] {
    const journal = this.open(fields);
    const records = allOf(journal);
    journal.close();
    return records;
  }

  /** What a start would read if the process had died now. */
  async afterDeath(): Promise<JournalRecord[]> {
    return this.beside(await storedPlace(this.place)).reopened();
  }

  control<Name extends keyof JournalControl>(name: Name): NonNullable<JournalControl[Name]> {
    const { control } = this.place;
    return needed(control?.[name]?.bind(control), `the subject cannot make it happen: no control ${name}`, this.subject.cannot?.[name]) as NonNullable<JournalControl[Name]>;
  }

  /** Files in the folder of the account, with a hash of each. */
  files(): ReadonlyMap<string, string> {
    return filesOf(this.place);
  }

  async close(): Promise<void> {
    for (const journal of this.opened) {
      try {
        journal.close();
      } catch {
        // a card about faults leaves journals that cannot be written
      }
    }
    for (const other of this.others) await other.close();
    await this.place.close?.();
  }

  private beside(place: JournalPlace): JournalBench {
    const bench = new JournalBench(this.subject, place);
    this.others.push(bench);
    return bench;
  }
}

/** Fails a card unless `found` is a beginning of `all`, at least `least` long. */
export function expectBeginning(found: readonly JournalRecord[], all: readonly JournalRecord[], least: number, what: string): void {
  expectThat(found.length >= least && found.length <= all.length, `${what} were ${found.length} of ${all.length} records`, `at least the first ${least}`);
  expectSame(found, all.slice(0, found.length), what);
}

/** Fails a card at the first record that differs. */
export function expectSame(found: readonly JournalRecord[], expected: readonly JournalRecord[], what: string): void {
  const at = found.findIndex((record, i) => !isDeepStrictEqual(record, expected[i]));
  if (at >= 0) expectEqual(found[at], expected[at], `record ${at + 1} of ${what}`);
  expectEqual(found.length, expected.length, `number of ${what}`);
}

/** A card about a journal, on a place of its own. */
export const journalCard = benchCards<JournalSubject, keyof JournalControl, JournalBench>((subject) => new JournalBench(subject, subject.place()));
