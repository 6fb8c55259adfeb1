import { setImmediate } from 'node:timers/promises';
import { toUtcMs } from '../domain/units.js';
import type { Account } from '../pipeline/account.js';
import { BarRing } from '../series/bar-ring.js';
import type { AccountParts } from './account-parts.js';
import { viewAccount, type AccountView } from './account-view.js';
import { BarSource } from './bar-source.js';
import { Connections } from './connections.js';
import { foldEvent } from './fold-events.js';
import type { HistoricalClock } from './historical-clock.js';
import { Kernel } from './kernel.js';
import type { Performance } from './performance.js';
import type { RunOptions, RunResult } from './run-result.js';
import type { LocalFile } from './seat-sources.js';
import { sumUp } from './sum-up.js';

/** Moments between two looks at the outside world: a few milliseconds of work. */
const BURST = 8192;

/** Runs one account over bars of the past: merges the sources in time order and hands the kernel moment after moment. */
export class Engine {
  private readonly account: Account;
  private readonly performance: Performance;
  private readonly kernel: Kernel;
  /** Sources whose bar closes at the present moment. */
  private readonly taken: BarSource[] = [];
  private sinceYield = 0;

  constructor(private readonly parts: AccountParts & { readonly clock: HistoricalClock }) {
    this.account = parts.account;
    this.kernel = new Kernel({ account: parts.account, offPath: parts.aside, clockCell: parts.clock.cell, initialCash: parts.initialCash, hasDetail: parts.detail !== undefined, keeper: parts.keeper });
    this.performance = this.kernel.performance;
  }

  /** Connects, runs to the end of the data, and disconnects in reverse order, also when something fails. */
  async run(options: RunOptions = {}): Promise<RunResult> {
    const { parts, kernel, account } = this;
    const connections = new Connections(account);
    connections.add(() => account.journal.close());
    let partial: boolean;
    try {
      await connections.startPlugins(parts.lifecycles);
      await connections.connectBroker((event) => foldEvent(event, account));
      const carried = await connections.connectFeeds(parts);
      kernel.start({ schema: 'keelson.journal/1', account: account.name, carried, ...(parts.setup === undefined ? {} : { setup: parts.setup }) }, toUtcMs(0));
      connections.add(() => parts.aside.stop());
      partial = await this.replay(options, connections);
      account.journal.close(); // a record that cannot be written fails the run
    } finally {
      await connections.close();
    }
    return sumUp(parts, kernel, partial);
  }

  /** Files beside the account that context and news come from, for a look before the run. */
  get localFiles(): readonly LocalFile[] {
    return this.parts.localFiles;
  }

  /** Features, strategies and regimes with their live values, to be read in `observeBar`. */
  view(): AccountView {
    return viewAccount(this.account.desks, this.parts.components);
  }

  /** @returns whether it was stopped before the data ended */
  private async replay(options: RunOptions, connections: Connections): Promise<boolean> {
    const { account } = this;
    const { aside } = this.parts;
    const sources = this.openSources(options);
    for (const source of sources) connections.add(() => source.release());
    if (account.hooks.observes.start) account.hooks.tell('start', { time: account.now });
    let partial = false;
    for (;;) {
      for (const source of sources) if (source.empty) await source.fill();
      if (aside.waiting) await aside.settle();
      partial = options.signal?.aborted === true;
      if (partial || !this.burst(sources, options)) break;
      if (this.sinceYield >= BURST) {
        this.sinceYield = 0;
        options.onProgress?.({ time: account.now, bars: this.kernel.bars });
        await setImmediate();
      }
    }
    this.performance.closeSession();
    if (account.hooks.observes.stop) account.hooks.tell('stop', { time: account.now });
    return partial;
  }

  /**
   * Moments one after the other, without a break, until a source wants its next chunk or others want their turn.
   * @returns false at the end of the data
   */
  private burst(sources: readonly BarSource[], options: RunOptions): boolean {
    const { taken, kernel } = this;
    const aside = this.parts.aside.idle ? undefined : this.parts.aside;
    const count = sources.length;
    if (kernel.isPlain && count === 1) {
      const only = sources[0] as BarSource;
      // also where there are none: short chunks must not keep others from their turn
      this.sinceYield += Math.max(1, kernel.stretch(only, BURST - this.sinceYield, options.observeBar));
      return only.empty || only.nextClose !== Number.POSITIVE_INFINITY;
    }
    while (this.sinceYield < BURST) {
      this.sinceYield++; // also when the burst ends early: short chunks must not keep others from their turn
      let close = Number.POSITIVE_INFINITY;
      let takenCount = 0;
      for (let i = 0; i < count; i++) {
        const source = sources[i] as BarSource;
        const { nextClose } = source;
        if (!(nextClose <= close) || nextClose === Number.POSITIVE_INFINITY) continue;
        if (nextClose < close) takenCount = 0;
        close = nextClose;
        taken[takenCount++] = source;
      }
      if (takenCount === 0) return false;
      let starved = false;
      for (let i = 0; i < takenCount; i++) {
        const source = taken[i] as BarSource;
        source.take();
        if (source.empty) starved = true;
      }
      kernel.moment(close, taken, takenCount, options.observeBar);
      if (starved || aside?.waiting === true) return true;
    }
    return true;
  }

  private openSources(options: RunOptions): BarSource[] {
    const { base, detail } = this.parts;
    const range = { ...(options.from === undefined ? {} : { from: options.from }), ...(options.to === undefined ? {} : { to: options.to }) };
    const sources: BarSource[] = [];
    // finer bars come first: at equal closes the venue sees them before the bar they are part of
    for (const use of detail === undefined ? [base] : [detail, base]) {
      for (const desk of this.account.desks) {
        const chunks = use.feed.history({ instrument: desk.instrument, calendar: desk.calendar, timeframe: use.timeframe, ...range });
        const ring = use === detail ? new BarRing(64) : desk.bars;
        const source = new BarSource(desk.index, desk.instrument.id, use === detail, ring, use.timeframe, desk.calendar, chunks[Symbol.asyncIterator]());
        if (use !== detail) desk.bank.foresee(source);
        sources.push(source);
      }
    }
    return sources;
  }

}
