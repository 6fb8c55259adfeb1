import type { BrokerEvent, InstrumentId } from '@keelson/core/domain';
import { toPrice, toQuantity } from '@keelson/core/domain';
import type { VenueContext } from '@keelson/core/ports';
import type { CommissionReport, Contract, Execution, Order, OrderState } from '@stoqey/ib';
import type { IbConnection } from '../connection.js';
import { isReadOnly } from '../gateway/error-codes.js';
import { isAnswer, type IbError } from '../gateway/gateway.js';
import type { ConnectionSettings } from '../settings.js';
import { Executions } from './executions.js';
import { HeldQuantities } from './held-quantities.js';
import { IbOrder } from './ib-order.js';
import { OrderRegistry } from './order-registry.js';
import type { SeenOrder } from './venue-state.js';
import type { WhatIf } from './what-if.js';

/** Clocks differ: a day order that ends so long before its session has expired. */
const SESSION_END_MS = 60_000;

/** Executions of other sources still have an order, by the venue's number. */
const foreignId = (permId: number | undefined): string => `ibkr:${permId ?? 0}`;

/** What the gateway says of orders, in the account's words: each state once, and fills from executions alone. */
export class OrderDesk {
  readonly orders = new OrderRegistry();
  readonly held = new HeldQuantities();
  readonly executions: Executions;
  /** Orders that were sent a moment ago, and the way to wait for their answer no longer. */
  private readonly awaited = new Map<string, () => void>();

  constructor(
    private readonly connection: IbConnection,
    private readonly settings: ConnectionSettings,
    private readonly context: VenueContext<unknown>,
    private readonly whatIf: WhatIf,
    private readonly say: (event: BrokerEvent) => void,
    private readonly note: (text: string) => void,
    distrust: (reason: string) => void,
  ) {
    const { timer, clock } = context;
    this.executions = new Executions(timer, () => clock.now(), (event) => this.executed(event), (execution) => this.nameOf(execution), (execId) => distrust(`${execId} corrects an execution from before`));
  }

  /** The entry of a bracket, or a single order, was sent: it is to be answered in time. */
  awaitAnswer(known: IbOrder): void {
    const { clientOrderId } = known;
    const callOff = this.context.timer.after(this.settings.answerTimeoutMs, () => {
      this.awaited.delete(clientOrderId);
      this.doubt([known], `the gateway has not answered for ${this.settings.answerTimeoutMs} ms`);
    });
    this.awaited.set(clientOrderId, callOff);
  }

  /** Whether an order, or the entry of its bracket, was sent a moment ago. */
  awaits(clientOrderId: string): boolean {
    return this.awaited.has(clientOrderId) || this.awaited.has(this.orders.get(clientOrderId)?.parent?.clientOrderId ?? '');
  }

  /** Nothing is waited for any more; what was heard is told. */
  stop(): void {
    this.awaitNothing();
    this.executions.flush();
    this.executions.stop();
  }

  /** Nobody knows what became of orders that were sent and not answered. */
  connectionLost(reason: string): void {
    this.awaitNothing();
    this.doubt([...this.orders.alive()].filter(({ parent, own }) => parent === undefined && own), reason);
  }

  private awaitNothing(): void {
    for (const callOff of this.awaited.values()) callOff();
    this.awaited.clear();
  }

  private doubt(orders: readonly IbOrder[], reason: string): void {
    for (const { accepted, ended, clientOrderId, filled } of orders) {
      if (!accepted && !ended && filled === 0) this.say({ kind: 'outcome-unknown', clientOrderId, reason, time: this.context.clock.now() });
    }
  }

  /** Neither a position nor an order of the account is in the instrument, for all that is known. */
  isFree(instrument: InstrumentId): boolean {
    if (this.held.of(instrument) !== 0) return false;
    const conId = this.connection.contractOf(instrument)?.contract.conId;
    for (const { contract } of this.orders.alive()) if (contract.conId === conId) return false;
    return true;
  }

  message(event: string, args: readonly unknown[]): void {
    switch (event) {
      case 'openOrder': {
        const [orderId, contract, order, state] = args as [number, Contract, Order, OrderState];
        if (order.whatIf === true || this.whatIf.take(orderId, state)) {
          if (order.whatIf === true) this.whatIf.take(orderId, state);
          return;
        }
        this.orderSeen({ orderId, contract, order, state, filled: 0 });
        return;
      }
      case 'orderStatus': {
        const [orderId, status, filled, , , permId, , , clientId] = args as [number, string, number, number, number, number | undefined, number, number, number | undefined];
        const known = this.orders.find(orderId, permId, clientId === undefined || clientId === this.settings.clientId);
        if (known === undefined) return;
        if (permId !== undefined) this.orders.nameVenue(known, permId);
        this.status(known, status, filled);
        return;
      }
      case 'execDetails': {
        const [requestId, contract, execution] = args as [number, Contract, Execution];
        // the rest of an answer that was given up is nothing that happens now
        if (execution.acctNumber === undefined || execution.acctNumber === this.connection.gateway.account) this.take(contract, execution, !isAnswer(requestId));
        return;
      }
      case 'commissionReport':
        this.executions.commission(args[0] as CommissionReport);
        return;
    }
  }

