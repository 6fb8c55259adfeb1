import type { BrokerEvent, ClientOrderId, Fill, Instrument, OrderChange, OrderIntent, RiskApproved, UtcMs } from '@keelson/core/domain';
import { toPrice, toQuantity } from '@keelson/core/domain';
import { messageOf } from '@keelson/core/errors';
import type { Broker, BrokerCapabilities, BrokerEventSink, BrokerSnapshot, Finding, MarginRequirement, VenueContext } from '@keelson/core/ports';
import type { CommissionReport, Contract, Execution, Order, OrderState } from '@stoqey/ib';
import { z } from 'zod';
import type { IbConnection } from '../connection.js';
import { diagnoseClock, diagnoseConnection } from '../diagnose.js';
import { isReadOnly } from '../gateway/error-codes.js';
import type { IbError } from '../gateway/gateway.js';
import type { ConnectionSettings } from '../settings.js';
import { Executions } from './executions.js';
import { IbOrder } from './ib-order.js';
import { makeOrders } from './make-orders.js';
import { OrderRegistry } from './order-registry.js';
import { readOpenOrders, readPositions, readSnapshot, type SeenOrder } from './venue-state.js';
import { WhatIf } from './what-if.js';

/** Settings of the broker; those of the connection stand with the plugin. */
export const brokerParams = z.strictObject({
  margin: z.boolean().default(true).describe('Ask the venue what one contract needs, for the margin check before each entry.'),
});

export type BrokerParams = z.output<typeof brokerParams>;

/** Executions of other sources still have an order, by the venue's number. */
const foreignId = (permId: number | undefined): string => `ibkr:${permId ?? 0}`;

/** Interactive Brokers as a venue. Identity is the order reference and the venue's permanent id; fills come from executions alone. */
export class IbkrBroker implements Broker {
  readonly capabilities: BrokerCapabilities;
  private sink: BrokerEventSink | undefined;
  private release: (() => void) | undefined;
  private stopListening: () => void = () => undefined;
  private readonly orders = new OrderRegistry();
  private readonly executions: Executions;
  private readonly whatIf: WhatIf;
  private readonly notes = new Set<string>();

