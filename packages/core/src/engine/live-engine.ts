import type { WatchSettings } from '../config/watch-schema.js';
import type { Bar } from '../domain/market-data.js';
import type { BrokerEvent } from '../domain/events.js';
import { toUtcMs, type UtcMs } from '../domain/units.js';
import { BrokerError, KeelsonError, messageOf } from '../errors.js';
import type { Account } from '../pipeline/account.js';
import type { Clock, Random, Timer } from '../ports/runtime.js';
import { barCloseOf } from '../series/bar-close.js';
import type { AccountParts } from './account-parts.js';
import { BarSource } from './bar-source.js';
import type { Command } from './commands.js';
import { watchExecutions } from './compare-profit.js';
import { Connections } from './connections.js';
import type { ExternalBroker } from './external-broker.js';
import { foldEvent } from './fold-events.js';
import { HeardUntil } from './heard-until.js';
import { Kernel, type ArrivedBar } from './kernel.js';
import { LiveBars } from './live-bars.js';
import type { LiveJournal } from './live-journal.js';
import { Recall } from './recall.js';
import { reconcileAccount, type ReconcileReport } from './reconcile-account.js';
import { runOf } from './run-data.js';
import type { RunResult } from './run-result.js';
import { sumUp } from './sum-up.js';
import { TickBars } from './tick-bars.js';
import { warmupStart } from './warmup-start.js';
import { Watchdogs } from './watchdogs.js';

export type LiveParts = AccountParts & {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly journal: LiveJournal;
  /** Undefined where the venue lives in this process. */
  readonly venue: ExternalBroker | undefined;
  /** Cell of the clock that decisions see, where it follows the bars; undefined where the machine's does. */
  readonly clockCell: Float64Array | undefined;
  /** Undefined where bars of the past are played: they are all there. */
  readonly watch: { readonly settings: WatchSettings; readonly random: Random } | undefined;
};

export type LiveOptions = {
  /** Ends the run: no new decision; the venue keeps the exits that rest there. */
  readonly signal: AbortSignal;
  /** Told when books and venue agree, before the first bar that is decided on: what a person said meanwhile is obeyed here. */
  readonly onReconciled?: () => void;
  /** Told when bars come in and orders may go out. */
  readonly onReady?: () => void;
};

/** Executions are asked for from so long before the last one that is known: clocks differ. */
const OVERLAP_MS = 86_400_000;

/**
 * Runs one account on a live feed, on paper or for real: recalls the journal, brings books and venue together,
 * warms the features up, and then gives the kernel every input as it comes, one after the other.
 */
export class LiveEngine {
  readonly account: Account;
  private readonly kernel: Kernel;
  private readonly bars: LiveBars;
  private readonly watch: Watchdogs | undefined;
  /** Bars come in and orders may go out. */
  private isLive = false;
  /** An input is being acted on. */
  private acting = false;
  private feedAttempts = 0;
  private heard = new HeardUntil();
  private unsubscribe: () => void = () => undefined;
  private obeyed = new Set<string>();
  private fail: (error: Error) => void = () => undefined;
  private end: () => void = () => undefined;

  constructor(private readonly parts: LiveParts) {
    this.account = parts.account;
    watchExecutions(parts.account);
    this.kernel = new Kernel({ account: parts.account, offPath: parts.aside, clockCell: parts.clockCell, initialCash: parts.initialCash, hasDetail: false, keeper: parts.keeper });
    this.bars = new LiveBars(parts.account.desks, parts.base.timeframe, parts.clock, parts.timer, (close, taken) => this.guarded(() => this.kernel.moment(close, taken, taken.length, undefined)));
    const { watch, account, base, clock, timer, venue } = parts;
    if (watch === undefined) return;
    this.watch = new Watchdogs({
      ...watch,
      account,
      timeframe: base.timeframe,
      clock,
      timer,
      venueOutside: venue !== undefined,
      command: (command) => void this.command(command),
      event: (event) => this.hear(event),
      reconnectFeed: () => this.reconnectFeed(),
      reconnectBroker: () => this.reconnectBroker(),
      reconcile: async () => void (await this.reconcile()),
    });
  }

