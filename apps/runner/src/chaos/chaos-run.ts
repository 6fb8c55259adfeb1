import type { AccountConfig } from '@keelson/core/config';
import { toUtcMs } from '@keelson/core/domain';
import { composeLive, createRandom, type LiveEngine } from '@keelson/core/engine';
import { isKeelsonError, messageOf } from '@keelson/core/errors';
import type { LoadedPlugin } from '@keelson/core/plugin';
import type { Logger, Random } from '@keelson/core/ports';
import { RemoteVenue, type FaultSettings, type StruckFault } from '@keelson/plugin-simulated';
import { checkAgreement, checkEquity } from './book-laws.js';
import { chaosPlugin, CHAOS_BARS, CHAOS_VENUE, HandedFeed } from './chaos-plugin.js';
import { momentsOf, type Moment, type TimedBars } from './moments.js';
import { MortalJournal } from './mortal-journal.js';
import { TurnedTime } from './turned-time.js';
import { VenueLaws } from './venue-laws.js';

export type ChaosPlan = {
  /** Equal seeds give equal runs. */
  readonly seed: string;
  readonly config: AccountConfig;
  readonly plugins: readonly LoadedPlugin[];
  readonly baseDir: string;
  readonly logger: Logger;
  /** By instrument, in the account's order. */
  readonly bars: readonly TimedBars[];
  /** Moments at the start that are history when the first life begins. */
  readonly warmupBars: number;
  readonly faults: Partial<FaultSettings>;
  /** Deaths of the process on average. */
  readonly deaths: number;
  /** Moments between two comparisons of books and venue. */
  readonly reconcileBars: number;
  readonly graceBars: number;
};

export type ChaosOutcome = {
  readonly seed: string;
  /** Laws that broke, in words; empty when all held. */
  readonly broken: readonly string[];
  readonly lives: number;
  readonly orders: number;
  readonly fills: number;
  readonly faults: readonly StruckFault[];
  /** Why entries were off at the end. */
  readonly halted: string | undefined;
  /** The journal of all lives, one JSON text per record. */
  readonly journal: readonly string[];
};

/** Journal records that a moment makes, roughly: deaths are spread over a run by it. */
const WRITES_PER_MOMENT = 5;
const DAY_MS = 86_400_000;

/**
 * One run of an account on recorded bars, through the live loop, against a venue outside of its process: with faults on
 * the line, and with deaths at journal writes after which the account must find its way back. The laws are checked at
 * the venue with everything that happens there, and in the books after every moment.
 */
export async function chaosRun(plan: ChaosPlan): Promise<ChaosOutcome> {
  return new ChaosRun(plan).run();
}

type Life = { readonly engine: LiveEngine; readonly journal: MortalJournal; readonly end: () => Promise<void> };

class ChaosRun {
  private readonly random: Random;
  private readonly laws: VenueLaws;
  private readonly faults: StruckFault[] = [];
  private readonly lines: string[] = [];
  private readonly moments: readonly Moment[];
  private readonly time: TurnedTime;
  private venue: RemoteVenue | undefined;
  private lives = 0;
  /** False once the run is over: what comes then is for the last comparison. */
  private mortal = true;

  constructor(private readonly plan: ChaosPlan) {
    this.random = createRandom(`chaos ${plan.seed}`);
    this.laws = new VenueLaws({ instruments: plan.config.instruments.map(({ id }) => id), maxContracts: plan.config.risk.maxContracts, graceBars: plan.graceBars });
    this.moments = momentsOf(plan.bars);
    this.time = new TurnedTime(this.moments[Math.max(0, plan.warmupBars - 1)]?.close ?? 0);
  }

  async run(): Promise<ChaosOutcome> {
    const { plan, moments, laws } = this;
    let halted: string | undefined;
    try {
      let life = await this.begin();
      for (let at = plan.warmupBars; at < moments.length; at++) {
        const moment = moments[at] as Moment;
        await this.live(life, moment, at);
        if (!life.journal.isDead) continue;
        await life.end();
        // some time may pass before anybody starts it again
        for (let pause = this.random.int(4); pause > 0 && at + 1 < moments.length; pause--) await this.pass(moments[++at] as Moment);
        life = await this.begin();
      }
      this.mortal = false;
      life.journal.spare();
      this.venue?.calm();
      if (life.journal.isDead) {
        await life.end();
        life = await this.begin();
      }
      this.venue?.pump();
      await life.engine.reconcile(toUtcMs(0));
      this.venue?.pump();
      await life.engine.reconcile(toUtcMs(0));
      this.venue?.pump();
      if (this.venue !== undefined) checkAgreement(life.engine, this.venue, await this.venue.venue.executionsSince(toUtcMs(0)), life.journal.read(), laws);
      halted = life.engine.account.halted;
      await life.end();
    } catch (thrown) {
      laws.breaks(`the run failed: ${messageOf(thrown)}`);
    }
    return { seed: plan.seed, broken: laws.broken, lives: this.lives, orders: laws.orders, fills: laws.fills, faults: this.faults, halted, journal: this.lines };
  }

