import { accountSchema, type AccountConfig } from '../src/config/account-schema.js';
import type { BrokerEvent, Fill } from '../src/domain/events.js';
import type { Instrument } from '../src/domain/instrument.js';
import type { OrderChange, OrderIntent } from '../src/domain/order.js';
import type { Session, SessionCalendar } from '../src/domain/session-calendar.js';
import { toMoney, toPrice, toQuantity, toUtcMs } from '../src/domain/units.js';
import { foldEvent } from '../src/engine/fold-events.js';
import { OrderBook } from '../src/execution/order-book.js';
import { OrdersHash } from '../src/execution/orders-hash.js';
import { Account } from '../src/pipeline/account.js';
import { Announcer } from '../src/pipeline/announcer.js';
import { voterName } from '../src/config/decision-faults.js';
import { Ensemble } from '../src/pipeline/ensemble.js';
import { DeskContext } from '../src/pipeline/desk-context.js';
import { Desk } from '../src/pipeline/desk.js';
import type { StrategySeat } from '../src/pipeline/strategy-seat.js';
import { FeatureBank } from '../src/pipeline/feature-bank.js';
import { guardDisturbed } from '../src/pipeline/guard-position.js';
import { HookRegistry } from '../src/pipeline/hook-registry.js';
import { decide, seeBar } from '../src/pipeline/pipeline.js';
import { TradingDay } from '../src/pipeline/trading-day.js';
import { VoteSlot } from '../src/pipeline/vote.js';
import { CurrencyRates } from '../src/portfolio/currency-rates.js';
import { Ledger } from '../src/portfolio/ledger.js';
import type { Trade } from '../src/domain/position.js';
import type { Broker, BrokerCapabilities, MarginAnswer } from '../src/ports/broker.js';
import type { Memory } from '../src/ports/memory.js';
import type { Notifier } from '../src/ports/notifier.js';
import type { Journal, JournalRecord } from '../src/ports/journal.js';
import type { Logger } from '../src/ports/runtime.js';
import type { BarContext } from '../src/ports/strategy.js';
import { allocateBars } from '../src/series/bar-columns.js';
import { BarRing } from '../src/series/bar-ring.js';

export const MINUTE = 60_000;
const DAY = 86_400_000;

/** Sessions of every UTC day, never closed. */
export const everyDay: SessionCalendar = {
  id: 'every-day',
  timeZone: 'UTC',
  sessionsPerYear: 365,
  sessionAt: (time) => session(Math.floor(time / DAY) * DAY),
  nextSession: (time) => session(Math.ceil(time / DAY) * DAY),
  previousSession: (time) => session(Math.floor(time / DAY) * DAY - DAY),
};

function session(open: number): Session {
  return { date: new Date(open).toISOString().slice(0, 10), open: toUtcMs(open), close: toUtcMs(open + DAY) };
}

export function instrumentOf(fields: Partial<Instrument> = {}): Instrument {
  return { id: 'X', venue: 'SIM', type: 'future', currency: 'USD', multiplier: 1, tickSize: 0.25, lotSize: 1, calendar: '24/7', symbols: {}, ...fields };
}

/** A logger that keeps its lines. */
export class KeptLog implements Logger {
  readonly lines: string[] = [];
  debug(message: string): void {
    this.lines.push(message);
  }
  info(message: string): void {
    this.lines.push(message);
  }
  warn(message: string): void {
    this.lines.push(message);
  }
  error(message: string): void {
    this.lines.push(message);
  }
}

/** A venue that does nothing by itself: a test says what becomes of its orders. */
export class ScriptedBroker implements Broker {
  capabilities: BrokerCapabilities = { venue: 'simulated', orderTypes: ['market', 'limit', 'stop'], timesInForce: ['day', 'gtc'], nativeBrackets: true, oco: true, modify: true };
  readonly submitted: OrderIntent[] = [];
  readonly changes: OrderChange[] = [];
  readonly canceled: string[] = [];
  /** In the instrument's currency; undefined where it asks for none. */
  marginPerUnit: number | undefined;
  /** Answers inside the call, as a venue in this process does. */
  onSubmit: (intent: OrderIntent) => void = () => undefined;
  onCancel: (clientOrderId: string) => void = () => undefined;