  async run({ signal, onReconciled, onReady }: LiveOptions): Promise<RunResult> {
    const { parts, kernel, account } = this;
    const connections = new Connections(account);
    connections.add(() => parts.journal.close());
    const failed = new Promise<never>((_resolve, reject) => {
      this.fail = reject;
    });
    failed.catch(() => undefined); // it may come when nobody waits any more
    const ended = new Promise<void>((resolve) => {
      this.end = resolve;
    });
    try {
      await connections.startPlugins(parts.lifecycles);
      const carried = await connections.connectFeeds(parts);
      if (parts.venue === undefined) await connections.connectBroker((event) => foldEvent(event, account));
      this.recall();
      parts.keeper?.skip();
      parts.journal.silent = false;
      kernel.start({ schema: 'keelson.journal/1', account: account.name, carried, ...(parts.setup === undefined ? {} : { setup: parts.setup }) }, parts.clock.now());
      if (parts.venue !== undefined) await this.meetVenue(parts.venue, connections);
      await this.catchUp();
      if (parts.venue !== undefined) kernel.command({ command: 'protect', reason: 'the bars are caught up with' }, parts.clock.now());
      onReconciled?.();
      this.subscribe();
      connections.add(() => this.unsubscribe());
      connections.add(() => parts.aside.stop());
      if (account.hooks.observes.start) account.hooks.tell('start', { time: account.now });
      this.isLive = true;
      this.watch?.start();
      onReady?.();
      await Promise.race([stopped(signal), ended, failed]);
    } finally {
      this.isLive = false;
      this.watch?.stop();
      this.bars.stop();
      kernel.performance.closeSession();
      if (account.hooks.observes.stop) account.hooks.tell('stop', { time: account.now });
      parts.journal.sync();
      await connections.close();
    }
    return sumUp(parts, kernel, false);
  }

  /**
   * What a person or a watchdog says. A command with an id that was obeyed before is not obeyed again.
   * @returns `kept`: it will be known after the end of the process; `refused`: why nothing was done
   */
  command(command: Command): { readonly kept: boolean; readonly refused: string | undefined } {
    const { journal, clock } = this.parts;
    const id = 'id' in command ? command.id : undefined;
    let refused: string | undefined;
    if (id === undefined || !this.obeyed.has(id)) this.guarded(() => void (refused = this.kernel.command(command, clock.now())));
    if (id !== undefined) this.obeyed.add(id);
    journal.sync();
    return { kept: journal.fault === undefined, refused };
  }

  /**
   * Brings books and venue together again, e.g. after a lost connection. Differences that nothing explains halt entries.
   * @param since executions are asked for from here on; default: shortly before the last that cannot have been missed
   */
  async reconcile(since: UtcMs = this.overlap()): Promise<ReconcileReport> {
    const { account, kernel, parts } = this;
    const { broker } = account;
    for (let last = false; ; last = true) {
      // an order that leaves after the question cannot be in the answer
      const asked = new Set(account.orders.live.flatMap((orders) => orders.map(({ clientOrderId }) => clientOrderId)));
      const activity = parts.venue?.activity;
      const executions = await broker.executionsSince(since);
      const askedAt = parts.clock.now();
      const snapshot = await broker.snapshot();
      this.watch?.venueTime(snapshot.time, askedAt, parts.clock.now());
      // an order that was sent, or an answer that came meanwhile, is not to be judged by what was read before
      if (this.isLive && parts.venue?.activity !== activity) {
        if (!last) continue;
        throw new BrokerError('BRK_CONNECTION', 'orders moved while the venue was read, expected a moment of rest', { retry: 'safe' });
      }
      // nothing may come between reading the venue and acting on it
      this.drain();
      const report = this.act(() => reconcileAccount(kernel, { executions, snapshot, since, asked }, parts.clock.now(), last));
      this.drain();
      if (report === undefined) continue; // the venue may have traded between its two answers
      this.heard.compared(report.time);
      account.logger.info('books and venue were compared', report);
      return report;
    }
  }

  private recall(): void {
    const { parts, account } = this;
    const recall = new Recall(this.kernel, parts.aside);
    account.hooks.silent = account.announcer.silent = true;
    for (const record of parts.journal.read()) {
      if (recall.records === 0) runOf(record, account.name);
      recall.take(record);
    }
    recall.end();
    account.hooks.silent = account.announcer.silent = false;
    this.obeyed = recall.obeyed;
    this.heard = recall.heard;
  }

  private async meetVenue(venue: ExternalBroker, connections: Connections): Promise<void> {
    venue.replay(undefined);
    await connections.connectBroker(() => undefined); // events are taken from its queue
    await this.reconcile();
    venue.notify(() => this.drain());
  }

  /** What the venue says inside of a call to it, which is in the middle of an input, waits for the end of that one. */
  private drain(): void {
    const { venue, clock } = this.parts;
    if (venue === undefined || this.acting || !venue.hasEvents) return;
    this.guarded(() => {
      while (venue.hasEvents) {
        for (const event of venue.take()) {
          this.kernel.event(event, clock.now());
          this.heard.event(event, clock.now());
          this.watch?.heard(event);
        }
      }
    });
  }

