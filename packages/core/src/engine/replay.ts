import type { JournalRecord } from '../ports/journal.js';
import { composeParts, type ComposeOptions } from './compose-account.js';
import { Connections } from './connections.js';
import { ExternalBroker } from './external-broker.js';
import { foldEvent } from './fold-events.js';
import { HistoricalClock } from './historical-clock.js';
import { Kernel } from './kernel.js';
import { liveThrough } from './live-through.js';
import { RecordedOffPath } from './recorded-off-path.js';
import { runOf } from './run-data.js';
import { DivergenceError, Recorded, type Divergence } from './recorded.js';

/** What a replay came to. */
export type ReplayResult = {
  /** Records that were equal. */
  readonly records: number;
  readonly bars: number;
  /** Where the first difference is; undefined when there is none. */
  readonly difference: Divergence | undefined;
};

/**
 * Gives an account every input of a journal again, and holds what it decides against what the journal says.
 * Nothing leaves the process: no feed is opened, no venue outside of it connected.
 *
 * @throws KeelsonError `JRN_FOREIGN` when the journal is of another account or form
 */
export async function replayJournal(options: Omit<ComposeOptions, 'journal'>, records: Iterable<JournalRecord>): Promise<ReplayResult> {
  const recorded = new Recorded(records, undefined);
  const run = runOf(recorded.peek(), options.config.account);
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
  const offPath = new RecordedOffPath(recorded, parts.aside);
  const kernel = new Kernel({ account, offPath, clockCell: clock.cell, initialCash: parts.initialCash, hasDetail: parts.detail !== undefined });
  const connections = new Connections(account);
  let difference: Divergence | undefined;
  try {
    await connections.startPlugins(parts.lifecycles);
    if (account.broker.market !== undefined) await connections.connectBroker((event) => foldEvent(event, account));
    parts.features.settleNeeds(run.carried);
    liveThrough(recorded, kernel);
  } catch (thrown) {
    if (!(thrown instanceof DivergenceError)) throw thrown;
    difference = thrown.divergence;
  } finally {
    await connections.close();
  }
  return { records: recorded.index, bars: kernel.bars, difference };
}