  /** An execution, as it happened or in an answer. */
  take(contract: Contract, execution: Execution, tell: boolean): void {
    const product = this.connection.instrumentOfOwn(contract);
    const isOwn = product !== undefined && execution.orderRef?.startsWith(`${this.context.account}-${product.instrument.id}-`) === true;
    this.executions.take(isOwn ? product : this.connection.instrumentOf(contract), contract, execution, tell);
  }

  private orderSeen(seen: SeenOrder): void {
    const { orderId, order, state } = seen;
    const known = this.orders.find(orderId, order.permId, order.clientId === undefined || order.clientId === this.settings.clientId);
    if (known === undefined) {
      this.see(seen);
      return;
    }
    if (order.permId !== undefined) this.orders.nameVenue(known, order.permId);
    const { change } = known;
    if (change !== undefined && same(change.totalQuantity, order.totalQuantity) && same(change.lmtPrice, order.lmtPrice) && (same(change.auxPrice, order.auxPrice) || change.orderType === 'TRAIL')) {
      known.order = change;
      known.change = undefined;
      this.modified(known);
    } else if (change === undefined && !known.ended && order.totalQuantity !== undefined && order.totalQuantity !== known.quantity) {
      // a group takes from the others what one of it fills
      known.order = { ...known.order, totalQuantity: order.totalQuantity };
      this.modified(known);
    }
    this.status(known, state.status);
  }

  /** An order that was not sent in this life of the process. */
  see(seen: SeenOrder): void {
    const { orderId, contract, order, state } = seen;
    const own = order.clientId === this.settings.clientId && orderId > 0;
    if (own) this.connection.gateway.noteOrderId(orderId);
    const clientOrderId = this.nameSeen(seen);
    if (this.orders.get(clientOrderId) !== undefined) return;
    const parent = own && (order.parentId ?? 0) !== 0 ? this.orders.byOrderId(order.parentId as number) : undefined;
    const known = new IbOrder(clientOrderId, orderId, this.connection.instrumentOf(contract)?.contract ?? contract, { ...order, transmit: true }, parent, own);
    known.permId = order.permId;
    known.accepted = state.status === 'PreSubmitted' || state.status === 'Submitted';
    this.orders.add(known);
  }

  /** An order that was taken for ended, and is among the open ones: it can be changed and cancelled again. */
  stands(clientOrderId: string): void {
    const known = this.orders.get(clientOrderId);
    if (known === undefined || !known.ended || known.filled >= known.quantity) return;
    known.ended = false;
    known.accepted = true;
    known.cancelRequested = false;
  }

  /** Statuses may be repeated or left out: only what is new is told, and never a fill. */
  private status(known: IbOrder, status: string, filled?: number): void {
    const { clientOrderId } = known;
    const time = this.context.clock.now();
    const end = { clientOrderId, ...(filled === undefined ? {} : { filled: toQuantity(filled) }), time };
    if (known.ended) return;
    switch (status) {
      case 'PreSubmitted':
      case 'Submitted':
        this.accept(known);
        return;
      case 'Cancelled':
      case 'ApiCancelled':
        known.ended = true;
        this.executions.flush(); // what it filled before comes first
        if (known.refusal !== undefined && !known.accepted) this.say({ kind: 'rejected', clientOrderId, code: known.refusal.code, reason: known.refusal.text, time });
        else if (this.hasExpired(known, time)) this.say({ kind: 'expired', ...end });
        else this.say({ kind: 'canceled', reason: known.cancelRequested ? 'as asked' : (known.refusal?.text ?? 'the venue ended it'), ...end });
        return;
      case 'Inactive':
        if (known.refusal !== undefined) this.rejectKnown(known, known.refusal.code, known.refusal.text);
        return;
    }
  }

  /** The gateway calls the end of a day order a cancel. */
  private hasExpired({ order, cancelRequested, sessionEnd }: IbOrder, time: number): boolean {
    return order.tif === 'DAY' && !cancelRequested && sessionEnd !== undefined && time >= sessionEnd - SESSION_END_MS;
  }

  private accept(known: IbOrder): void {
    if (known.accepted) return;
    known.accepted = true;
    this.say({ kind: 'accepted', clientOrderId: known.clientOrderId, venueOrderId: String(known.permId ?? known.orderId), time: this.context.clock.now() });
  }

