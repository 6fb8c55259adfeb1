import { commissionOf } from '../accounts/commissions.js';
import type { OrderTerms } from '../matching/order-terms.js';
import { signOf, tradesAtClose, waitsForTrigger } from '../matching/order-terms.js';
import type { Quote } from '../matching/quote.js';
import type { SimOrder } from '../matching/sim-order.js';
import { averagePriceOf, isDone, remainingOf } from '../matching/sim-order.js';
import type { Tradable } from '../matching/tradable.js';
import { closingPriceOf, tradePriceOf, worksAt } from '../matching/trade-price.js';
import type { StateFile } from '../state/state-file.js';
import { faultOf, modificationFaultOf } from './check-order.js';
import type { DeskEvents } from './desk-events.js';
import type { Execution } from './execution.js';
import { correctedExecId } from './execution.js';
import type { GroupAction } from './order-groups.js';
import { actionsAfterCancel, actionsAfterFill, allowanceOf, waitsForParent } from './order-groups.js';
import type { OrderForm } from './order-form.js';
import { OrderStore } from './order-store.js';
import { isVenueError, orderTermsOf } from './order-terms-of.js';
import { endOf, isOfThisDay, nextOpenOf } from './order-times.js';
import type { DeskSettings, TimedQuote, Venue } from './venue.js';
import type { VenueError } from './venue-error.js';
import { marginRefusal, VENUE_ERRORS } from './venue-error.js';
import { formatTextTime } from '../time/zone-text.js';

/** Takes orders, matches them against quotes and keeps the books of what happened. */
export class OrderDesk {
  readonly store: OrderStore;
  readonly settings: DeskSettings = { readOnly: false, cancelDelayMs: 0, fillBeforeCancel: false, mostPerQuote: Infinity };
  /** What can still trade on the newest quote, by contract. */
  private readonly sizeLeft = new Map<number, number>();

  constructor(
    private readonly venue: Venue,
    private readonly events: DeskEvents,
    private readonly state: StateFile,
  ) {
    this.store = new OrderStore(state);
  }

  /** A client's placeOrder: a new order, a change of one, or a question what it would cost. */
  place(clientId: number, orderId: number, contract: Tradable, form: OrderForm): void {
    const refuse = (error: VenueError): void => this.events.error(clientId, orderId, error);
    if (this.settings.readOnly) return refuse(VENUE_ERRORS.readOnly);
    const terms = orderTermsOf(form, this.venue.zone, this.venue.nowMs());
    if (isVenueError(terms)) return refuse(terms);
    const existing = orderId === 0 ? undefined : this.store.find(clientId, orderId);
    if (existing !== undefined) return terms.whatIf ? this.previewChange(existing, contract, terms, form) : this.modify(existing, contract, terms, form);
    // ids only rise: also one that was never used is taken for used below the highest
    if (orderId !== 0 && !terms.whatIf && orderId < this.store.nextOrderId(clientId)) return refuse(VENUE_ERRORS.duplicateOrderId);
    const account = terms.account || this.venue.soleAccount;
    if (account === undefined) return refuse(VENUE_ERRORS.accountNeeded);
    if (this.venue.account(account) === undefined) return refuse(VENUE_ERRORS.invalidAccount(account));
    const parent = terms.parentId === 0 ? undefined : this.store.find(clientId, terms.parentId);
    const fault =
      faultOf(terms, contract) ??
      (terms.parentId !== 0 && (parent === undefined || isDone(parent)) ? VENUE_ERRORS.missingParent : undefined) ??
      (this.store.isGroupSpent(account, terms.ocaGroup) ? VENUE_ERRORS.rejected('OCA group is already filled.') : undefined);
    if (fault !== undefined) return refuse(fault);
    const order: SimOrder = {
      permId: terms.whatIf ? 0 : this.store.takePermId(),
      clientId, orderId, conId: contract.conId, placedMs: this.venue.nowMs(), account, terms, form,
      status: 'PreSubmitted', quantity: terms.quantity, filled: 0, filledValue: 0, lastFillPrice: 0,
      transmitted: false, triggered: false, stopPrice: terms.trailStopPrice, parentPermId: parent?.permId ?? 0,
    };
    if (terms.whatIf) return this.preview(order, contract);
    this.store.save(order);
    // Until it is transmitted it only stands in the gateway, and the gateway says nothing of it.
    if (terms.transmit) this.transmit(order);
  }

