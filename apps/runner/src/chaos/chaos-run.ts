import { limitsOf, type AccountConfig } from '@keelson/core/config';
import { toUtcMs } from '@keelson/core/domain';
import { composeLive, createRandom, replayJournal, type LiveEngine } from '@keelson/core/engine';
import { messageOf } from '@keelson/core/errors';
import type { LoadedPlugin } from '@keelson/core/plugin';
import type { JournalRecord, Logger, Random } from '@keelson/core/ports';
import { RemoteVenue, type FaultSettings, type StruckFault } from '@keelson/plugin-simulated';
import { Breaches, type Breach } from './breach.js';
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
  readonly graceBars: number;
  /** Executions that are older the venue no longer tells of; default: it tells of all. */
  readonly memoryMs?: number;
};

export type ChaosOutcome = {
  readonly seed: string;
  /** Laws that broke; empty when all held. */
  readonly broken: readonly Breach[];
  readonly lives: number;
  readonly orders: number;
  readonly fills: number;
  readonly faults: readonly StruckFault[];
  /** Why entries were off at the end. */
  readonly halted: string | undefined;
  /** Fraction of the moments with a living process in which entries were off. */
  readonly haltedShare: number;
  /** The journal of all lives, one JSON text per record. */
  readonly journal: readonly string[];
};

