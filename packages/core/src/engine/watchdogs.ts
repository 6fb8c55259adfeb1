import type { WatchSettings } from '../config/watch-schema.js';
import { parseDuration, showDuration } from '../domain/duration.js';
import type { BrokerEvent } from '../domain/events.js';
import type { Timeframe } from '../domain/market-data.js';
import type { Account } from '../pipeline/account.js';
import type { Clock, Random, Timer } from '../ports/runtime.js';
import type { Command } from './commands.js';
import { Retry } from './retry.js';
import { StaleBars } from './stale-bars.js';
import { UnansweredOrders } from './unanswered-orders.js';

export type WatchdogParts = {
  readonly account: Account;
  readonly settings: WatchSettings;
  readonly timeframe: Timeframe;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly random: Random;
  /** True for a venue outside of this process. */
  readonly venueOutside: boolean;
  readonly command: (command: Command) => void;
  readonly event: (event: BrokerEvent) => void;
  /** Connects the feed anew, looks at the bars that were missed and subscribes again. */
  readonly reconnectFeed: () => Promise<void>;
  readonly reconnectBroker: () => Promise<void>;
  /** Compares books and venue. */
  readonly reconcile: () => Promise<void>;
};

/** Who halts; each lifts what is its own, `connection` alone is left to a person. */
type Source = 'feed' | 'venue' | 'clock' | 'connection';

const LEAST_TICK_MS = 250;
const LONGEST_TICK_MS = 3_600_000;
/** A venue adapter may come back by itself: so long it is given. */
const VENUE_PATIENCE_MS = 1_000;

/**
 * Watches over a live run beside the market: that bars come, that clocks agree, that the venue answers, that feed and
 * venue are connected. What it finds goes in as commands and events, so that it stands in the journal. Nothing that
 * feed or venue do ends the run: entries halt, exits go on, and it tries again.
 */
export class Watchdogs {
  private readonly stale: StaleBars;
  private readonly unanswered: UnansweredOrders;
  private readonly feed: Retry;
  private readonly venue: Retry;
  private readonly compare: Retry;
  private readonly orderTimeoutMs: number;
  private readonly reconcileMs: number;
  private readonly tickMs: number;
  private readonly staleMs: number;
  private readonly warnDriftMs: number;
  private readonly maxDriftMs: number;
  /** Since when the feed gives no bars although it should; undefined while it does. */
  private feedFault: string | undefined;
  private drift = { bars: 0, venue: 0 };
  private driftTold = false;
  private nextCompare = Number.POSITIVE_INFINITY;
  private callOff: (() => void) | undefined;

  constructor(private readonly parts: WatchdogParts) {
    const { account, settings, timeframe, timer, random } = parts;
    const ms = (text: string): number => parseDuration(text) as number;
    this.staleMs = settings.staleAfterBars * timeframe.ms;
    this.orderTimeoutMs = ms(settings.orderTimeout);
    this.reconcileMs = ms(settings.reconcileEvery);
    this.warnDriftMs = ms(settings.warnClockDrift);
    this.maxDriftMs = ms(settings.maxClockDrift);
    this.tickMs = Math.min(LONGEST_TICK_MS, Math.max(LEAST_TICK_MS, Math.min(this.staleMs, this.orderTimeoutMs, this.reconcileMs) / 4));
    this.stale = new StaleBars(account.desks, this.staleMs);
    this.unanswered = new UnansweredOrders(account.orders);
    const retry = (what: string, attempt: () => Promise<void>, onSuccess: () => void): Retry =>
      new Retry({ timer, random: random.fork(what), attempt, onSuccess, onFailure: (failures, reason) => this.failed(what, failures, reason) });
    this.feed = retry('the data feed', parts.reconnectFeed, () => this.feedIsBack());
    this.venue = retry('the venue', parts.reconnectBroker, () => this.venueIsBack());
    this.compare = retry('comparing books and venue', parts.reconcile, () => this.venueIsBack());
  }

  /** Bars come in and books and venue agree: what an earlier life of the process halted is over. */
  start(): void {
    const { clock } = this.parts;
    const now = clock.now();
    this.stale.begin(now);
    this.nextCompare = now + this.reconcileMs;
    for (const source of ['feed', 'venue', 'clock'] as const) this.hold(source, undefined);
    this.tick();
  }

