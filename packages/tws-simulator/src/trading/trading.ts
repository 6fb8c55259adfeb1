import { resolve } from 'node:path';
import { DEFAULT_COMMISSIONS } from '../accounts/commissions.js';
import { DEFAULT_MARGINS } from '../accounts/margin.js';
import type { AccountState, AccountValues } from '../accounts/sim-account.js';
import { SimAccount } from '../accounts/sim-account.js';
import type { ClockTimer, SimulatorClock } from '../clock/simulator-clock.js';
import type { Market } from '../market/market.js';
import type { Quote } from '../matching/quote.js';
import { OrderDesk } from '../orders/order-desk.js';
import type { TimedQuote, Venue } from '../orders/venue.js';
import type { Catalogue } from '../reference/catalogue.js';
import type { Instrument } from '../reference/instrument.js';
import type { Scenario } from '../scenario/scenario-schema.js';
import { ScenarioError } from '../scenario/load-scenario.js';
import { StateFile } from '../state/state-file.js';
import { localDay, utcOf } from '../time/zone-offset.js';
import { EventRelay } from './event-relay.js';
import { Tradables } from './tradables.js';

/** What trading needs of the rest of the simulator. */
export interface TradingParts {
  readonly scenario: Scenario;
  readonly clock: SimulatorClock;
  readonly catalogue: Catalogue;
  readonly market: Market;
  /** Where the state file is looked for. */
  readonly folder: string;
}

/** Accounts and orders of the simulated login: joins the desk to the market, the clock and the state file. */
export class Trading {
  readonly desk: OrderDesk;
  readonly events = new EventRelay();
  readonly tradables: Tradables;
  readonly accounts: ReadonlyMap<string, SimAccount>;
  private readonly state: StateFile;
  /** Ends the watch of each contract that has live orders. */
  private readonly watches = new Map<number, () => void>();
  private timer: ClockTimer | undefined;
  private dayTimer: ClockTimer | undefined;
  private stopTicks: (() => void) | undefined;

  /** @throws ScenarioError when the state file holds something else, or a position names no contract */
  constructor(private readonly parts: TradingParts) {
    const { scenario, catalogue } = parts;
    this.state = openState(scenario.trading.state, parts.folder);
    this.tradables = new Tradables(catalogue);
    this.accounts = this.openAccounts();
    this.desk = new OrderDesk(this.venue(), this.events, this.state);
    Object.assign(this.desk.settings, { readOnly: scenario.trading.readOnly, cancelDelayMs: scenario.trading.cancelDelayMs });
  }

  start(): void {
    const { clock, market, scenario } = this.parts;
    // A stepped clock starts anew where the scenario says; what was kept must not lie in its future.
    const latest = this.desk.store.latestMs();
    if (scenario.clock.kind === 'stepped' && latest > clock.now()) clock.advance(latest - clock.now());
    this.stopTicks = market.onTick((tick) => {
      const quote = this.quoteOf(tick.instrument);
      if (quote === undefined || !this.watches.has(tick.instrument.conId)) return;
      this.desk.onQuote(tick.instrument.conId, quote);
      this.settle();
    });
    this.settle();
    this.keepDays();
  }

  stop(): void {
    this.stopTicks?.();
    this.timer?.cancel();
    this.dayTimer?.cancel();
    for (const end of this.watches.values()) end();
    this.watches.clear();
    this.state.close();
  }

  /** Does something to the orders, then watches what is live and sets the clock for what comes next. */
  act<T>(what: (desk: OrderDesk) => T): T {
    const result = what(this.desk);
    this.settle();
    return result;
  }

  /** The account that a request means: by its id, or the only one. */
  account(id: string): SimAccount | undefined {
    if (id !== '') return this.accounts.get(id);
    return this.accounts.size === 1 ? [...this.accounts.values()][0] : undefined;
  }

  /** The first order id that a client may use: above every one that it used, also for what is not transmitted yet. */
  nextOrderId(clientId: number): number {
    return Math.max(this.parts.scenario.firstOrderId, this.desk.store.nextOrderId(clientId));
  }

  valuesOf(account: SimAccount): AccountValues {
    return account.values(this.desk.exposed(account.id));
  }

  /** Price that positions are valued at. */
  price(conId: number): number | undefined {
    return this.quoteOf(this.tradables.instrument(conId))?.last;
  }

  /** Units of the base currency for one unit of a currency. */
  rate(currency: string): number {
    const { scenario, catalogue } = this.parts;
    const { baseCurrency, rates } = scenario.trading;
    if (currency === baseCurrency) return 1;
    const given = rates[currency];
    if (given !== undefined) return given;
    const pair = catalogue.named(`${currency}.${baseCurrency}`);
    if (pair !== undefined) return this.quoteOf(pair)?.last ?? pair.basePrice;
    const inverse = catalogue.named(`${baseCurrency}.${currency}`);
    return inverse === undefined ? 1 : 1 / (this.quoteOf(inverse)?.last ?? inverse.basePrice);
  }

