import type { BrokerEvent } from '../domain/events.js';
import { toUtcMs, type UtcMs } from '../domain/units.js';
import type { Account } from '../pipeline/account.js';
import { settleCrosses } from '../pipeline/compute-features.js';
import type { Desk } from '../pipeline/desk.js';
import { guardDisturbed } from '../pipeline/guard-position.js';
import { noteState } from '../pipeline/note-state.js';
import { decide, listen, seeBar } from '../pipeline/pipeline.js';
import { keepFlat } from '../pipeline/flatten.js';
import { watchLosses } from '../pipeline/watch-losses.js';
import type { MarketObserver } from '../ports/market-observer.js';
import type { BarRing } from '../series/bar-ring.js';
import { foldEvent } from './fold-events.js';
import { carryOut, type Command } from './commands.js';
import { barsRecord } from './bars-record.js';
import type { RunData } from './run-data.js';
import { Performance } from './performance.js';
import type { RunOptions } from './run-result.js';

/** A bar that closed: the newest row of `ring`. */
export type ArrivedBar = {
  /** Index of the instrument in the account's order. */
  readonly instrument: number;
  /** Finer bars for the venue only; strategies do not see them. */
  readonly detail: boolean;
  readonly ring: BarRing;
};

/** Bars of one instrument on their way in, one moment each. */
interface ComingMoments {
  readonly ring: BarRing;
  /** Close of the next bar; infinite when there is none. */
  readonly nextClose: number;
  /** No more bars are at hand for now. */
  readonly empty: boolean;
  /** Puts the next bar into the ring. */
  take(): void;
}

/** What comes from off the bar path: it is asked for after a moment's decisions and delivered before a later one's. */
export interface OffPath {
  /** True when there is nothing to ask and nothing to deliver, ever. */
  readonly idle: boolean;
  /** Delivers what arrived by `now`; writes it to the journal. */
  deliver(now: UtcMs): void;
  ask(now: UtcMs): void;
}

export type KernelParts = {
  readonly account: Account;
  readonly offPath: OffPath;
  /** Cell that the account's clock reads; undefined where the clock runs by itself. */
  readonly clockCell: Float64Array | undefined;
  readonly initialCash: number;
  /** True when finer bars are given to the venue. */
  readonly hasDetail: boolean;
  /** Told when the features of a moment are computed; undefined where nothing is kept. */
  readonly keeper?: { take(): void } | undefined;
};

/**
 * Everything that an account does with its inputs: bars, venue events, commands, and what arrives from off the
 * path. It does not know where they come from: a file, a live feed or a journal. Every input is written to the
 * journal before it is acted on, so the same inputs in the same order give the same decisions.
 */
export class Kernel {
  readonly account: Account;
  readonly performance: Performance;
  /** Bars decided on. */
  bars = 0;
  private readonly market: MarketObserver | undefined;
  private readonly offPath: OffPath | undefined;
  private readonly clockCell: Float64Array | undefined;
  private readonly hasDetail: boolean;
  private readonly keeper: KernelParts['keeper'];
  private readonly detailSeen: Uint8Array;

  constructor({ account, offPath, clockCell, initialCash, hasDetail, keeper }: KernelParts) {
    this.account = account;
    this.performance = new Performance(account, initialCash, (account.desks[0] as Desk).calendar);
    this.market = account.broker.market;
    this.offPath = offPath.idle ? undefined : offPath;
    this.clockCell = clockCell;
    this.hasDetail = hasDetail;
    this.keeper = keeper;
    this.detailSeen = new Uint8Array(account.desks.length);
  }

  /** Writes down what runs: the first record of a journal, and of every start after it. */
  start(run: RunData, time: UtcMs): void {
    if (this.account.journal.enabled) this.account.journal.append({ kind: 'run', time, data: run });
  }

  /** Everything that closes at `close`: first the venue, then all marks and features, then all decisions. */
  moment(close: number, taken: readonly ArrivedBar[], count: number, observeBar: RunOptions['observeBar']): void {
    const { account, offPath } = this;
    const { desks } = account;
    this.begin(close);
    if (account.journal.enabled) account.journal.append(barsRecord(account.now, taken, count, false));
    this.show(taken, count);
    if (this.keeper !== undefined) this.keeper.take();
    guardDisturbed(account);
    this.watch();
    if (offPath !== undefined) offPath.deliver(account.now);
    for (let i = 0; i < count; i++) {
      const bar = taken[i] as ArrivedBar;
      if (bar.detail) continue;
      this.bars++;
      decide(desks[bar.instrument] as Desk, account);
      if (observeBar !== undefined) observeBar(bar.instrument, bar.ring, account.now);
    }
    guardDisturbed(account);
    if (account.latches.list.length > 0) keepFlat(account); // a breaker that an order of this moment tripped
    if (offPath !== undefined) offPath.ask(account.now);
    if (account.journal.enabled) noteState(account);
    this.performance.update();
  }

  /** True for an account whose moments are the bars of one source and nothing else: see `stretch`. */
  get isPlain(): boolean {
    const { account } = this;
    return account.desks.length === 1 && !this.hasDetail && this.offPath === undefined && this.keeper === undefined && !account.journal.enabled;
  }