  /** A client's cancelOrder. */
  cancel(clientId: number, orderId: number): void {
    if (this.settings.readOnly) return this.events.error(clientId, orderId, VENUE_ERRORS.readOnly);
    const order = this.store.find(clientId, orderId);
    if (order === undefined) return this.events.error(clientId, orderId, VENUE_ERRORS.cancelsUnknown(orderId));
    if (isDone(order) || order.status === 'PendingCancel') return this.events.error(clientId, orderId, VENUE_ERRORS.cancelsDone(orderId, order.status));
    this.requestCancel(order);
  }

  /** Cancels live orders, whoever placed them. */
  cancelAll(orders = this.store.open()): void {
    for (const order of orders) if (!isDone(order) && order.status !== 'PendingCancel') this.requestCancel(order);
  }

  /** Matches the contract's orders against a new quote. */
  onQuote(conId: number, quote: Quote): void {
    this.sizeLeft.set(conId, quote.size ?? Infinity);
    this.match(conId, quote);
  }

  /** Carries out what the clock brings: expiry, orders for the close, orders that begin to work. */
  onTime(): void {
    const nowMs = this.venue.nowMs();
    for (const order of this.store.open()) {
      if (isDone(order)) continue;
      const contract = this.venue.contract(order.conId);
      const quote = this.venue.quote(order.conId);
      if (order.transmitted && tradesAtClose(order.terms.type) && nowMs >= (contract.hours.regularCloseMs(order.placedMs) ?? Infinity)) this.close(order, contract, quote);
      else if (nowMs >= (endOf(order, contract) ?? Infinity)) this.end(order);
      else if (order.status === 'PreSubmitted' && this.works(order, contract, nowMs)) {
        this.showWorking(order);
        if (quote !== undefined && isOfThisDay(quote, contract, nowMs)) this.match(order.conId, quote);
      }
    }
  }

  /** When `onTime` has something to do next. */
  nextTimeMs(): number | undefined {
    const nowMs = this.venue.nowMs();
    let next = Infinity;
    for (const order of this.store.open()) {
      const contract = this.venue.contract(order.conId);
      const times = [
        endOf(order, contract),
        tradesAtClose(order.terms.type) ? contract.hours.regularCloseMs(order.placedMs) : undefined,
        order.terms.goodAfterMs,
        order.status === 'PreSubmitted' && order.transmitted && !this.works(order, contract, nowMs) ? nextOpenOf(order.terms, contract, nowMs) : undefined,
      ];
      for (const time of times) if (time !== undefined && time > nowMs) next = Math.min(next, time);
    }
    return next === Infinity ? undefined : next;
  }

  /** Fills an order whatever the market does, as a script asks. */
  force(order: SimOrder, quantity: number, price: number): void {
    if (isDone(order)) return;
    this.fill(order, this.venue.contract(order.conId), Math.min(quantity, remainingOf(order)), price);
  }

  /** Sends an execution once more. */
  repeat(execution: Execution): void {
    this.events.execution(execution);
    this.events.commission(execution);
  }

  /** Gives an execution another price: the venue sends it again under the id of a correction. */
  correct(execId: string, price: number): void {
    const wrong = this.store.execution(execId);
    const account = wrong === undefined ? undefined : this.venue.account(wrong.account);
    if (wrong === undefined || account === undefined) return;
    const signed = wrong.side === 'BOT' ? wrong.quantity : -wrong.quantity;
    account.correct(this.venue.contract(wrong.conId), signed, price - wrong.price);
    this.state.put('account', account.id, account.state());
    const order = this.store.byPerm(wrong.permId);
    if (order !== undefined) {
      order.filledValue += wrong.quantity * (price - wrong.price);
      order.lastFillPrice = price;
      this.store.save(order);
    }
    const realized = wrong.realized === undefined ? undefined : wrong.realized - signed * (price - wrong.price) * this.venue.contract(wrong.conId).multiplier;
    const corrected = { ...wrong, execId: correctedExecId(execId), price, realized, averagePrice: order === undefined ? price : averagePriceOf(order) };
    this.store.addExecution(corrected);
    this.events.execution(corrected);
    this.events.commission(corrected);
  }