  /** A moment in which a process lives. */
  private async live({ engine, journal }: Life, moment: Moment, at: number): Promise<void> {
    const { plan, laws } = this;
    await this.pass(moment);
    this.venue?.pump();
    for (const { instrument, columns, row } of moment.bars) this.feed?.give(instrument, columns, row);
    this.venue?.pump();
    await this.time.turnTo(moment.close + Math.min(3_000, this.timeframeMs / 4)); // markets without a bar are not waited for
    this.venue?.pump();
    if (journal.isDead) return;
    checkEquity(engine, plan.config.initialCash, laws);
    if (this.venue?.isHeard === true && (at % plan.reconcileBars === 0 || this.wasCut)) {
      this.wasCut = false;
      try {
        await engine.reconcile(toUtcMs(moment.close - DAY_MS));
      } catch (thrown) {
        if (!isKeelsonError(thrown) || thrown.code !== 'BRK_CONNECTION') throw thrown;
        this.wasCut = true; // the line broke in between
      }
      this.venue.pump();
    } else if (this.venue?.isHeard === false) this.wasCut = true;
    if (!journal.isDead) laws.moment(moment.close, this.venue as RemoteVenue);
  }

  private wasCut = false;
  private feed: HandedFeed | undefined;

  /** A moment at the venue. */
  private async pass({ close, bars }: Moment): Promise<void> {
    await this.time.turnTo(close);
    this.venue?.moment(close, bars);
  }

  private get timeframeMs(): number {
    const [first, second] = this.moments;
    return first === undefined || second === undefined ? 60_000 : second.close - first.close;
  }

  /** Starts the process, as often as it takes: it may die while it recovers. */
  private async begin(): Promise<Life> {
    for (;;) {
      const life = await this.start();
      if (!life.journal.isDead) return life;
      await life.end();
    }
  }

  private async start(): Promise<Life> {
    const { plan, random, laws, time } = this;
    this.lives++;
    const { config } = plan;
    const feed = new HandedFeed(config.instruments.map(({ id }) => id), plan.bars, time, plan.bars.some(({ columns }) => columns.volume.some((volume) => volume > 0)));
    this.feed = feed;
    let sever: () => void = () => undefined;
    const span = (WRITES_PER_MOMENT * (this.moments.length - plan.warmupBars)) / (plan.deaths + 1);
    const journal = new MortalJournal(this.lines, plan.deaths > 0 && this.mortal ? random.int(Math.ceil(2 * span)) : Infinity, random, () => sever());
    const plugin = chaosPlugin((context) => {
      if (this.venue === undefined) {
        this.venue = new RemoteVenue({ ...context, clock: time, random: createRandom(`venue ${plan.seed}`) }, {
          onSubmit: (order) => laws.onSubmit(order),
          onEvent: (event) => laws.onEvent(event),
          onFault: (fault) => this.faults.push(fault),
        });
        for (const moment of this.moments.slice(0, plan.warmupBars)) this.venue.moment(moment.close, moment.bars);
      }
      const client = this.venue.connect();
      sever = () => client.sever();
      return client;
    }, feed);
    const engine = composeLive({ config: this.accountOf(config), plugins: [...plan.plugins, plugin], baseDir: plan.baseDir, logger: plan.logger, journal, clock: time, timer: time });
    const stop = new AbortController();
    let running: Promise<unknown> = Promise.resolve();
    await new Promise<void>((resolve, reject) => {
      running = engine.run({ signal: stop.signal, onReady: resolve }).catch((thrown: unknown) => {
        if (!journal.isDead) throw thrown; // a dead process throws nothing
      });
      running.then(() => resolve(), reject);
    });
    return {
      engine,
      journal,
      end: async () => {
        stop.abort();
        feed.handlers = undefined;
        await running;
        sever();
      },
    };
  }

  private accountOf(config: AccountConfig): AccountConfig {
    const { timeframe, higherTimeframes } = config.data;
    const settings = config.broker.use === 'simulated' ? config.broker.config : {};
    return {
      ...config,
      mode: 'paper',
      data: { feed: CHAOS_BARS, timeframe, higherTimeframes },
      broker: { use: CHAOS_VENUE, config: { ...settings, faults: { ...this.plan.faults, seed: this.plan.seed } } },
      journal: undefined,
      dryRun: false,
    };
  }
}
