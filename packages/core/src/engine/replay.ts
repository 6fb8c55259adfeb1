import { haltEntries } from '../pipeline/halt-entries.js';
import type { JournalRecord } from '../ports/journal.js';
import { JOURNAL } from './commands.js';
import { composeParts, type ComposeOptions } from './compose-account.js';
import { Connections } from './connections.js';
import { ExternalBroker } from './external-broker.js';
import { foldEvent } from './fold-events.js';
import { HistoricalClock } from './historical-clock.js';
import { Kernel } from './kernel.js';
import { liveThrough } from './live-through.js';
import { Recall } from './recall.js';
import { RecordedOffPath } from './recorded-off-path.js';
import { runOf, type RunData } from './run-data.js';
import { DivergenceError, LifeEnded, Recorded, type Divergence } from './recorded.js';

/** What a replay came to. */
export type ReplayResult = {
  /** Records that were equal. */
  readonly records: number;
  readonly bars: number;
  /** Starts of the account that the journal holds. */
  readonly lives: number;
  /** Where the first difference is; undefined when there is none. */
  readonly difference: Divergence | undefined;
};

export type ReplayOptions = Omit<ComposeOptions, 'journal'>;

/** Gives what the account is composed of, for each of its starts. */
export type ComposeReplay = (run: RunData) => Promise<ReplayOptions>;

/**
 * Gives an account every input of a journal again, and holds what it decides against what the journal says.
 * Nothing leaves the process: no feed is opened, no venue outside of it connected, nobody notified.
 *
 * A journal of several starts is lived through start by start, each after its past was recalled as it was then. Where
 * another start follows, the end of one is not held against it: a process that dies writes down less than it did.
 *
 * @param options what the account is composed of
 * @param records the journal from its first record; when it can be walked through only once, it is kept in memory
 * @throws KeelsonError `JRN_FOREIGN` when the journal is of another account or form
 */
export async function replayJournal(options: ReplayOptions | ComposeReplay, records: Iterable<JournalRecord>): Promise<ReplayResult> {
  const whole = 'next' in records ? [...records] : records; // an iterator gives them once
  const compose = typeof options === 'function' ? options : () => Promise.resolve(options);
  let life: Life = { start: 0, run: firstOf(whole) };
  for (let lives = 1; ; lives++) {
    const { recorded, bars, difference } = await replayLife(life, compose, whole);
    if (difference !== undefined || recorded.nextLife === undefined) return { records: recorded.index, bars, lives, difference };
    life = { start: recorded.index, run: recorded.nextLife };
  }
}

/** One start of the account: its `run` record, and how many records stand before that. */
type Life = { readonly start: number; readonly run: JournalRecord | undefined };

async function replayLife(life: Life, compose: ComposeReplay, records: Iterable<JournalRecord>): Promise<{ readonly recorded: Recorded; readonly bars: number; readonly difference: Divergence | undefined }> {
  const options = await compose(runOf(life.run, undefined));
  const run = runOf(life.run, options.config.account);
  const recorded = new Recorded(records);
  const clock = new HistoricalClock();
  const parts = composeParts(options, {
    clock,
    purpose: 'history',
    chooseJournal: () => recorded,
    wrapBroker: (venue) => {
      if (venue.market !== undefined) return venue; // a venue in this process decides again, too
      const external = new ExternalBroker(venue, recorded, clock);
      external.replay(recorded);
      return external;
    },
  });
  const { account } = parts;
  recorded.onFault = (reason) => haltEntries(account, reason, JOURNAL);
  const offPath = new RecordedOffPath(recorded, parts.aside);
  const kernel = new Kernel({ account, offPath, clockCell: clock.cell, initialCash: parts.initialCash, hasDetail: parts.detail !== undefined });
  const connections = new Connections(account);
  connections.add(() => recorded.close());
  account.announcer.silent = true; // they were told then
  let difference: Divergence | undefined;
  try {
    await connections.startPlugins(parts.lifecycles);
    if (account.broker.market !== undefined) await connections.connectBroker((event) => foldEvent(event, account));
    parts.features.settleNeeds(run.carried);
    const recall = new Recall(kernel, parts.aside);
    account.hooks.silent = true;
    recorded.begin(life.start, recall);
    account.hooks.silent = false;
    liveThrough(recorded, kernel);
  } catch (thrown) {
    if (thrown instanceof DivergenceError) difference = thrown.divergence;
    else if (!(thrown instanceof LifeEnded)) throw thrown;
  } finally {
    await connections.close();
  }
  return { recorded, bars: kernel.bars, difference };
}

function firstOf(records: Iterable<JournalRecord>): JournalRecord | undefined {
  for (const record of records) return record;
  return undefined;
}
