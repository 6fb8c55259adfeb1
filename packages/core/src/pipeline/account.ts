import type { ClientOrderId } from '../domain/order.js';
import { toUtcMs, type UtcMs } from '../domain/units.js';
import type { ExitSettings } from '../config/exits-schema.js';
import type { RiskSettings } from '../config/risk-schema.js';
import type { AccountConfig, SizingSettings } from '../config/account-schema.js';
import type { OrderBook } from '../execution/order-book.js';
import type { OrdersHash } from '../execution/orders-hash.js';
import type { Ledger } from '../portfolio/ledger.js';
import type { Trade } from '../domain/position.js';
import type { Broker } from '../ports/broker.js';
import type { Memory } from '../ports/memory.js';
import type { Journal } from '../ports/journal.js';
import type { Logger } from '../ports/runtime.js';
import type { Announcer } from './announcer.js';
import type { Desk } from './desk.js';
import type { Ensemble } from './ensemble.js';
import type { HookRegistry } from './hook-registry.js';
import type { TradingDay } from './trading-day.js';

/** Different notes that are kept: a reason with a changing number in it must not fill the memory. */
const MOST_NOTES = 256;

/** Counts the reasons that something was not done, for the result. */
export class Notes {
  private readonly counts = new Map<string, number>();
  private others = 0;

  add(text: string): void {
    const count = this.counts.get(text);
    if (count !== undefined) this.counts.set(text, count + 1);
    else if (this.counts.size < MOST_NOTES) this.counts.set(text, 1);
    else this.others++;
  }

  /** One line each, in order of first occurrence. */
  lines(): string[] {
    const lines = [...this.counts].map(([text, count]) => (count === 1 ? text : `${text} (${count} times)`));
    return this.others === 0 ? lines : [...lines, `${this.others} more notes of other wording`];
  }
}

/** What the stages share: the account's books, its limits and its way to the market. */
export class Account {
  /** Close time of the bars being decided on. */
  now: UtcMs = toUtcMs(0.5);
  /** Why entries are off until somebody resumes; undefined while they are on. */
  halted: string | undefined;
  /** Highest equity so far: a cell, since a field that held a whole number first boxes every later one. */
  readonly peakCell = new Float64Array(1);
  ordersSent = 0;
  /** What the journal last heard of the latches. */
  readonly noted: { halted: string | undefined; lossLatched: boolean } = { halted: undefined, lossLatched: false };
  /** True when a loss limit is set, and every moment's equity is held against it. */
  readonly limitsLosses: boolean;
  readonly notes = new Notes();
  /** How votes are weighed where the account says more than weights. */
  ensemble: Ensemble | undefined;
  /** Newest closed trades, oldest first. */
  readonly recentTrades: Trade[] = [];
  private sequence = 0;

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
    readonly settings: {
      readonly decision: AccountConfig['decision'];
      readonly sizing: SizingSettings;
      readonly exits: ExitSettings;
      readonly risk: RiskSettings;
      readonly dryRun: boolean;
      /** False refuses every order: a real venue without leave to trade. */
      readonly mayTrade: boolean;
    },
    readonly memory: Memory | undefined,
    readonly announcer: Announcer,
    initialCash: number,
  ) {
    this.peakCell[0] = initialCash;
    this.limitsLosses = settings.risk.maxDrawdownFraction !== undefined || settings.risk.maxDailyLossFraction !== undefined;
  }

  get peakEquity(): number {
    return this.peakCell[0] as number;
  }

  /** Goes on counting behind an order of an earlier run. */
  resumeSequence(clientOrderId: string): void {
    const number = Number(/-(\d+)$/.exec(clientOrderId)?.[1] ?? 0);
    if (number > this.sequence) this.sequence = number;
  }

  /** Equal runs name their orders equally: account, instrument, running number. */
  nextOrderId(instrument: string): ClientOrderId {
    this.sequence++;
    return `${this.name}-${instrument}-${this.sequence}`;
  }
}