  stop(): void {
    this.callOff?.();
    for (const retry of [this.feed, this.venue, this.compare]) retry.stop();
  }

  barArrived(instrument: string, close: number): void {
    const now = this.parts.clock.now();
    this.stale.arrived(instrument, now);
    this.drift.bars = Math.max(0, close - now); // a bar cannot come before its close
    if (this.feedFault === undefined) this.checkStale(now);
    this.checkDrift();
  }

  /** @param time the venue's, read between `from` and `to` by this machine's clock */
  venueTime(time: number, from: number, to: number): void {
    this.drift.venue = Math.max(0, Math.abs(time - (from + to) / 2) - (to - from) / 2);
    this.checkDrift();
  }

  feedFailed(reason: string): void {
    this.feedFault = `the data feed failed: ${reason}`;
    this.hold('feed', this.feedFault);
    this.feed.start();
  }

  heard(event: BrokerEvent): void {
    if (event.kind !== 'connection') return;
    if (event.state === 'connected') {
      this.compare.start();
      return;
    }
    this.hold('venue', `the venue is not connected: ${event.reason}`);
    this.venue.start(VENUE_PATIENCE_MS);
  }

  private tick(): void {
    const { clock, timer, venueOutside } = this.parts;
    const now = clock.now();
    if (this.feedFault === undefined) this.checkStale(now);
    if (venueOutside) this.checkVenue(now);
    this.callOff = timer.after(this.tickMs, () => this.tick());
  }

  private checkStale(now: number): void {
    const silent = this.stale.at(now);
    this.hold('feed', silent.length === 0 ? undefined : `no bars of ${silent.join(', ')} for more than ${showDuration(this.staleMs)}`);
  }

  private checkVenue(now: number): void {
    const { event, clock } = this.parts;
    this.unanswered.look(now);
    const overdue = this.unanswered.takeOverdue(now, this.orderTimeoutMs);
    for (const { status, clientOrderId } of overdue) {
      if (status === 'pending') event({ kind: 'outcome-unknown', clientOrderId, reason: `the venue has not answered within ${showDuration(this.orderTimeoutMs)}`, time: clock.now() });
    }
    if (overdue.length > 0) this.nextCompare = now;
    if (now < this.nextCompare) return;
    this.unanswered.look(now); // what is on its way is not judged by what the venue had before
    if (this.unanswered.some && overdue.length === 0) return;
    this.nextCompare = now + this.reconcileMs;
    this.compare.start();
  }

  private checkDrift(): void {
    const drift = Math.max(this.drift.bars, this.drift.venue);
    const text = `the clocks of this machine and of ${this.drift.venue > this.drift.bars ? 'the venue' : 'the feed'} differ by ${showDuration(drift)}`;
    this.hold('clock', drift > this.maxDriftMs ? text : undefined);
    const told = this.driftTold;
    this.driftTold = drift > this.warnDriftMs;
    if (this.driftTold && !told) this.parts.account.logger.warn(`${text}: synchronise this machine's clock`);
  }

  private failed(what: string, failures: number, reason: string): void {
    const { account, settings } = this.parts;
    account.logger.warn(`${what}: attempt ${failures} failed: ${reason}`);
    if (what !== 'the data feed') this.hold('venue', `${what} failed: ${reason}`);
    if (failures === settings.reconnectAttempts) this.hold('connection', `${what} failed ${failures} times in a row: ${reason}`);
  }

  private feedIsBack(): void {
    this.feedFault = undefined;
    this.stale.begin(this.parts.clock.now());
    this.hold('feed', undefined);
  }

  private venueIsBack(): void {
    this.nextCompare = this.parts.clock.now() + this.reconcileMs;
    this.hold('venue', undefined);
  }

  /** Halts entries in the name of a source, or lifts what it halted; nothing where that stands already. */
  private hold(by: Source, reason: string | undefined): void {
    const { account, command } = this.parts;
    if (account.latches.has(by) === (reason !== undefined)) return;
    if (reason !== undefined) command({ command: 'halt', by, reason });
    else command({ command: 'resume', by, reason: `${by} is well again` });
  }
}
