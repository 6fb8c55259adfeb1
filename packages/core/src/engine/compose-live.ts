import { stopFaults } from '../config/exit-faults.js';
import type { AccountConfig } from '../config/account-schema.js';
import { ConfigError, KeelsonErrors, type KeelsonError } from '../errors.js';
import { haltEntries } from '../pipeline/halt-entries.js';
import type { BrokerCapabilities } from '../ports/broker.js';
import type { Clock, Timer } from '../ports/runtime.js';
import { JOURNAL, type Command } from './commands.js';
import { composeParts, type ComposeOptions } from './compose-account.js';
import { ExternalBroker } from './external-broker.js';
import { HistoricalClock } from './historical-clock.js';
import { LiveEngine } from './live-engine.js';
import { MemoryJournal } from './journals.js';
import { LiveJournal } from './live-journal.js';
import { PlayedFeed, type PlaySpeed } from './played-feed.js';
import { PlayedTime } from './played-time.js';
import { createRandom } from './seeded-random.js';

export type ComposeLiveOptions = Omit<ComposeOptions, 'timer'> & { readonly clock: Clock; readonly timer: Timer };

/**
 * Puts one account together for a live run, on paper or for real. Opens no file and no connection. With `data.speed`
 * the feed's history is played as live bars, by a clock of its own.
 *
 * @throws KeelsonErrors with every fault that was found
 */
export function composeLive(options: ComposeLiveOptions): LiveEngine {
  const played = options.config.data.speed === undefined ? undefined : { clock: new HistoricalClock(), time: new PlayedTime() };
  const clock = played?.clock ?? options.clock;
  let venue: ExternalBroker | undefined;
  let isTelling = false;
  const journal: LiveJournal = new LiveJournal((fault, isNew) => {
    const { account } = parts;
    const reason = `the journal cannot be written: ${fault}`;
    if (isNew) account.logger.error(reason);
    if (isTelling || account.latches.has(JOURNAL)) return;
    // it stands in the journal right behind what could not be written, once there is room: a replay halts there, too
    isTelling = true;
    journal.append({ kind: 'command', time: account.now, data: { command: 'halt', by: JOURNAL, reason } satisfies Command });
    isTelling = false;
    haltEntries(account, reason, JOURNAL);
  });
  let parts = composeParts(options, {
    clock,
    purpose: 'live',
    chooseJournal: (configured) => journal.over(options.journal ?? configured ?? new MemoryJournal()),
    wrapBroker: (broker) => (broker.market === undefined ? (venue = new ExternalBroker(broker, journal, clock)) : broker),
  });
  const faults = modeFaults(options.config, parts.account.broker.capabilities.venue);
  if (faults.length > 0) throw new KeelsonErrors(faults);
  if (parts.detail !== undefined) {
    parts.account.notes.add('data.detail was left out: finer bars are for runs over history');
    parts = { ...parts, detail: undefined };
  }
  if (played === undefined) return new LiveEngine({ ...parts, clock, timer: options.timer, journal, venue, clockCell: undefined, watch: { settings: options.config.watch, random: createRandom(options.config.seed).fork('watch') } });
  const feed = new PlayedFeed(parts.base.feed, playSpeed(options.config.data.speed as string), played.time, options.timer);
  return new LiveEngine({ ...parts, base: { ...parts.base, feed }, clock: played.time, timer: played.time, journal, venue, clockCell: played.clock.cell, watch: undefined });
}

/** `60x` and `max`, as the schema allows them. */
const playSpeed = (text: string): PlaySpeed => (text === 'max' ? 'max' : Number.parseFloat(text));

/** What an account is for must fit where its bars come from and where its orders go. */
export function modeFaults(config: AccountConfig, venue: BrokerCapabilities['venue']): KeelsonError[] {
  const { mode, data, broker } = config;
  const fault = (path: string, found: string, hint: string): ConfigError => new ConfigError('CFG_CONFLICT', found, { hint, context: { path } });
  const faults: KeelsonError[] = mode === 'backtest' ? [] : stopFaults(config);
  if (mode === 'paper' && venue === 'live') faults.push(fault('broker.use', `mode was paper and broker '${broker.use}' trades for real, expected a simulated or paper venue`, 'use the simulated broker, or the paper account of the venue'));
  if (mode === 'live' && venue === 'simulated') faults.push(fault('broker.use', `mode was live and broker '${broker.use}' is simulated, expected a real venue`, 'use mode: paper'));
  if (data.speed !== undefined && venue !== 'simulated') faults.push(fault('data.speed', `data.speed was ${data.speed} and broker '${broker.use}' is a venue outside, expected the simulated broker for bars of the past`, 'remove data.speed, or use the simulated broker'));
  return faults;
}
