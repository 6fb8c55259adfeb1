import { RememberedIds } from '../domain/remembered-ids.js';
import { toUtcMs, type UtcMs } from '../domain/units.js';
import { partialLevels, type PartialLevel } from '../config/exits-schema.js';
import { limitsOf, type InstrumentLimits } from '../config/risk-schema.js';
import type { OrderBook } from '../execution/order-book.js';
import type { OrdersHash } from '../execution/orders-hash.js';
import type { ExecutedPnl } from '../portfolio/executed-pnl.js';
import type { Ledger } from '../portfolio/ledger.js';
import type { Trade } from '../domain/position.js';
import type { Broker } from '../ports/broker.js';
import type { Memory } from '../ports/memory.js';
import type { Journal } from '../ports/journal.js';
import type { Logger } from '../ports/runtime.js';
import type { AccountSettings } from './account-settings.js';
import type { Announcer } from './announcer.js';
import type { DecisionObserver } from './decision-observer.js';
import type { Desk } from './desk.js';
import type { Ensemble } from './ensemble.js';
import type { HookRegistry } from './hook-registry.js';
import { Latches } from './latches.js';
import { LossStreak } from './loss-streak.js';
import { Notes } from './notes.js';
import { OrderNames } from './order-names.js';
import { OrderRate } from './order-rate.js';
import type { TradingDay } from './trading-day.js';
import { TradingHours } from './trading-hours.js';

const REMEMBERED_MOVEMENTS = 4_096;

/** What the stages share: the account's books, its limits and its way to the market. */
export class Account {
  /** Close time of the bars being decided on. */
  now: UtcMs = toUtcMs(0.5);
  /** What keeps entries off. */
  readonly latches = new Latches();
  readonly streak: LossStreak;
  /** Orders of the last minute; undefined where they are not limited. */
  readonly rate: OrderRate | undefined;
  /** When entries may be sent; undefined for always. */
  readonly hours: TradingHours | undefined;
  /** Limits of each instrument, in the account's order. */
  readonly limits: readonly InstrumentLimits[];
  /** Highest equity so far: a cell, since a field that held a whole number first boxes every later one. */
  readonly peakCell = new Float64Array(1);
  /** Where parts of a position are taken off, nearest first. */
  readonly partials: readonly PartialLevel[];
  ordersSent = 0;
  /** What the journal last heard of the latches and of the losses in a row. */
  readonly noted = { latches: 0, losses: 0 };
  /** True when a loss limit is set, and every moment's equity is held against it. */
  readonly limitsLosses: boolean;
  readonly notes = new Notes();
  /** How votes are weighed where the account says more than weights. */
  ensemble: Ensemble | undefined;
  /** Looks at every decision; undefined where nobody does. */
  observer: DecisionObserver | undefined;
  /** Realised profit computed a second time from what the venue says; undefined where nobody compares. */
  executed: ExecutedPnl | undefined;
  /** Lots (signed) that the venue holds, by index of the instrument, where the newest comparison found others than the books have. */
  readonly disputed = new Map<number, number>();
  /** Movements of money that are in the books. */
  readonly movements = new RememberedIds(REMEMBERED_MOVEMENTS);
  /** Newest closed trades, oldest first: at least those that are shown. */
  readonly recentTrades: Trade[] = [];
  readonly names: OrderNames;

  constructor(
    readonly name: string,
    readonly desks: readonly Desk[],
    readonly ledger: Ledger,
    readonly orders: OrderBook,
    readonly broker: Broker,
    readonly day: TradingDay,
    readonly hooks: HookRegistry,
    readonly journal: Journal,
    readonly logger: Logger,
    readonly hash: OrdersHash,
    readonly settings: AccountSettings,
    readonly memory: Memory | undefined,
    readonly announcer: Announcer,
    initialCash: number,
  ) {
    this.names = new OrderNames(name);
    this.peakCell[0] = initialCash;
    this.partials = partialLevels(settings.exits);
    const { risk } = settings;
    this.limitsLosses = [risk.maxDrawdownFraction, risk.maxDailyLossFraction, risk.maxDailyLoss, risk.lossStreak].some((limit) => limit !== undefined);
    this.streak = new LossStreak(desks.length);
    this.rate = risk.maxOrdersPerMinute === undefined ? undefined : new OrderRate(risk.maxOrdersPerMinute);
    this.hours = risk.tradingHours === undefined ? undefined : new TradingHours(risk.tradingHours);
    this.limits = desks.map(({ instrument }) => limitsOf(risk, instrument.id));
  }

  get peakEquity(): number {
    return this.peakCell[0] as number;
  }

  /** Why entries are off until somebody resumes; undefined while they are on. */
  get halted(): string | undefined {
    return this.latches.halt?.reason;
  }

  /** From now on the drawdown is measured from present equity: somebody resumed in spite of it. */
  measureDrawdownAnew(): void {
    this.peakCell[0] = this.ledger.equity;
  }

  /** The trading day that holds `time`: what is counted by the day starts anew, and what ends with it ends. */
  beginDay(time = this.now): void {
    this.day.begin(time, this.ledger.equity);
    this.latches.endDay();
  }
}
