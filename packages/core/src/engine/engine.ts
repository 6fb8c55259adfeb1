import { setImmediate } from 'node:timers/promises';
import { toMoney } from '../domain/units.js';
import type { Trade } from '../domain/position.js';
import type { Timeframe } from '../domain/market-data.js';
import { PluginError, messageOf } from '../errors.js';
import type { Account } from '../pipeline/account.js';
import type { Lifecycle } from '../plugin/register-plugins.js';
import type { DataFeed } from '../ports/data-feed.js';
import type { TradeLog } from '../portfolio/trade-log.js';
import { BarRing } from '../series/bar-ring.js';
import type { AdvisorDesk } from './advisors.js';
import { BarSource } from './bar-source.js';
import { coldStrategies } from './cold-strategies.js';
import { foldEvent } from './fold-events.js';
import type { FeatureDesk } from './use-feature.js';
import type { HistoricalClock } from './historical-clock.js';
import { Kernel } from './kernel.js';
import type { Performance } from './performance.js';
import type { OpenPosition, RunOptions, RunResult } from './run-result.js';

/** Moments between two looks at the outside world: a few milliseconds of work. */
const BURST = 8192;

/** A feed with the length of the bars that are asked of it. */
export type FeedInUse = { readonly feed: DataFeed; readonly timeframe: Timeframe };

export type EngineParts = {
  readonly account: Account;
  readonly baseCurrency: string;
  readonly initialCash: number;
  readonly clock: HistoricalClock;
  readonly base: FeedInUse;
  /** Finer bars for the venue. */
  readonly detail: FeedInUse | undefined;
  readonly features: FeatureDesk;
  readonly advisors: AdvisorDesk;
  readonly trades: TradeLog;
  readonly lifecycles: readonly Lifecycle[];
};

/** Runs one account over bars of the past: merges the sources in time order and hands the kernel moment after moment. */
export class Engine {
  private readonly account: Account;
  private readonly performance: Performance;
  private readonly kernel: Kernel;
  /** Sources whose bar closes at the present moment. */
  private readonly taken: BarSource[] = [];
  private sinceYield = 0;

  constructor(private readonly parts: EngineParts) {
    this.account = parts.account;
    this.kernel = new Kernel({ account: parts.account, offPath: parts.advisors, clockCell: parts.clock.cell, initialCash: parts.initialCash, hasDetail: parts.detail !== undefined });
    this.performance = this.kernel.performance;
  }

  /** Connects, runs to the end of the data, and disconnects in reverse order, also when something fails. */
  async run(options: RunOptions = {}): Promise<RunResult> {
    const undo: Array<() => void | Promise<void>> = [];
    let partial: boolean;
    try {
      await this.connect(undo);
      partial = await this.replay(options, undo);
    } finally {
      await this.disconnect(undo);
    }
    return this.result(partial);
  }

  private async connect(undo: Array<() => void | Promise<void>>): Promise<void> {
    const { lifecycles, base, detail } = this.parts;
    const { account } = this;
    for (const { plugin, start, stop } of lifecycles) {
      undo.push(...stop);
      for (const begin of start) {
        try {
          await begin();
        } catch (thrown) {
          throw new PluginError('PLG_LIFECYCLE', `${plugin} failed to start: ${messageOf(thrown)}`, { hint: 'see what it says, or leave it out of plugins:', cause: thrown });
        }
      }
    }
    await account.broker.connect((event) => foldEvent(event, account));
    undo.push(() => account.broker.disconnect());
    for (const each of detail === undefined ? [base] : [base, detail]) {
      await each.feed.connect();
      undo.push(() => each.feed.disconnect());
    }
    for (const note of this.parts.features.settleNeeds(base.feed)) account.notes.add(note);
    undo.push(() => this.parts.advisors.stop());
  }