  /** Why an order is not working: `child` waits for its parent, `trigger` for its price. */
  whyHeld(order: SimOrder): string {
    if (isDone(order)) return '';
    const reasons: string[] = [];
    if (waitsForParent(this.store, order)) reasons.push('child');
    if (waitsForTrigger(order.terms.type) && !order.triggered) reasons.push('trigger');
    return reasons.join(',');
  }

  private modify(order: SimOrder, contract: Tradable, terms: OrderTerms, form: OrderForm): void {
    const fault = modificationFaultOf(order, terms, contract) ?? this.marginFaultOf({ ...order, terms, quantity: terms.quantity });
    if (fault !== undefined) return this.events.error(order.clientId, order.orderId, fault);
    const trailMoved = terms.auxPrice !== order.terms.auxPrice || terms.trailingPercent !== order.terms.trailingPercent || terms.trailStopPrice !== order.terms.trailStopPrice;
    if (trailMoved) order.stopPrice = terms.trailStopPrice;
    order.terms = terms;
    order.form = form;
    order.quantity = terms.quantity;
    this.store.save(order);
    if (!order.transmitted) {
      if (terms.transmit) this.transmit(order);
      return;
    }
    if (remainingOf(order) === 0) return this.complete(order, 'Filled', `Filled Size: ${order.filled}`);
    this.tell(order);
    this.matchNow(order);
  }

  /** What a change would cost: the order itself stays as it is. */
  private previewChange(order: SimOrder, contract: Tradable, terms: OrderTerms, form: OrderForm): void {
    const fault = modificationFaultOf(order, terms, contract);
    if (fault !== undefined) this.events.error(order.clientId, order.orderId, fault);
    else this.preview({ ...order, terms, form, quantity: terms.quantity }, contract);
  }

  private preview(order: SimOrder, contract: Tradable): void {
    const price = order.terms.limitPrice ?? this.venue.quote(order.conId)?.last ?? order.terms.auxPrice ?? 0;
    const commission = commissionOf(this.venue.commissions, contract, order.quantity, price, 0, 0);
    const impact = this.venue.account(order.account)?.impactOf(order, this.exposed(order.account), commission * this.venue.rate(contract.currency));
    if (impact !== undefined) this.events.whatIf(order, impact, commission);
  }

  /** Sends an order to the exchange, with the legs of its bracket that wait for it. */
  private transmit(order: SimOrder): void {
    const parent = order.parentPermId === 0 ? order : this.store.byPerm(order.parentPermId);
    const family = parent === order || parent === undefined ? [order] : [parent, ...this.store.childrenOf(parent)];
    const sent = family.filter((member) => !member.transmitted && !isDone(member));
    for (const member of sent) {
      member.transmitted = true;
      const fault = this.marginFaultOf(member);
      if (fault !== undefined) return this.reject(member, fault);
      this.store.save(member);
      this.tell(member);
    }
    for (const member of sent) if (!isDone(member)) this.activate(member);
  }

  private activate(order: SimOrder): void {
    const contract = this.venue.contract(order.conId);
    const nowMs = this.venue.nowMs();
    // A future's market order trades in all hours anyway.
    if (order.terms.outsideRth && order.terms.type === 'MKT' && contract.secType === 'FUT') this.events.error(order.clientId, order.orderId, VENUE_ERRORS.outsideRthIgnored);
    if (this.works(order, contract, nowMs)) this.showWorking(order);
    else if (order.parentPermId === 0 && !worksAt(order.terms, contract, nowMs)) this.warnOfWaiting(order, contract, nowMs);
    this.matchNow(order);
  }