  /** Executions are asked for from here on. */
  private overlap(): UtcMs {
    return toUtcMs((this.heard.time ?? this.parts.clock.now()) - OVERLAP_MS);
  }

  private hear(event: BrokerEvent): void {
    this.guarded(() => this.kernel.event(event, this.parts.clock.now()));
  }

  private async reconnectBroker(): Promise<void> {
    const { broker } = this.account;
    await broker.disconnect().catch(() => undefined); // it may be gone already
    await broker.connect(() => undefined);
    await this.reconcile();
  }

  /** Bars that were missed meanwhile are looked at, and not decided on any more. */
  private async reconnectFeed(): Promise<void> {
    const { feed } = this.parts.base;
    const attempt = ++this.feedAttempts;
    this.unsubscribe();
    this.unsubscribe = () => undefined;
    this.bars.flush();
    await feed.disconnect().catch(() => undefined);
    await feed.connect();
    await this.catchUp();
    // an attempt that was given up on may still come to its end
    if (this.isLive && attempt === this.feedAttempts) this.subscribe();
  }

  private feedFailed(reason: string): void {
    this.account.logger.error(`the data feed failed: ${reason}`);
    this.watch?.feedFailed(reason);
  }

  /** Looks at the bars since the last one that is known, or at enough of them to warm up. */
  private async catchUp(): Promise<void> {
    const { base, clock } = this.parts;
    if (!base.feed.capabilities.history) return;
    const now = clock.now();
    const sources = this.account.desks.map((desk) => {
      const { bars } = desk;
      const from = bars.count === 0 ? warmupStart(desk, base.timeframe, now) : (bars.time[bars.index] as number) + 1;
      const chunks = base.feed.history({ instrument: desk.instrument, calendar: desk.calendar, timeframe: base.timeframe, from: toUtcMs(from), to: toUtcMs(now) });
      return new BarSource(desk.index, desk.instrument.id, false, bars, base.timeframe, desk.calendar, chunks[Symbol.asyncIterator]());
    });
    try {
      for (;;) {
        for (const source of sources) if (source.empty) await source.fill();
        const close = Math.min(...sources.map((source) => source.nextClose));
        if (!(close <= now)) return; // a bar that has not closed yet is not seen
        const taken: ArrivedBar[] = sources.filter((source) => source.nextClose === close);
        for (const source of sources) if (source.nextClose === close) source.take();
        this.guarded(() => this.kernel.warm(close, taken, taken.length));
      }
    } finally {
      for (const source of sources) await source.release();
    }
  }

  private subscribe(): void {
    const { base, aside } = this.parts;
    const { feed } = base;
    if (feed.subscribe === undefined) throw new KeelsonError('CFG_REFERENCE', 'the data feed has no live bars, expected one that has', { hint: 'use a live feed, or play its history with data.speed: max' });
    const requests = this.account.desks.map(({ instrument, calendar, bars }) => {
      const request = { instrument, calendar, timeframe: base.timeframe };
      return bars.count === 0 ? request : { ...request, from: toUtcMs((bars.time[bars.index] as number) + 1) };
    });
    const ticks = new TickBars(this.account.desks, base.timeframe, this.parts.clock, this.parts.timer, (instrument, bar) => this.arrive(instrument, bar));
    const end = feed.subscribe(requests, {
      onTick: (instrument, tick) => ticks.trade(instrument, tick),
      onQuote: (instrument, quote) => ticks.top(instrument, quote),
      onBar: (instrument, bar) => this.arrive(instrument, bar),
      onError: (error) => this.feedFailed(messageOf(error)),
      onEnd: (fault) => this.endOfBars(fault),
      settle: () => (aside.waiting ? aside.settle() : undefined),
    });
    this.unsubscribe = () => {
      ticks.stop();
      end();
    };
  }

  private arrive(instrument: string, bar: Bar): void {
    this.drain(); // what the venue said before the bar came
    const desk = this.account.desks.find((each) => each.instrument.id === instrument);
    if (desk !== undefined) this.watch?.barArrived(instrument, barCloseOf(bar.time, this.parts.base.timeframe, desk.calendar));
    this.bars.take(instrument, bar);
  }

  private endOfBars(fault: Error | undefined): void {
    this.bars.flush();
    if (fault === undefined) this.end();
    else this.fail(fault);
  }

  /** A fault in the kernel ends the run: state that may be wrong must not trade on. */
  private guarded(input: () => void): void {
    try {
      this.act(input);
    } catch (thrown) {
      this.fail(thrown instanceof Error ? thrown : new Error(messageOf(thrown)));
    }
    this.drain();
  }

  private act<T>(input: () => T): T {
    const within = this.acting;
    this.acting = true;
    try {
      return input();
    } finally {
      this.acting = within;
    }
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