  /** Moves money into an account, or out of it. */
  deposit(account: SimAccount, amount: number): void {
    account.deposit(amount);
    this.state.put('account', account.id, account.state());
    this.keep();
  }

  /** Starts the trading day of every account: the profit of the day counts from here. */
  startDay(): void {
    for (const account of this.accounts.values()) {
      account.startDay();
      this.state.put('account', account.id, account.state());
    }
    this.keep();
  }

  /** What has happened outlives the simulator from here on. */
  keep(): void {
    this.state.commit();
  }

  /** Profits of the day count from midnight in the zone of the login, also when the simulator was down then. */
  private keepDays(): void {
    const { clock, scenario } = this.parts;
    const today = localDay(clock.now(), scenario.timeZone);
    const [kept] = this.state.all('day') as number[];
    if (kept !== undefined && kept < today) this.startDay();
    if (kept !== today) this.state.put('day', 'started', today);
    this.keep();
    this.dayTimer = clock.at(utcOf(today + 1, 0, scenario.timeZone), () => this.keepDays());
  }

  private settle(): void {
    this.keep();
    const live = new Set(this.desk.store.contractsWithOpen());
    for (const conId of live) if (!this.watches.has(conId)) this.watches.set(conId, this.parts.market.watch(this.tradables.instrument(conId)));
    for (const [conId, end] of this.watches) {
      if (live.has(conId)) continue;
      this.watches.delete(conId);
      end();
    }
    this.timer?.cancel();
    const next = this.desk.nextTimeMs();
    this.timer = next === undefined ? undefined : this.parts.clock.at(next, () => this.act((desk) => desk.onTime()));
  }

  private quoteOf(instrument: Instrument): TimedQuote | undefined {
    const { bid, ask, last, timeMs } = this.parts.market.quote(instrument);
    const traded = Number.isNaN(last) ? (bid + ask) / 2 : last;
    if (Number.isNaN(traded)) return undefined;
    const size = this.parts.scenario.trading.sizePerQuote;
    const quote: Quote = { bid: Number.isNaN(bid) ? traded : bid, ask: Number.isNaN(ask) ? traded : ask, last: traded, ...(size === undefined ? {} : { size }) };
    return { ...quote, timeMs };
  }

  private venue(): Venue {
    const { scenario, clock } = this.parts;
    const { trading } = scenario;
    return {
      nowMs: () => clock.now(),
      later: (delayMs, callback) => void clock.at(clock.now() + delayMs, () => this.act(callback)),
      contract: (conId) => this.tradables.of(conId),
      quote: (conId) => this.quoteOf(this.tradables.instrument(conId)),
      account: (id) => this.accounts.get(id),
      soleAccount: scenario.accounts.length === 1 ? scenario.accounts[0] : undefined,
      baseCurrency: trading.baseCurrency,
      zone: scenario.timeZone,
      commissions: { ...trading.commissions, perContract: { ...DEFAULT_COMMISSIONS.perContract, ...trading.commissions.perContract } },
      rate: (currency) => this.rate(currency),
    };
  }

  private openAccounts(): ReadonlyMap<string, SimAccount> {
    const { scenario, catalogue } = this.parts;
    const { cash, margins, positions } = scenario.trading;
    const rates = { ...margins, perContract: { ...DEFAULT_MARGINS.perContract, ...margins.perContract } };
    const marks = { contract: (conId: number) => this.tradables.of(conId), price: (conId: number) => this.price(conId), rate: (currency: string) => this.rate(currency) };
    const kept = new Map((this.state.all('account') as AccountState[]).map((state) => [state.id, state]));
    const accounts = new Map<string, SimAccount>();
    for (const id of scenario.accounts) accounts.set(id, new SimAccount(kept.get(id) ?? { id, cash, dayStartEquity: cash, positions: [] }, marks, rates));
    for (const [index, { symbol, quantity, price, account: id = scenario.accounts[0] ?? '' }] of positions.entries()) {
      const instrument = catalogue.named(symbol);
      const account = accounts.get(id);
      if (instrument === undefined) throw new ScenarioError([`trading.positions.${index}.symbol: was ${JSON.stringify(symbol)}, expected a symbol such as MES or a local symbol such as MESM6`]);
      if (account === undefined) throw new ScenarioError([`trading.positions.${index}.account: was ${JSON.stringify(id)}, expected one of ${scenario.accounts.join(', ')}`]);
      if (!kept.has(id)) account.book(this.tradables.of(instrument.conId), quantity, price, 0);
    }
    return accounts;
  }
}

function openState(path: string | undefined, folder: string): StateFile {
  try {
    return new StateFile(path === undefined ? undefined : resolve(folder, path));
  } catch (error) {
    throw new ScenarioError([`trading.state: ${(error as Error).message}`]);
  }
}
