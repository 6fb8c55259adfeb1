import { DEFAULT_COMMISSIONS } from '../src/accounts/commissions.js';
import { DEFAULT_MARGINS } from '../src/accounts/margin.js';
import type { AccountState, MarginImpact } from '../src/accounts/sim-account.js';
import { SimAccount } from '../src/accounts/sim-account.js';
import type { Quote } from '../src/matching/quote.js';
import type { SimOrder } from '../src/matching/sim-order.js';
import type { Tradable, TradingHours } from '../src/matching/tradable.js';
import { ALWAYS_OPEN } from '../src/matching/tradable.js';
import type { Execution } from '../src/orders/execution.js';
import type { OrderForm } from '../src/orders/order-form.js';
import { OrderDesk } from '../src/orders/order-desk.js';
import type { TimedQuote } from '../src/orders/venue.js';
import { StateFile } from '../src/state/state-file.js';

export const MES: Tradable = {
  conId: 1, symbol: 'MES', secType: 'FUT', localSymbol: 'MESZ6', exchange: 'CME', currency: 'USD', multiplier: 5, tickSizeAt: () => 0.25, hours: ALWAYS_OPEN,
};
export const AAPL: Tradable = {
  conId: 2, symbol: 'AAPL', secType: 'STK', localSymbol: 'AAPL', exchange: 'SMART', currency: 'USD', multiplier: 1, tickSizeAt: () => 0.01, hours: ALWAYS_OPEN,
};

/** An order as a client would send it. */
export function form(fields: Readonly<Record<string, string | number>>): OrderForm {
  const text = Object.fromEntries(Object.entries({ action: 'BUY', totalQuantity: 1, orderType: 'MKT', tif: 'DAY', transmit: 1, ...fields }).map(([name, value]) => [name, String(value)]));
  const contract = {
    conId: '1', symbol: 'MES', secType: 'FUT', lastTradeDateOrContractMonth: '', strike: '', right: '', multiplier: '', exchange: 'CME',
    primaryExchange: '', currency: 'USD', localSymbol: '', tradingClass: '', secIdType: '', secId: '',
  };
  return { contract, fields: text, comboLegs: [], comboLegPrices: [], smartComboRouting: [], algoParams: [], conditions: [] };
}

/** A desk with one account, a clock that a test moves, and a list of what it told. */
export class DeskHarness {
  readonly told: string[] = [];
  readonly executions: Execution[] = [];
  readonly impacts: { impact: MarginImpact; commission: number }[] = [];
  readonly desk: OrderDesk;
  readonly account: SimAccount;
  private readonly state: StateFile;
  nowMs = Date.UTC(2026, 10, 20, 15, 0, 0);
  private readonly quotes = new Map<number, TimedQuote>();
  private readonly later: { atMs: number; callback: () => void }[] = [];
  private readonly contracts: ReadonlyMap<number, Tradable>;

  constructor(options: { cash?: number; hours?: TradingHours; state?: StateFile } = {}) {
    this.contracts = new Map([MES, AAPL].map((contract) => [contract.conId, { ...contract, hours: options.hours ?? ALWAYS_OPEN }]));
    const state = (this.state = options.state ?? new StateFile());
    const cash = options.cash ?? 100_000;
    const saved = (state.all('account') as AccountState[])[0];
    this.account = new SimAccount(
      saved ?? { id: 'DU1', cash, dayStartEquity: cash, positions: [] },
      { contract: (conId) => this.contract(conId), price: (conId) => this.quotes.get(conId)?.last, rate: () => 1 },
      DEFAULT_MARGINS,
    );
    this.desk = new OrderDesk(
      {
        nowMs: () => this.nowMs,
        later: (delayMs, callback) => this.later.push({ atMs: this.nowMs + delayMs, callback }),
        contract: (conId) => this.contract(conId),
        quote: (conId) => this.quotes.get(conId),
        account: (id) => (id === 'DU1' ? this.account : undefined),
        soleAccount: 'DU1', baseCurrency: 'USD', zone: 'US/Central', commissions: DEFAULT_COMMISSIONS, rate: () => 1,
      },
      {
        order: (order) => this.told.push(`order ${order.orderId} ${order.status}`),
        status: (order) => this.told.push(`status ${order.orderId} ${order.status} ${order.filled}/${order.quantity}`),
        execution: (execution) => {
          this.executions.push(execution);
          this.told.push(`fill ${execution.orderId} ${execution.side} ${execution.quantity} @ ${execution.price}`);
        },
        commission: (execution) => this.told.push(`commission ${execution.execId}`),
        error: (_clientId, orderId, error) => this.told.push(`error ${orderId} ${error.code} ${error.text}`),
        whatIf: (_order, impact, commission) => this.impacts.push({ impact, commission }),
        bound: (order) => this.told.push(`bound ${order.orderId}`),
      },
      state,
    );
  }

  contract(conId: number): Tradable {
    const contract = this.contracts.get(conId);
    if (contract === undefined) throw new Error(`no contract ${conId}`);
    return contract;
  }

  place(orderId: number, fields: Readonly<Record<string, string | number>>, conId = MES.conId, clientId = 1): SimOrder | undefined {
    this.desk.place(clientId, orderId, this.contract(conId), form(fields));
    this.state.commit();
    return this.desk.store.find(clientId, orderId);
  }

  /** A quote without a spread. */
  price(last: number, more: Partial<Quote> = {}, conId = MES.conId): void {
    const quote = { bid: last, ask: last, last, ...more };
    this.quotes.set(conId, { ...quote, timeMs: this.nowMs });
    this.desk.onQuote(conId, quote);
    this.state.commit();
  }

  advance(durationMs: number): void {
    this.nowMs += durationMs;
    for (const due of this.later.splice(0).sort((left, right) => left.atMs - right.atMs)) {
      if (due.atMs <= this.nowMs) due.callback();
      else this.later.push(due);
    }
    this.desk.onTime();
  }

  order(orderId: number, clientId = 1): SimOrder {
    const order = this.desk.store.find(clientId, orderId);
    if (order === undefined) throw new Error(`no order ${orderId}`);
    return order;
  }

  /** What was told since the last call. */
  take(): string[] {
    return this.told.splice(0);
  }

}