  /**
   * Moments of a plain account: what `moment` does with each, without asking again for what such an account does not have.
   * @returns how many: at most `most`, and as many as the source has at hand
   */
  stretch(source: ComingMoments, most: number, observeBar: RunOptions['observeBar']): number {
    const { account, market, performance } = this;
    const { ring } = source;
    const desk = account.desks[0] as Desk;
    const defers = performance.follow(ring);
    let count = 0;
    while (count < most && !source.empty && source.nextClose !== Number.POSITIVE_INFINITY) {
      source.take();
      count++;
      this.begin(ring.closeTime[ring.index] as number);
      if (market !== undefined) {
        market.onBar(0, ring);
        market.onMoment();
      }
      if (ring.count === 1) performance.begin(0, ring);
      seeBar(desk, account);
      if (desk.disturbed) guardDisturbed(account);
      this.watch();
      this.bars++;
      decide(desk, account);
      if (observeBar !== undefined) observeBar(0, ring, account.now);
      if (desk.disturbed) guardDisturbed(account);
      if (account.latches.list.length > 0) keepFlat(account);
      if (defers) performance.defer(ring.count);
      else performance.update();
    }
    performance.settle();
    return count;
  }

  /** Bars that are only looked at, to warm features up or to fill a gap: nothing is decided on them. */
  warm(close: number, taken: readonly ArrivedBar[], count: number): void {
    this.begin(close);
    if (this.account.journal.enabled) this.account.journal.append(barsRecord(this.account.now, taken, count, true));
    this.show(taken, count);
    if (this.keeper !== undefined) this.keeper.take();
  }

  /** A moment of the journal: venue, marks, features and strategies live through it, and nothing is decided. */
  recall(close: number, taken: readonly ArrivedBar[], count: number): void {
    const { account } = this;
    this.begin(close);
    this.show(taken, count);
    for (let i = 0; i < count; i++) {
      const bar = taken[i] as ArrivedBar;
      if (bar.detail) continue;
      this.bars++;
      listen(account.desks[bar.instrument] as Desk, account);
    }
    this.performance.update();
  }

  /** What the venue says between two moments. */
  event(event: BrokerEvent, time: UtcMs): void {
    this.advance(time);
    this.reachDayOf(event);
    foldEvent(event, this.account);
    guardDisturbed(this.account);
    this.watch();
    noteState(this.account);
  }

  /** What a person or a watchdog says. @returns why it was refused; undefined when it was not */
  command(command: Command, time: UtcMs): string | undefined {
    this.advance(time);
    const refused = carryOut(command, this.account);
    guardDisturbed(this.account);
    noteState(this.account);
    return refused;
  }

  /** Holds equity against the breakers, and leaves what a tripped one wants left. */
  private watch(): void {
    const { account } = this;
    if (!account.limitsLosses && account.latches.list.length === 0) return;
    watchLosses(account);
    keepFlat(account);
  }

  private begin(close: number): void {
    const { account } = this;
    account.now = toUtcMs(close);
    if (close > account.day.end) this.beginDay(close);
    if (this.clockCell !== undefined) this.clockCell[0] = close;
  }

  /**
   * A fill counts to the trading day that it happened in, also where it is heard before that day's first bar: what was
   * lost while nobody listened is held against the limits of its day.
   */
  reachDayOf(event: BrokerEvent): void {
    if (event.kind !== 'fill') return;
    const time = Math.min(event.fill.time, this.account.now);
    if (time > this.account.day.end) this.beginDay(time);
  }

  private beginDay(time: number): void {
    this.performance.closeSession();
    this.account.beginDay(toUtcMs(time));
  }

  /** Between two moments the account's time never goes back: an input that comes late is acted on now. */
  private advance(time: UtcMs): void {
    if (time > this.account.now) {
      this.account.now = time;
      if (this.clockCell !== undefined) this.clockCell[0] = time;
    }
  }

  private show(taken: readonly ArrivedBar[], count: number): void {
    const { account, performance, market } = this;
    const { desks } = account;
    if (market !== undefined) {
      for (let i = 0; i < count; i++) {
        const bar = taken[i] as ArrivedBar;
        if (!this.hasDetail || this.venueNeeds(bar)) market.onBar(bar.instrument, bar.ring);
      }
      market.onMoment();
    }
    for (let i = 0; i < count; i++) {
      const bar = taken[i] as ArrivedBar;
      if (bar.detail) account.ledger.mark(bar.instrument, bar.ring.close, bar.ring.index);
      else {
        if (bar.ring.count === 1) performance.begin(bar.instrument, bar.ring);
        seeBar(desks[bar.instrument] as Desk, account);
      }
    }
    if (desks.length > 1) {
      for (let i = 0; i < count; i++) {
        const bar = taken[i] as ArrivedBar;
        if (!bar.detail) settleCrosses(desks[bar.instrument] as Desk);
      }
    }
  }

  /** With finer bars for the venue: it sees those, and a bar of the account's own only where there were none. */
  private venueNeeds({ instrument, detail }: ArrivedBar): boolean {
    if (detail) {
      this.detailSeen[instrument] = 1;
      return true;
    }
    const seen = this.detailSeen[instrument] === 1;
    this.detailSeen[instrument] = 0;
    return !seen;
  }
}
