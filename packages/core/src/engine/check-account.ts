import { showDuration, parseDuration } from '../domain/duration.js';
import { toUtcMs } from '../domain/units.js';
import { isKeelsonError, KeelsonErrors, messageOf } from '../errors.js';
import type { Broker } from '../ports/broker.js';
import type { BrokerSnapshot } from '../ports/broker-snapshot.js';
import type { Finding } from '../ports/diagnosis.js';
import type { JournalRecord } from '../ports/journal.js';
import type { Clock, Timer } from '../ports/runtime.js';
import type { AccountParts } from './account-parts.js';
import { checkBars } from './check-bars.js';
import { compareBooks, standingLatches } from './check-books.js';
import { composeParts, type ComposeOptions } from './compose-account.js';
import { modeFaults } from './compose-live.js';
import { Connections } from './connections.js';
import { foldEvent } from './fold-events.js';
import { NULL_JOURNAL } from './journals.js';
import { Kernel } from './kernel.js';
import { readOnly } from './read-only-broker.js';
import { Recall } from './recall.js';
import { runOf } from './run-data.js';
import { within } from './within.js';

export type CheckOptions = Omit<ComposeOptions, 'journal' | 'telemetry' | 'timer'> & {
  readonly clock: Clock;
  readonly timer: Timer;
  /** Longest wait for any answer from outside. */
  readonly timeoutMs: number;
  /** The account's journal, where there is one. */
  readonly records: Iterable<JournalRecord> | undefined;
};

/** Executions are asked for from so far back. */
const SINCE_MS = 86_400_000;

/**
 * Looks at everything that a run of an account needs from outside: feed and venue are connected as configured, the
 * journal is recalled in memory, and both are compared. Nothing is sent to a venue, nothing is written.
 *
 * @returns what was found, in the order in which it was looked at
 * @throws KeelsonErrors with every fault of the configuration
 */
export async function checkAccount(options: CheckOptions): Promise<readonly Finding[]> {
  const { config, clock } = options;
  const parts = composeParts(options, { clock, purpose: 'live', chooseJournal: () => NULL_JOURNAL, wrapBroker: (venue) => (venue.market === undefined ? readOnly(venue) : venue) });
  const faults = config.mode === 'backtest' ? [] : modeFaults(config, parts.account.broker.capabilities.venue);
  if (faults.length > 0) throw new KeelsonErrors(faults);
  return new AccountCheck(parts, options).run();
}

class AccountCheck {
  private readonly findings: Finding[] = [];

  constructor(
    private readonly parts: AccountParts,
    private readonly options: CheckOptions,
  ) {}

  async run(): Promise<readonly Finding[]> {
    const { parts, options } = this;
    const { account, base } = parts;
    const connections = new Connections(account);
    account.hooks.silent = account.announcer.silent = true;
    try {
      await this.attempt('plugins', () => connections.startPlugins(parts.lifecycles), () => undefined);
      const feed = `feed '${options.config.data.feed}'`;
      const fed = await this.attempt(feed, () => connections.connectFeeds(parts), () => 'connected');
      if (fed) this.findings.push(...(await checkBars(parts, options)));
      await this.ask(feed, base.feed.diagnose?.bind(base.feed));
      this.warn(feed, base.feed.warnings());
      await this.venue(connections);
    } finally {
      await within(options.timeoutMs, 'disconnecting', options.timer, connections.close()).catch((thrown: unknown) => this.add('warning', 'disconnect', messageOf(thrown)));
    }
    return this.findings;
  }