/** Journal records that a moment makes at first, roughly: deaths are spread over a run by it. */
const WRITES_PER_MOMENT = 5;
/** What a fault may halt, and no watchdog resumes. */
const LEFT_TO_A_PERSON = ['connection', 'reconciliation'] as const;
const ATTENDED_AFTER_BARS = 5;

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
  private readonly breaches: Breaches;
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
    this.moments = momentsOf(plan.bars);
    this.time = new TurnedTime(this.moments[Math.max(0, plan.warmupBars - 1)]?.close ?? 0);
    this.breaches = new Breaches(() => this.time.now());
    this.laws = new VenueLaws({ caps: capsOf(plan.config), graceBars: plan.graceBars }, this.breaches);
  }

  async run(): Promise<ChaosOutcome> {
    const { plan, moments, laws, breaches } = this;
    let halted: string | undefined;
    try {
      let life = await this.begin();
      for (let at = plan.warmupBars; at < moments.length; at++) {
        const moment = moments[at] as Moment;
        await this.live(life, moment);
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
      await life.engine.reconcile();
      this.venue?.pump();
      await life.engine.reconcile();
      this.venue?.pump();
      if (this.venue !== undefined) checkAgreement(life.engine, this.venue, await this.venue.venue.executionsSince(toUtcMs(0)), life.journal.read(), breaches);
      halted = life.engine.account.halted;
      await life.end();
      await this.replay();
    } catch (thrown) {
      breaches.add('run', `the run failed: ${messageOf(thrown)}`);
    }
    return { seed: plan.seed, broken: breaches.list, lives: this.lives, orders: laws.orders, fills: laws.fills, faults: this.faults, halted, haltedShare: this.halted / Math.max(1, this.lived), journal: this.lines };
  }

  /** Decides the whole journal once more, with a venue that nobody speaks to. */
  private async replay(): Promise<void> {
    const { plan, time } = this;
    const records = this.lines.map((line) => JSON.parse(line) as JournalRecord);
    const plugin = chaosPlugin((context) => new RemoteVenue({ ...context, clock: time }, { onSubmit() {}, onEvent() {}, onFault() {} }).connect(), this.feedOf([]));
    const { difference } = await replayJournal({ config: this.accountOf(plan.config), plugins: [...plan.plugins, plugin], baseDir: plan.baseDir, logger: plan.logger }, records);
    if (difference === undefined) return;
    const { index, recorded, decided } = difference;
    this.breaches.add('replay', `record ${index + 1} was ${told(recorded)} in the journal and is ${told(decided)} when decided again`);
  }

  private feedOf(bars: readonly TimedBars[]): HandedFeed {
    return new HandedFeed(this.plan.config.instruments.map(({ id }) => id), bars, this.time, bars.some(({ columns }) => columns.volume.some((volume) => volume > 0)));
  }

  /** A moment in which a process lives. */
  private async live({ engine, journal }: Life, moment: Moment): Promise<void> {
    const { plan, laws, breaches } = this;
    await this.pass(moment);
    this.venue?.pump();
    for (const { instrument, columns, row } of moment.bars) this.feed?.give(instrument, columns, row);
    this.venue?.pump();
    await this.time.turnTo(moment.close + Math.min(3_000, this.timeframeMs / 4)); // markets without a bar are not waited for
    this.venue?.pump();
    if (journal.isDead) return;
    this.lived++;
    if (engine.account.halted !== undefined) this.halted++;
    this.lookInto(engine);
    checkEquity(engine, plan.config.initialCash, breaches);
    if (!journal.isDead && this.venue !== undefined) laws.moment({ openOrders: this.venue.venue.openOrders, isHeard: this.venue.isHeard });
  }

  /** A person resumes, after a while, what only a person may: an account that stays halted shows little. */
  private lookInto(engine: LiveEngine): void {
    const left = LEFT_TO_A_PERSON.find((by) => engine.account.latches.has(by));
    this.unattended = left === undefined || this.venue?.isHeard !== true ? 0 : this.unattended + 1;
    if (left === undefined || this.unattended < ATTENDED_AFTER_BARS) return;
    this.unattended = 0;
    engine.command({ command: 'resume', by: left, reason: 'it was looked into' });
  }

  /** As it was so far. */
  private get writesPerMoment(): number {
    return this.lived < 10 ? WRITES_PER_MOMENT * this.plan.config.instruments.length : (this.writes - this.plan.warmupBars) / this.lived;
  }

  private unattended = 0;
  /** Journal records of all lives, also those that were lost. */
  private writes = 0;
  /** Moments with a living process, and those of them without entries. */
  private lived = 0;
  private halted = 0;
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
    const feed = this.feedOf(plan.bars);
    this.feed = feed;
    let sever: () => void = () => undefined;
    const span = (this.writesPerMoment * (this.moments.length - plan.warmupBars)) / (plan.deaths + 1);
    // what the first life only looks at is no time to die in
    const warmup = this.lives === 1 ? plan.warmupBars : 0;
    const journal = new MortalJournal(this.lines, plan.deaths > 0 && this.mortal ? warmup + random.int(Math.ceil(2 * span)) : Infinity, random, { onWrite: () => this.writes++, onDeath: () => sever() });
    const plugin = chaosPlugin((context) => {
      if (this.venue === undefined) {
        this.venue = new RemoteVenue({ ...context, clock: time, random: createRandom(`venue ${plan.seed}`) }, {
          onSubmit: (order) => laws.onSubmit(order),
          onEvent: (event) => laws.onEvent(event),
          onFault: (fault) => this.faults.push(fault),
        }, plan.memoryMs);
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
      exits: { ...config.exits, withoutStop: config.exits.withoutStop ?? 'allow' }, // as in the backtest that it may come from
      data: { feed: CHAOS_BARS, timeframe, higherTimeframes },
      broker: { use: CHAOS_VENUE, config: { ...settings, faults: { ...this.plan.faults, seed: this.plan.seed } } },
      journal: undefined,
      dryRun: false,
    };
  }
}

/** Largest position by instrument, as the gate holds it. */
const capsOf = ({ instruments, risk }: AccountConfig): ReadonlyMap<string, number> => new Map(instruments.map(({ id }) => [id, limitsOf(risk, id).maxContracts]));

function told(record: JournalRecord | undefined): string {
  const text = record === undefined ? 'nothing' : `${record.kind} ${JSON.stringify(record.data)}`;
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
