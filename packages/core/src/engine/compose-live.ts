import { haltEntries } from '../pipeline/halt-entries.js';
import type { Clock, Timer } from '../ports/runtime.js';
import { composeParts, type ComposeOptions } from './compose-account.js';
import { ExternalBroker } from './external-broker.js';
import { LiveEngine } from './live-engine.js';
import { MemoryJournal } from './journals.js';
import { LiveJournal } from './live-journal.js';

export type ComposeLiveOptions = Omit<ComposeOptions, 'timer'> & { readonly clock: Clock; readonly timer: Timer };

/**
 * Puts one account together for a live run, on paper or for real. Opens no file and no connection.
 *
 * @throws KeelsonErrors with every fault that was found
 */
export function composeLive(options: ComposeLiveOptions): LiveEngine {
  const { clock, timer } = options;
  let venue: ExternalBroker | undefined;
  const journal: LiveJournal = new LiveJournal((reason) => {
    const { account } = parts;
    account.logger.error(`the journal cannot be written: ${reason}`);
    haltEntries(account, `the journal cannot be written: ${reason}`);
  });
  const parts = composeParts(options, {
    clock,
    purpose: 'live',
    chooseJournal: (configured) => journal.over(options.journal ?? configured ?? new MemoryJournal()),
    wrapBroker: (broker) => (broker.market === undefined ? (venue = new ExternalBroker(broker, journal, clock)) : broker),
  });
  return new LiveEngine({ ...parts, clock, timer, journal, venue });
}