  private async venue(connections: Connections): Promise<void> {
    const { parts, options } = this;
    const { account } = parts;
    const { broker } = account;
    const name = `broker '${options.config.broker.use}'`;
    const { venue, nativeBrackets } = broker.capabilities;
    const linked = await this.attempt(name, () => connections.connectBroker((event) => foldEvent(event, account)), () => `connected, ${venue === 'live' ? 'trades for real' : venue}, ${nativeBrackets ? 'stops and targets rest at the venue' : 'without native brackets: a plain stop rests, the rest is kept here'}`);
    const recalled = options.records === undefined || (await this.attempt('journal recalled', () => this.recall(options.records as Iterable<JournalRecord>), (text) => text));
    if (recalled) this.findings.push(...standingLatches(account));
    if (linked) await this.compare(broker, name, recalled);
    await this.ask(name, broker.diagnose?.bind(broker));
    this.warn(name, broker.warnings());
  }

  private async recall(records: Iterable<JournalRecord>): Promise<string> {
    const { parts } = this;
    const { account } = parts;
    const kernel = new Kernel({ account, offPath: parts.aside, clockCell: undefined, initialCash: parts.initialCash, hasDetail: false });
    const recall = new Recall(kernel, parts.aside);
    for (const record of records) {
      if (recall.records === 0) runOf(record, account.name);
      recall.take(record);
    }
    recall.end();
    const positions = account.desks.filter(({ position }) => position.lots !== 0).map(({ instrument, position }) => `${position.quantity} ${instrument.id}`);
    const orders = account.orders.live.flat().length;
    return `${recall.records} records; positions: ${positions.join(', ') || 'none'}; working orders: ${orders}`;
  }

  /** The venue's own state, beside the clock of this machine and the books. */
  private async compare(broker: Broker, name: string, recalled: boolean): Promise<void> {
    const { options, parts } = this;
    const { clock, config } = options;
    const asked = clock.now();
    let snapshot: BrokerSnapshot | undefined;
    await this.attempt(`state of ${name}`, () => broker.snapshot(), (answer) => {
      snapshot = answer;
      return `${answer.positions.length} positions, ${answer.orders.length} working orders`;
    });
    if (snapshot === undefined) return;
    const answered = clock.now();
    if (broker.market === undefined) {
      const off = Math.max(0, Math.abs(snapshot.time - (asked + answered) / 2) - (answered - asked) / 2);
      const level = off > (parseDuration(config.watch.maxClockDrift) as number) ? 'fault' : off > (parseDuration(config.watch.warnClockDrift) as number) ? 'warning' : 'ok';
      this.add(level, 'clock', `the clocks of this machine and of the venue differ by ${showDuration(off)}`, level === 'ok' ? undefined : "synchronise this machine's clock");
    }
    if (!recalled) return;
    const executions = await within(options.timeoutMs, 'asking for executions', options.timer, broker.executionsSince(toUtcMs(asked - SINCE_MS))).catch((thrown: unknown) => this.add('fault', `executions of ${name}`, messageOf(thrown)));
    if (executions !== undefined) this.findings.push(...compareBooks(parts.account, snapshot, executions, toUtcMs(asked - SINCE_MS)));
  }

  /** Does something that may fail or hang; says how it went. @returns whether it went well */
  private async attempt<T>(check: string, act: () => Promise<T>, found: (result: T) => string | undefined): Promise<boolean> {
    const { timeoutMs, timer } = this.options;
    try {
      const text = found(await within(timeoutMs, check, timer, act()));
      if (text !== undefined) this.add('ok', check, text);
      return true;
    } catch (thrown) {
      const hint = isKeelsonError(thrown) ? thrown.hint : undefined;
      this.add('fault', check, messageOf(thrown), hint);
      return false;
    }
  }

  private async ask(check: string, diagnose: (() => Promise<readonly Finding[]>) | undefined): Promise<void> {
    if (diagnose === undefined) return;
    await this.attempt(check, diagnose, (findings) => void this.findings.push(...findings));
  }

  private warn(check: string, lines: readonly string[]): void {
    for (const line of lines) this.add('warning', check, line);
  }

  private add(level: Finding['level'], check: string, found: string, hint?: string): undefined {
    this.findings.push({ level, check, found, ...(hint === undefined ? {} : { hint }) });
    return undefined;
  }
}