  async connect(): Promise<void> {}
  async disconnect(): Promise<void> {}
  async snapshot(): Promise<never> {
    throw new Error('not in use');
  }
  async executionsSince(): Promise<readonly Fill[]> {
    return [];
  }
  submit(intent: OrderIntent): void {
    this.submitted.push(intent);
    this.onSubmit(intent);
  }
  modify(change: OrderChange): void {
    this.changes.push(change);
  }
  cancel(clientOrderId: string): void {
    this.canceled.push(clientOrderId);
    this.onCancel(clientOrderId);
  }
  warnings(): readonly string[] {
    return [];
  }

  margin({ currency }: Instrument, quantity: number): MarginAnswer {
    return this.marginPerUnit === undefined ? 'none' : { initial: toMoney(this.marginPerUnit * quantity), maintenance: toMoney(this.marginPerUnit * quantity), currency };
  }
}

class KeptJournal implements Journal {
  readonly records: JournalRecord[] = [];
  constructor(readonly enabled: boolean) {}
  sync(): void {
    // nothing to write
  }

  append(record: JournalRecord): void {
    this.records.push(record);
  }
  close(): void {
    // nothing to write
  }

  read(): Iterable<JournalRecord> {
    return this.records;
  }
}

export type KernelOptions = {
  readonly instruments?: readonly Instrument[];
  /** Sections of the account file that differ from the defaults. */
  readonly config?: Record<string, unknown>;
  readonly initialCash?: number;
  readonly rates?: Readonly<Record<string, number>>;
  readonly memory?: Memory;
  readonly notifier?: Notifier;
  readonly journal?: boolean;
  readonly mayTrade?: boolean;
  readonly calendar?: SessionCalendar;
  /** Names of the strategies; default: those of the configuration. */
  readonly voters?: readonly string[];
};

/** One account's kernel with a scripted venue: bars and events go in by hand. */
export class Kernel {
  readonly broker = new ScriptedBroker();
  readonly log = new KeptLog();
  readonly hooks: HookRegistry;
  readonly journal: KeptJournal;
  readonly ledger: Ledger;
  readonly account: Account;
  readonly desks: Desk[];
  readonly trades: Trade[] = [];
  private readonly bar = allocateBars(1);
  private executions = 0;

  constructor(options: KernelOptions = {}) {
    const instruments = options.instruments ?? [instrumentOf()];
    const initialCash = options.initialCash ?? 100_000;
    const config: AccountConfig = accountSchema.parse({ account: 'test', initialCash, instruments: [{ id: 'X', type: 'future', currency: 'USD', tickSize: 1 }], data: { timeframe: '1m' }, strategies: [{ use: 'none' }], ...options.config });
    this.hooks = new HookRegistry(this.log);
    this.journal = new KeptJournal(options.journal ?? false);
    const rates = new CurrencyRates('USD', instruments, options.rates ?? {});
    this.ledger = new Ledger(instruments, rates, initialCash, (trade, index) => {
      this.trades.push(trade);
      this.account.streak.add(index, trade.pnl - trade.commission);
      this.account.ensemble?.records?.closed(trade, this.desks[index] as Desk, this.ledger.rateOf(index));
    });
    this.desks = instruments.map((instrument, i) => new Desk(i, instrument, everyDay, new BarRing(64), this.ledger.positions[i] as (typeof this.ledger.positions)[number], new FeatureBank('1m', MINUTE, i)));
    this.account = new Account(
      config.account,
      this.desks,
      this.ledger,
      new OrderBook(this.ledger.positions),
      this.broker,
      new TradingDay(options.calendar ?? everyDay),
      this.hooks,
      this.journal,
      this.log,
      new OrdersHash(),
      { decision: config.decision, sizing: config.sizing, exits: config.exits, risk: config.risk, dryRun: config.dryRun, mayTrade: options.mayTrade ?? true },
      options.memory,
      new Announcer(options.notifier === undefined ? [] : [{ id: 'test', notifier: options.notifier }], this.log),
      initialCash,
    );
    const { ensemble } = config.decision;
    if (ensemble !== undefined) this.account.ensemble = new Ensemble(ensemble, options.voters ?? config.strategies.map(voterName));
    this.account.now = toUtcMs(1_700_000_000_000);
    this.account.beginDay();
  }