  private warnOfWaiting(order: SimOrder, contract: Tradable, nowMs: number): void {
    const opensMs = order.terms.goodAfterMs ?? nextOpenOf(order.terms, contract, nowMs);
    if (opensMs === undefined) return;
    const what = `${order.terms.action} ${order.quantity} ${contract.localSymbol} ${contract.exchange}`;
    this.events.error(order.clientId, order.orderId, VENUE_ERRORS.message(`${what}\nWarning: your order will not be placed at the exchange until ${formatTextTime(opensMs, this.venue.zone)}`));
  }

  private matchNow(order: SimOrder): void {
    const contract = this.venue.contract(order.conId);
    const quote = this.venue.quote(order.conId);
    if (quote !== undefined && isOfThisDay(quote, contract, this.venue.nowMs())) this.match(order.conId, quote);
    if (isImmediate(order) && !waitsForParent(this.store, order)) this.end(order);
  }

  private match(conId: number, quote: Quote): void {
    const orders = this.store.openIn(conId);
    if (orders.length === 0) return;
    const contract = this.venue.contract(conId);
    const nowMs = this.venue.nowMs();
    let left = Math.min(this.sizeLeft.get(conId) ?? Infinity, this.settings.mostPerQuote);
    // A fill can set other orders free: go through them until nothing trades any more.
    for (let traded = true; traded && left > 0; ) {
      traded = false;
      for (const order of orders) {
        if (left <= 0 || !this.works(order, contract, nowMs)) continue;
        const quantity = this.trade(order, contract, quote, left);
        left -= quantity;
        this.sizeLeft.set(conId, left);
        if (isImmediate(order)) this.end(order);
        traded ||= quantity > 0;
      }
    }
  }

  /** @returns how much traded */
  private trade(order: SimOrder, contract: Tradable, quote: Quote, budget: number): number {
    const wasTriggered = order.triggered;
    const stop = order.stopPrice;
    const price = tradePriceOf(order, quote);
    if (order.stopPrice !== stop || order.triggered !== wasTriggered) this.store.save(order);
    if (order.triggered && !wasTriggered) this.showWorking(order);
    if (price === undefined) return 0;
    const quantity = Math.min(allowanceOf(this.store, order), budget);
    if (quantity <= 0 || (order.terms.allOrNone && quantity < remainingOf(order))) return 0;
    this.fill(order, contract, quantity, price);
    return quantity;
  }

  private fill(order: SimOrder, contract: Tradable, quantity: number, price: number): void {
    const account = this.venue.account(order.account);
    if (account === undefined || quantity <= 0) return;
    const commission = commissionOf(this.venue.commissions, contract, quantity, price, order.filled, order.filledValue);
    order.filled += quantity;
    order.filledValue += quantity * price;
    order.lastFillPrice = price;
    const nowMs = this.venue.nowMs();
    const filled = remainingOf(order) <= 1e-9;
    if (filled) {
      order.status = 'Filled';
      order.doneMs = nowMs;
      order.doneText = `Filled Size: ${order.filled}`;
    }
    const booked = account.book(contract, signOf(order.terms.action) * quantity, price, commission);
    const execution = {
      execId: `0000e0d5.${(0x6a000000 + this.store.executionCount + 1).toString(16)}.01.01`,
      timeMs: nowMs, account: account.id, clientId: order.clientId, orderId: order.orderId, permId: order.permId, conId: order.conId,
      side: order.terms.action === 'BUY' ? 'BOT' : 'SLD', quantity, price, cumulativeQuantity: order.filled, averagePrice: averagePriceOf(order),
      orderRef: order.terms.orderRef, liquidity: order.terms.type === 'LMT' ? 1 : 2, commission, currency: contract.currency, realized: booked.realized,
    } as const;
    this.store.save(order);
    this.store.addExecution(execution);
    this.state.put('account', account.id, account.state());
    this.events.execution(execution);
    this.tell(order);
    this.events.commission(execution);
    this.carryOut(actionsAfterFill(this.store, order, quantity));
    for (const child of this.store.childrenOf(order)) if (!isDone(child) && this.works(child, contract, nowMs)) this.showWorking(child);
  }