  /** Every step is taken, also after one that fails: a plugin that cannot stop must not leave the venue connected. */
  private async disconnect(undo: Array<() => void | Promise<void>>): Promise<void> {
    for (const step of undo.reverse()) {
      try {
        await step();
      } catch (thrown) {
        this.account.notes.add(`a plugin, feed or venue failed to stop: ${messageOf(thrown)}`);
        this.account.logger.error(`failed to stop: ${messageOf(thrown)}`);
      }
    }
  }

  /** @returns whether it was stopped before the data ended */
  private async replay(options: RunOptions, undo: Array<() => void | Promise<void>>): Promise<boolean> {
    const { account } = this;
    const { advisors } = this.parts;
    const sources = this.openSources(options);
    for (const source of sources) undo.push(() => source.release());
    if (account.hooks.observes('start')) account.hooks.tell('start', { time: account.now });
    let partial = false;
    for (;;) {
      for (const source of sources) if (source.empty) await source.fill();
      if (advisors.waiting) await advisors.settle();
      partial = options.signal?.aborted === true;
      if (partial || !this.burst(sources, options)) break;
      if (this.sinceYield >= BURST) {
        this.sinceYield = 0;
        options.onProgress?.({ time: account.now, bars: this.kernel.bars });
        await setImmediate();
      }
    }
    this.performance.closeSession();
    if (account.hooks.observes('stop')) account.hooks.tell('stop', { time: account.now });
    return partial;
  }

  /**
   * Moments one after the other, without a break, until a source wants its next chunk or others want their turn.
   * @returns false at the end of the data
   */
  private burst(sources: readonly BarSource[], options: RunOptions): boolean {
    const { taken, kernel } = this;
    const { advisors } = this.parts;
    const count = sources.length;
    while (this.sinceYield < BURST) {
      this.sinceYield++; // also when the burst ends early: short chunks must not keep others from their turn
      let close = Number.POSITIVE_INFINITY;
      for (let i = 0; i < count; i++) {
        const next = (sources[i] as BarSource).nextClose;
        if (next < close) close = next;
      }
      if (close === Number.POSITIVE_INFINITY) return false;
      let starved = false;
      let takenCount = 0;
      for (let i = 0; i < count; i++) {
        const source = sources[i] as BarSource;
        if (source.nextClose !== close) continue;
        source.take();
        if (source.empty) starved = true;
        taken[takenCount++] = source;
      }
      kernel.moment(close, taken, takenCount, options.observeBar);
      if (starved || advisors.waiting) return true;
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
        sources.push(new BarSource(desk.index, desk.instrument.id, use === detail, ring, use.timeframe, desk.calendar, chunks[Symbol.asyncIterator]()));
      }
    }
    return sources;
  }

  private result(partial: boolean): RunResult {
    const { account, performance } = this;
    const { base, detail, trades } = this.parts;
    const feeds = detail === undefined ? [base.feed] : [base.feed, detail.feed];
    const openPositions: OpenPosition[] = account.desks
      .filter((desk) => desk.position.lots !== 0)
      .map(({ position, index }) => ({
        instrument: position.instrument,
        quantity: position.quantity,
        averagePrice: position.averagePrice as number,
        unrealizedPnl: toMoney(position.unrealizedPnl * account.ledger.rateOf(index)),
      }));
    let listed: readonly Trade[] | undefined;
    return {
      account: account.name,
      baseCurrency: this.parts.baseCurrency,
      ...performance.period,
      bars: this.kernel.bars,
      partial,
      halted: account.halted,
      statistics: performance.statistics(trades),
      equity: performance.curve,
      get trades() {
        return (listed ??= [...trades]);
      },
      orders: account.ordersSent,
      ordersHash: account.hash.digest(),
      openPositions,
      provenance: feeds.flatMap((feed) => feed.provenance()),
      warnings: [
        ...(account.settings.dryRun ? ['dryRun was on: no order was sent to the venue'] : []),
        ...feeds.flatMap((feed) => feed.warnings()),
        ...account.broker.warnings(),
        ...coldStrategies(account.desks),
        ...account.notes.lines(),
      ],
    };
  }
}