  get desk(): Desk {
    return this.desks[0] as Desk;
  }

  get notes(): string {
    return this.account.notes.lines().join('\n');
  }

  /** Seats a strategy that is a plain function. */
  seat(onBar: (context: BarContext) => unknown, weight = 1, desk = this.desk, name = `strategy-${desk.seats.length + 1}`): VoteSlot {
    const vote = new VoteSlot(name, weight, desk.seats.length);
    const seat: StrategySeat = { strategy: { onBar: onBar as (context: BarContext) => void }, vote, context: new DeskContext(desk.bars, desk.position, vote), features: [], warm: false, awaited: 0, plugin: 'test-plugin' };
    desk.seats.push(seat);
    return vote;
  }

  /** A closed bar, seen but not yet decided on; time goes on by a minute. */
  see(close: number, desk = this.desk): void {
    this.account.now = toUtcMs(this.account.now + MINUTE);
    this.put(close, desk);
  }

  /** The same without time passing: a second instrument's bar of one moment. */
  put(close: number, desk: Desk): void {
    const { bar } = this;
    bar.time[0] = this.account.now - MINUTE;
    bar.open[0] = bar.high[0] = bar.low[0] = bar.close[0] = close;
    bar.volume[0] = 1;
    desk.bars.push(bar, 0);
    desk.bars.closeTime[desk.bars.index] = this.account.now;
    seeBar(desk, this.account);
  }

  /** A closed bar and the decision on it. */
  step(close: number, desk = this.desk): readonly OrderIntent[] {
    const before = this.broker.submitted.length;
    this.see(close, desk);
    decide(desk, this.account);
    guardDisturbed(this.account);
    return this.broker.submitted.slice(before);
  }

  /** What the venue says. */
  say(event: BrokerEvent): void {
    foldEvent(event, this.account);
    // a venue that answers inside a call is not acted on before the call is over
    if (this.desks.every(({ intents }) => intents.length === 0)) guardDisturbed(this.account);
  }

  accept(clientOrderId: string): void {
    this.say({ kind: 'accepted', clientOrderId, venueOrderId: `v-${clientOrderId}`, time: this.account.now });
  }

  cancelled(clientOrderId: string): void {
    this.say({ kind: 'canceled', clientOrderId, reason: 'test', time: this.account.now });
  }

  activate(clientOrderId: string, quantity: number): void {
    this.say({ kind: 'activated', clientOrderId, quantity: toQuantity(quantity), time: this.account.now });
  }

  /** Fills `quantity` of an order. */
  fill(clientOrderId: string, quantity: number, price: number, fields: Partial<Fill> = {}): Fill {
    const fill = this.fillOf(clientOrderId, quantity, price, fields);
    this.say({ kind: 'fill', fill });
    return fill;
  }

  /** The same, not yet said. */
  fillOf(clientOrderId: string, quantity: number, price: number, fields: Partial<Fill> = {}): Fill {
    const order = this.account.orders.get(clientOrderId);
    return {
      executionId: `e${++this.executions}`,
      clientOrderId,
      instrument: order === undefined ? 'X' : (this.desks[order.instrument] as Desk).instrument.id,
      side: order?.side ?? 'buy',
      quantity: toQuantity(quantity),
      price: toPrice(price),
      commission: toMoney(0),
      commissionCurrency: 'USD',
      slippage: toMoney(0),
      liquidity: 'taker',
      time: this.account.now,
      ...fields,
    };
  }

  /** Opens a position through an entry order of the pipeline, its bracket activated as a venue would. */
  enter(side: 'long' | 'short', close: number, fillPrice = close): OrderIntent {
    const seats = this.desk.seats.splice(0);
    this.seat(({ signal }) => signal[side]());
    const intents = this.step(close);
    const entry = intents.find((intent) => intent.role === 'entry');
    if (entry === undefined) throw new Error(`no entry: ${this.notes}`);
    this.accept(entry.clientOrderId);
    this.fill(entry.clientOrderId, entry.quantity, fillPrice);
    for (const leg of entry.bracket ?? []) this.activate(leg.clientOrderId, entry.quantity);
    this.desk.seats.splice(0, 1, ...seats);
    return entry;
  }
}