  private requestCancel(order: SimOrder): void {
    order.status = 'PendingCancel';
    this.store.save(order);
    if (order.transmitted) this.events.status(order);
    if (this.settings.fillBeforeCancel) {
      const quote = this.venue.quote(order.conId);
      if (quote !== undefined) this.force(order, remainingOf(order), order.terms.limitPrice ?? quote.last);
    }
    if (this.settings.cancelDelayMs > 0) this.venue.later(this.settings.cancelDelayMs, () => this.confirmCancel(order));
    else this.confirmCancel(order);
  }

  private confirmCancel(order: SimOrder): void {
    if (isDone(order)) this.events.error(order.clientId, order.orderId, VENUE_ERRORS.cancelsDone(order.orderId, order.status));
    else this.end(order);
  }

  /** Cancels what is left, and what depends on it. */
  private end(order: SimOrder): void {
    if (isDone(order)) return;
    this.complete(order, 'Cancelled', 'Cancelled by Trader');
    this.events.error(order.clientId, order.orderId, VENUE_ERRORS.cancelled());
    this.carryOut(actionsAfterCancel(this.store, order));
  }

  private reject(order: SimOrder, error: VenueError): void {
    this.complete(order, 'Inactive', error.text);
    this.events.error(order.clientId, order.orderId, error);
    this.carryOut(actionsAfterCancel(this.store, order));
  }

  private complete(order: SimOrder, status: 'Cancelled' | 'Filled' | 'Inactive', text: string): void {
    order.status = status;
    order.doneMs = this.venue.nowMs();
    order.doneText = text;
    this.store.save(order);
    this.events.order(order);
    this.events.status(order);
  }

  private carryOut(actions: readonly GroupAction[]): void {
    for (const action of actions) {
      if (isDone(action.order)) continue;
      if (action.cancel) this.end(action.order);
      else if (action.quantity !== action.order.quantity) {
        action.order.quantity = action.quantity;
        this.store.save(action.order);
        this.tell(action.order);
      }
    }
  }

  /** The closing print: all of it, or nothing and the order ends. */
  private close(order: SimOrder, contract: Tradable, quote: TimedQuote | undefined): void {
    const price = quote === undefined ? undefined : closingPriceOf(order, quote);
    if (price === undefined) this.end(order);
    else this.fill(order, contract, remainingOf(order), price);
  }

  private marginFaultOf(order: SimOrder): VenueError | undefined {
    const account = this.venue.account(order.account);
    if (account === undefined || order.parentPermId !== 0) return undefined;
    const impact = account.impactOf(order, this.exposed(order.account), 0);
    if (impact.initialAfter <= impact.initialBefore || impact.equityAfter >= impact.initialAfter) return undefined;
    return marginRefusal(impact.equityAfter, impact.initialAfter, this.venue.baseCurrency);
  }

  /** Live orders that margin is held for: those at the exchange that do not wait for a parent. */
  exposed(account: string): readonly SimOrder[] {
    return this.store.open().filter((order) => order.account === account && order.transmitted && order.parentPermId === 0);
  }

  private works(order: SimOrder, contract: Tradable, nowMs: number): boolean {
    return order.transmitted && !isDone(order) && !waitsForParent(this.store, order) && worksAt(order.terms, contract, nowMs);
  }

  /** Shows an order that now stands at the exchange as Submitted; one that waits for its price stays PreSubmitted. */
  private showWorking(order: SimOrder): void {
    if (order.status !== 'PreSubmitted' || (waitsForTrigger(order.terms.type) && !order.triggered) || tradesAtClose(order.terms.type)) return;
    order.status = 'Submitted';
    this.store.save(order);
    this.tell(order);
  }

  private tell(order: SimOrder): void {
    if (!order.transmitted) return;
    this.events.order(order);
    this.events.status(order);
  }
}

/** Trades at once what it can; the rest ends. */
const isImmediate = (order: SimOrder): boolean => order.terms.tif === 'IOC' || order.terms.tif === 'FOK';