  constructor(
    private readonly connection: IbConnection,
    private readonly settings: ConnectionSettings,
    private readonly context: VenueContext<BrokerParams>,
  ) {
    this.capabilities = { venue: settings.kind, orderTypes: ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'], timesInForce: ['day', 'gtc', 'ioc'], nativeBrackets: true, oco: true, modify: true };
    const { timer, clock, logger } = context;
    this.whatIf = new WhatIf(connection, timer, logger);
    this.executions = new Executions(timer, () => clock.now(), (event) => this.executed(event), (execution) => this.nameOf(execution));
  }

  async connect(sink: BrokerEventSink): Promise<void> {
    const { connection, context } = this;
    this.stopListening();
    this.release?.();
    this.release = await connection.gateway.connect();
    // a name that the account dropped meanwhile must not live on; an expiry that it holds must
    const positions = await readPositions(connection);
    const open = await readOpenOrders(connection);
    connection.forget();
    await connection.resolve(context.instruments, [...positions.filter(({ quantity }) => quantity !== 0), ...open].map(({ contract }) => contract));
    for (const seen of open) this.see(seen);
    this.stopListening = connection.gateway.listen({
      onMessage: (event, args) => this.message(event, args),
      onError: (error) => this.refused(error),
      onLost: (reason) => this.say({ kind: 'connection', state: 'disconnected', reason, time: context.clock.now() }),
      onRestored: () => this.say({ kind: 'connection', state: 'connected', reason: 'the gateway reached Interactive Brokers again', time: context.clock.now() }),
    });
    if (context.params.margin) await this.whatIf.ask(context.instruments);
    this.sink = sink;
  }

  async disconnect(): Promise<void> {
    this.executions.flush();
    this.executions.stop();
    this.sink = undefined;
    this.stopListening();
    this.release?.();
    this.release = undefined;
  }

  async snapshot(): Promise<BrokerSnapshot> {
    return readSnapshot(this.connection, (seen) => this.nameSeen(seen));
  }

  async executionsSince(since: UtcMs): Promise<readonly Fill[]> {
    const { connection } = this;
    const { gateway } = connection;
    const ids = await gateway.ask<string>(
      'the executions',
      (ib, id) => ib.reqExecutions(id, { acctCode: gateway.account }),
      (event, args, found) => {
        if (event === 'execDetails') {
          const [, contract, execution] = args as [number, Contract, Execution];
          this.executions.take(connection.instrumentOf(contract), contract, execution, false);
          if (execution.execId !== undefined) found.push(execution.execId);
        }
        return event === 'execDetailsEnd';
      },
    );
    await connection.now(); // commissions that belong to the answer have come before the next one
    const fills = new Map(ids.flatMap((id) => { const fill = this.executions.fillOf(id); return fill === undefined ? [] : [[fill.executionId, fill] as const]; }));
    return [...fills.values()].filter(({ time }) => time >= since).sort((a, b) => a.time - b.time);
  }

  submit(intent: RiskApproved<OrderIntent>): void {
    const { connection, context } = this;
    const { gateway } = connection;
    const { clientOrderId } = intent;
    if (this.orders.get(clientOrderId) !== undefined) {
      context.logger.warn(`order ${clientOrderId} was sent before, and is not sent again`);
      return;
    }
    const resolved = connection.contractOf(intent.instrument);
    if (!gateway.isReady || resolved === undefined) {
      // it never left: nothing is queued for a later connection
      this.reject(clientOrderId, 'BRK_CONNECTION', resolved === undefined ? `${intent.instrument} has no contract` : 'there is no connection to the gateway');
      for (const leg of intent.bracket ?? []) this.reject(leg.clientOrderId, 'BRK_CONNECTION', 'its entry was not sent');
      return;
    }
    const made = makeOrders(intent, { account: gateway.account, clientId: this.settings.clientId }, () => gateway.takeOrderId());
    let parent: IbOrder | undefined;
    for (const { clientOrderId: id, order } of made) {
      const known: IbOrder = new IbOrder(id, order.orderId as number, resolved.contract, order, parent);
      parent ??= known;
      this.orders.add(known);
    }
    for (const { order } of made) gateway.api.placeOrder(order.orderId as number, resolved.contract, order);
  }

  modify(change: RiskApproved<OrderChange>): void {
    const known = this.orders.get(change.clientOrderId);
    const { gateway } = this.connection;
    const refuse = (code: string, reason: string): void => this.say({ kind: 'modify-rejected', clientOrderId: change.clientOrderId, code, reason, time: this.context.clock.now() });
    if (known === undefined) return refuse('BRK_UNKNOWN_ORDER', 'no such order is known');
    if (known.ended) return refuse('BRK_REJECTED', 'the order has ended');
    if (!known.own) return refuse('BRK_UNSUPPORTED', 'the order belongs to another client of the gateway');
    if (!gateway.isReady) return refuse('BRK_CONNECTION', 'there is no connection to the gateway');
    const { orderType } = known.order;
    known.change = {
      ...known.order,
      transmit: true,
      ...(change.quantity === undefined ? {} : { totalQuantity: change.quantity }),
      ...(change.limitPrice === undefined ? {} : { lmtPrice: change.limitPrice }),
      ...(change.stopPrice === undefined ? {} : orderType === 'TRAIL' ? { trailStopPrice: change.stopPrice } : { auxPrice: change.stopPrice }),
    };
    gateway.api.placeOrder(known.orderId, known.contract, known.change);
  }

  cancel(clientOrderId: ClientOrderId): void {
    const known = this.orders.get(clientOrderId);
    const { gateway } = this.connection;
    const refuse = (code: string, reason: string): void => this.say({ kind: 'cancel-rejected', clientOrderId, code, reason, time: this.context.clock.now() });
    if (known === undefined) return refuse('BRK_UNKNOWN_ORDER', 'no such order is known');
    if (known.ended) return refuse('BRK_REJECTED', 'the order has ended');
    if (!known.own) return refuse('BRK_UNSUPPORTED', 'the order belongs to another client of the gateway: cancel it there');
    if (!gateway.isReady) return refuse('BRK_CONNECTION', 'there is no connection to the gateway');
    known.cancelRequested = true;
    gateway.api.cancelOrder(known.orderId, {});
  }

  margin(instrument: Instrument, quantity: number): MarginRequirement | undefined {
    return this.whatIf.margin(instrument, quantity);
  }

  warnings(): readonly string[] {
    return [...this.notes];
  }

  async diagnose(): Promise<readonly Finding[]> {
    const { connection, context } = this;
    const { findings, release } = await diagnoseConnection(connection);
    if (!connection.gateway.isReady) return findings;
    try {
      const readOnly = await connection.gateway.isReadOnly();
      const rights: Finding = readOnly ? { level: 'fault', check: 'orders', found: 'the API of the gateway is read-only', hint: 'untick "Read-Only API" in its settings under API' } : { level: 'ok', check: 'orders', found: 'the gateway takes them' };
      return [...findings, rights, await diagnoseClock(connection, () => context.clock.now())];
    } finally {
      release();
    }
  }

  private message(event: string, args: readonly unknown[]): void {
    switch (event) {
      case 'openOrder': {
        const [orderId, contract, order, state] = args as [number, Contract, Order, OrderState];
        if (order.whatIf === true || this.whatIf.take(orderId, state)) {
          if (order.whatIf === true) this.whatIf.take(orderId, state);
          return;
        }
        this.orderSeen({ orderId, contract, order, state });
        return;
      }
      case 'orderStatus': {
        const [orderId, status, , , , permId, , , clientId] = args as [number, string, number, number, number, number | undefined, number, number, number | undefined];
        const known = this.orders.find(orderId, permId, clientId === undefined || clientId === this.settings.clientId);
        if (known === undefined) return;
        if (permId !== undefined) this.orders.nameVenue(known, permId);
        this.status(known, status);
        return;
      }
      case 'execDetails': {
        const [, contract, execution] = args as [number, Contract, Execution];
        if (execution.acctNumber === undefined || execution.acctNumber === this.connection.gateway.account) this.executions.take(this.connection.instrumentOf(contract), contract, execution, true);
        return;
      }
      case 'commissionReport':
        this.executions.commission(args[0] as CommissionReport);
        return;
    }
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
  private see(seen: SeenOrder): void {
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

  /** Statuses may be repeated or left out: only what is new is told, and never a fill. */
  private status(known: IbOrder, status: string): void {
    const { clientOrderId } = known;
    const time = this.context.clock.now();
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
        else this.say({ kind: 'canceled', clientOrderId, reason: known.cancelRequested ? 'as asked' : (known.refusal?.text ?? 'the venue ended it'), time });
        return;
      case 'Inactive':
        if (known.refusal !== undefined) this.rejectKnown(known, known.refusal.code, known.refusal.text);
        return;
    }
  }

  private accept(known: IbOrder): void {
    if (known.accepted) return;
    known.accepted = true;
    this.say({ kind: 'accepted', clientOrderId: known.clientOrderId, venueOrderId: String(known.permId ?? known.orderId), time: this.context.clock.now() });
  }

  private refused({ id, number, text, meaning }: IbError): void {
    if (isReadOnly(number, text)) this.notes.add(this.connection.gateway.readOnly(text).line);
    if (id < 0 || this.whatIf.refuse(id)) return;
    const known = this.orders.byOrderId(id);
    if (known === undefined || known.ended) return;
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

  private reject(clientOrderId: string, code: string, reason: string): void {
    this.say({ kind: 'rejected', clientOrderId, code, reason, time: this.context.clock.now() });
  }

  private modified({ clientOrderId, order }: IbOrder): void {
    const stop = order.orderType === 'TRAIL' ? order.trailStopPrice : order.orderType === 'LMT' || order.orderType === 'MKT' ? undefined : order.auxPrice;
    const limit = order.orderType === 'LMT' || order.orderType === 'STP LMT' ? order.lmtPrice : undefined;
    this.say({ kind: 'modified', clientOrderId, quantity: toQuantity(order.totalQuantity ?? 0), ...(limit === undefined ? {} : { limitPrice: toPrice(limit) }), ...(stop === undefined ? {} : { stopPrice: toPrice(stop) }), time: this.context.clock.now() });
  }

  /** A fill brings its exits to life; and an order that filled whole has ended. */
  private executed(event: BrokerEvent): void {
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
  }

  private nameOf({ orderRef, permId, orderId, clientId }: Execution): string {
    if (orderRef !== undefined && orderRef !== '') return orderRef;
    const known = orderId === undefined ? undefined : this.orders.find(orderId, permId, clientId === this.settings.clientId);
    return known?.clientOrderId ?? foreignId(permId);
  }

  private nameSeen({ orderId, order }: SeenOrder): string {
    if (order.orderRef !== undefined && order.orderRef !== '') return order.orderRef;
    return this.orders.find(orderId, order.permId, order.clientId === this.settings.clientId)?.clientOrderId ?? foreignId(order.permId);
  }

  private say(event: BrokerEvent): void {
    try {
      this.sink?.(event);
    } catch (thrown) {
      this.context.logger.error(`the account threw on ${event.kind}: ${messageOf(thrown)}`);
    }
  }
}

function same(a: number | undefined, b: number | undefined): boolean {
  const unset = (value: number | undefined): boolean => value === undefined || value === 0 || Math.abs(value) > 1e300;
  return (unset(a) && unset(b)) || (a !== undefined && b !== undefined && Math.abs(a - b) < 1e-9);
}