  refused({ id, number, text, meaning }: IbError): void {
    if (isReadOnly(number, text)) this.note(this.connection.gateway.readOnly(text).line);
    if (id < 0 || this.whatIf.refuse(id)) return;
    const known = this.orders.byOrderId(id);
    if (known === undefined) return;
    // a cancel that a fill has overtaken is still answered
    if (known.ended && !(meaning.kind === 'cancel-rejected' && known.cancelRequested)) return;
    const { clientOrderId } = known;
    const time = this.context.clock.now();
    const reason = `${text} (${number})`;
    switch (meaning.kind) {
      case 'notice':
        this.context.logger.info(`order ${clientOrderId}: ${reason}`);
        return;
      case 'order-canceled':
        return; // the status says so
      case 'cancel-rejected':
        if (known.change !== undefined && !known.cancelRequested) {
          known.change = undefined;
          this.say({ kind: 'modify-rejected', clientOrderId, code: meaning.code, reason, time });
        } else {
          known.cancelRequested = false;
          this.say({ kind: 'cancel-rejected', clientOrderId, code: meaning.code, reason, time });
        }
        return;
      default:
        if (known.change !== undefined) {
          known.change = undefined;
          this.say({ kind: 'modify-rejected', clientOrderId, code: meaning.code, reason, time });
          return;
        }
        if (number === 321 && known.accepted && known.cancelRequested) {
          // the order had passed this test: it is its cancel that did not
          known.cancelRequested = false;
          this.say({ kind: 'cancel-rejected', clientOrderId, code: meaning.code, reason, time });
          return;
        }
        known.refusal = { code: meaning.code, text: reason };
        if (number === 103) this.say({ kind: 'outcome-unknown', clientOrderId, reason, time });
        else if (!known.accepted || meaning.kind === 'order-rejected') this.rejectKnown(known, meaning.code, reason);
    }
  }

  private rejectKnown(known: IbOrder, code: string, reason: string): void {
    if (known.ended) return;
    known.ended = true;
    this.executions.flush();
    this.reject(known.clientOrderId, code, reason);
    // the exits of an entry that the venue refused wait for nothing; those of a bracket not yet sent on are left there
    if (known.parent !== undefined) return;
    for (const child of this.orders.childrenOf(known)) {
      if (child.ended) continue;
      child.ended = true;
      if (this.connection.gateway.isReady) this.connection.gateway.api.cancelOrder(child.orderId, {});
      this.say({ kind: 'canceled', clientOrderId: child.clientOrderId, reason: 'its entry was refused', time: this.context.clock.now() });
    }
  }

  reject(clientOrderId: string, code: string, reason: string): void {
    this.say({ kind: 'rejected', clientOrderId, code, reason, time: this.context.clock.now() });
  }

  private modified({ clientOrderId, order }: IbOrder): void {
    const stop = order.orderType === 'TRAIL' ? order.trailStopPrice : order.orderType === 'LMT' || order.orderType === 'MKT' ? undefined : order.auxPrice;
    const limit = order.orderType === 'LMT' || order.orderType === 'STP LMT' ? order.lmtPrice : undefined;
    this.say({ kind: 'modified', clientOrderId, quantity: toQuantity(order.totalQuantity ?? 0), ...(limit === undefined ? {} : { limitPrice: toPrice(limit) }), ...(stop === undefined ? {} : { stopPrice: toPrice(stop) }), time: this.context.clock.now() });
  }

  /** A fill brings its exits to life; and an order that filled whole has ended. */
  private executed(event: BrokerEvent): void {
    if (event.kind === 'fill') this.held.add(event.fill);
    else if (event.kind === 'fill-corrected') this.held.forget();
    const known = event.kind === 'fill' ? this.orders.get(event.fill.clientOrderId) : undefined;
    if (event.kind !== 'fill' || known === undefined) {
      this.say(event);
      return;
    }
    this.accept(known);
    known.filled += event.fill.quantity;
    if (known.filled >= known.quantity) known.ended = true;
    this.say(event);
    for (const child of this.orders.childrenOf(known)) {
      if (child.ended) continue;
      child.held = false;
      this.say({ kind: 'activated', clientOrderId: child.clientOrderId, quantity: toQuantity(known.filled), time: event.fill.time });
    }
    if (known.ended && known.withheld > 0) this.say({ kind: 'canceled', clientOrderId: known.clientOrderId, reason: `the other ${known.withheld} would have turned the position around`, time: event.fill.time });
  }

  private nameOf({ orderRef, permId, orderId, clientId }: Execution): string {
    if (orderRef !== undefined && orderRef !== '') return orderRef;
    const known = orderId === undefined ? undefined : this.orders.find(orderId, permId, clientId === this.settings.clientId);
    return known?.clientOrderId ?? foreignId(permId);
  }

  nameSeen({ orderId, order }: SeenOrder): string {
    if (order.orderRef !== undefined && order.orderRef !== '') return order.orderRef;
    return this.orders.find(orderId, order.permId, order.clientId === this.settings.clientId)?.clientOrderId ?? foreignId(order.permId);
  }
}

function same(a: number | undefined, b: number | undefined): boolean {
  const unset = (value: number | undefined): boolean => value === undefined || value === 0 || Math.abs(value) > 1e300;
  return (unset(a) && unset(b)) || (a !== undefined && b !== undefined && Math.abs(a - b) < 1e-9);
}
