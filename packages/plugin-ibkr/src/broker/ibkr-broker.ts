import type { BrokerEvent, ClientOrderId, Fill, Instrument, OrderChange, OrderIntent, RiskApproved, UtcMs } from '@keelson/core/domain';
import { toQuantity } from '@keelson/core/domain';
import { messageOf } from '@keelson/core/errors';
import type { Broker, BrokerCapabilities, BrokerEventSink, BrokerSnapshot, Finding, MarginAnswer, VenueContext } from '@keelson/core/ports';
import type { Contract, Execution } from '@stoqey/ib';
import { z } from 'zod';
import type { IbConnection } from '../connection.js';
import { diagnoseClock, diagnoseConnection } from '../diagnose.js';
import type { IbError } from '../gateway/gateway.js';
import { Reconnector } from '../gateway/reconnector.js';
import type { ConnectionSettings } from '../settings.js';
import { ContractWatch } from './contract-watch.js';
import { IbOrder } from './ib-order.js';
import { makeOrders, onSteps } from './make-orders.js';
import { OrderDesk } from './order-desk.js';
import { readOpenOrders, readPositions, readSnapshot, type SeenOrder } from './venue-state.js';
import { WhatIf } from './what-if.js';
import { inWholeSeconds } from './whole-seconds.js';

/** So long after a message that was not understood the next one makes books and venue be compared again. */
const DISTRUST_MS = 5_000;

/** Settings of the broker; those of the connection stand with the plugin. */
export const brokerParams = z.strictObject({
  margin: z.boolean().default(true).describe('Ask the venue what one contract needs, for the margin check before each entry; else `risk.instruments` has to say it, or no entry is sent.'),
});

export type BrokerParams = z.output<typeof brokerParams>;

/** Interactive Brokers as a venue. Identity is the order reference and the venue's permanent id; fills come from executions alone. */
export class IbkrBroker implements Broker {
  readonly capabilities: BrokerCapabilities;
  private sink: BrokerEventSink | undefined;
  private release: (() => void) | undefined;
  private stopListening: () => void = () => undefined;
  private readonly desk: OrderDesk;
  private readonly whatIf: WhatIf;
  private readonly reconnector: Reconnector;
  private readonly contracts: ContractWatch;
  private readonly notes = new Set<string>();
  private callOffDistrust: (() => void) | undefined;
  private distrusted: string | undefined;

  constructor(
    private readonly connection: IbConnection,
    private readonly settings: ConnectionSettings,
    private readonly context: VenueContext<BrokerParams>,
  ) {
    this.capabilities = { venue: settings.kind, orderTypes: ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'], timesInForce: ['day', 'gtc', 'ioc'], nativeBrackets: true, oco: true, modify: true };
    const { timer, logger, random } = context;
    this.whatIf = new WhatIf(connection, timer, logger);
    this.desk = new OrderDesk(connection, settings, context, this.whatIf, (event) => this.say(event), (text) => void this.notes.add(text), (reason) => this.distrust(reason));
    this.contracts = new ContractWatch(connection, context, (event) => this.say(event), (id) => this.desk.isFree(id));
    this.reconnector = new Reconnector(() => this.reconnect(), timer, random, logger);
  }

  async connect(sink: BrokerEventSink): Promise<void> {
    this.reconnector.stop();
    this.sink = sink; // what happens while it connects is told, too
    try {
      await this.open();
    } catch (thrown) {
      // whoever asked for it decides whether it is tried again
      this.reconnector.stop();
      this.sink = undefined;
      this.close();
      throw thrown;
    }
    this.contracts.start();
  }

  async disconnect(): Promise<void> {
    this.reconnector.stop();
    this.desk.stop();
    this.sink = undefined;
    this.close();
  }

  async snapshot(): Promise<BrokerSnapshot> {
    const snapshot = await readSnapshot(this.connection, (seen) => this.desk.nameSeen(seen), (seen) => this.clear(seen));
    for (const { clientOrderId } of snapshot.orders) this.desk.stands(clientOrderId);
    this.desk.held.set(snapshot.positions.map(({ instrument, quantity }) => [instrument, quantity]));
    return snapshot;
  }

  async executionsSince(since: UtcMs): Promise<readonly Fill[]> {
    const { connection, desk } = this;
    const { gateway } = connection;
    const ids = await gateway.ask<string>(
      'the executions',
      (ib, id) => ib.reqExecutions(id, { acctCode: gateway.account }),
      (event, args, found) => {
        if (event === 'execDetails') {
          const [, contract, execution] = args as [number, Contract, Execution];
          desk.take(contract, execution, false);
          if (execution.execId !== undefined) found.push(execution.execId);
        }
        return event === 'execDetailsEnd';
      },
    );
    await connection.now(); // commissions that belong to the answer have come before the next one
    const fills = new Map(ids.flatMap((id) => { const fill = desk.executions.fillOf(id); return fill === undefined ? [] : [[fill.executionId, fill] as const]; }));
    return [...fills.values()].filter(({ time }) => time >= since).sort((a, b) => a.time - b.time);
  }

  submit(intent: RiskApproved<OrderIntent>): void {
    const { connection, context, desk } = this;
    const { gateway } = connection;
    const { clientOrderId } = intent;
    if (desk.orders.get(clientOrderId) !== undefined) {
      context.logger.warn(`order ${clientOrderId} was sent before, and is not sent again`);
      return;
    }
    const refuse = (code: string, reason: string): void => {
      desk.reject(clientOrderId, code, reason);
      for (const leg of intent.bracket ?? []) desk.reject(leg.clientOrderId, code, 'its entry was not sent');
    };
    const resolved = connection.contractOf(intent.instrument);
    // it never left: nothing is queued for a later connection
    if (!gateway.isReady) return refuse('BRK_CONNECTION', 'there is no connection to the gateway');
    if (resolved === undefined) return refuse('BRK_REJECTED', `${intent.instrument} is not an instrument of the account`);
    const quantity = intent.reduceOnly ? this.reducible(intent) : intent.quantity;
    if (quantity <= 0) return refuse('BRK_REJECTED', 'there is no position that it could reduce');
    const made = makeOrders({ ...intent, quantity: toQuantity(quantity) }, { account: gateway.account, clientId: this.settings.clientId, steps: resolved.steps }, () => gateway.takeOrderId());
    const { calendar } = resolved.instrument;
    const sessionEnd = context.calendars[calendar]?.sessionAt(context.clock.now())?.close;
    let parent: IbOrder | undefined;
    for (const { clientOrderId: id, order } of made) {
      const known: IbOrder = new IbOrder(id, order.orderId as number, resolved.contract, order, parent);
      known.sessionEnd = sessionEnd;
      if (parent === undefined) {
        known.withheld = intent.quantity - quantity;
        desk.awaitAnswer(known);
      }
      parent ??= known;
      desk.orders.add(known);
    }
    for (const { order } of made) gateway.api.placeOrder(order.orderId as number, resolved.contract, order);
  }

  modify(change: RiskApproved<OrderChange>): void {
    const { clientOrderId } = change;
    const known = this.desk.orders.get(clientOrderId);
    const fault = this.unreachable(known);
    if (fault !== undefined || known === undefined) {
      this.say({ kind: 'modify-rejected', clientOrderId, code: fault?.code ?? '', reason: fault?.reason ?? '', time: this.context.clock.now() });
      return;
    }
    const steps = this.connection.instrumentOf(known.contract)?.steps;
    const { limitPrice, stopPrice } = steps === undefined ? change : onSteps(steps, known.order.action === 'BUY' ? 'buy' : 'sell', change);
    known.change = {
      ...known.order,
      transmit: true,
      ...(change.quantity === undefined ? {} : { totalQuantity: change.quantity }),
      ...(limitPrice === undefined ? {} : { lmtPrice: limitPrice }),
      ...(stopPrice === undefined ? {} : known.order.orderType === 'TRAIL' ? { trailStopPrice: stopPrice } : { auxPrice: stopPrice }),
    };
    this.connection.gateway.api.placeOrder(known.orderId, known.contract, known.change);
  }

  cancel(clientOrderId: ClientOrderId): void {
    const known = this.desk.orders.get(clientOrderId);
    const fault = this.unreachable(known);
    if (fault !== undefined || known === undefined) {
      this.say({ kind: 'cancel-rejected', clientOrderId, code: fault?.code ?? '', reason: fault?.reason ?? '', time: this.context.clock.now() });
      return;
    }
    known.cancelRequested = true;
    this.connection.gateway.api.cancelOrder(known.orderId, {});
  }

  margin(instrument: Instrument, quantity: number): MarginAnswer {
    return this.whatIf.margin(instrument, quantity);
  }

  warnings(): readonly string[] {
    return [...this.notes, ...this.contracts.ahead()];
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

  /** Positions and orders of the venue are read before anything is heard: they say which contracts are meant. */
  private async open(): Promise<void> {
    const { connection, context, desk } = this;
    this.close();
    this.release = await connection.gateway.connect();
    const positions = await readPositions(connection);
    const open = await readOpenOrders(connection);
    connection.forget();
    await connection.resolve(context.instruments, [...positions.filter(({ quantity }) => quantity !== 0), ...open].map(({ contract }) => contract));
    desk.held.set(positions.flatMap(({ contract, quantity }) => { const resolved = connection.instrumentOf(contract); return resolved === undefined ? [] : [[resolved.instrument.id, quantity] as const]; }));
    for (const seen of open) {
      if (!this.clear(seen)) desk.see(seen);
    }
    this.stopListening = connection.gateway.listen({
      onMessage: (event, args) => desk.message(event, args),
      onError: (error) => this.refused(error),
      onLost: (reason) => this.lost(reason),
      onRestored: () => this.restored('the gateway reached Interactive Brokers again'),
    });
    if (context.params.margin) await this.whatIf.ask(context.instruments);
  }

  /**
   * Takes back what the account sent and what is not at work: part of a bracket whose other parts never came, or what the
   * gateway keeps for a person to look at. It counts as gone, and must not be sent on later. Orders of others are left alone.
   * @returns whether it is such an order
   */
  private clear({ orderId, order, state }: SeenOrder): boolean {
    if (state.status !== 'Inactive' || order.clientId !== this.settings.clientId || orderId <= 0 || order.orderRef?.startsWith(`${this.context.account}-`) !== true) return false;
    if (this.desk.awaits(order.orderRef) || !this.connection.gateway.isReady) return false; // the rest of it may be on its way
    this.connection.gateway.api.cancelOrder(orderId, {});
    return true;
  }

  private close(): void {
    this.stopListening();
    this.contracts.stop();
    this.whatIf.stop();
    this.callOffDistrust?.();
    this.callOffDistrust = this.distrusted = undefined;
    this.release?.();
    this.release = undefined;
  }

  private lost(reason: string): void {
    this.say({ kind: 'connection', state: 'disconnected', reason, time: this.context.clock.now() });
    this.desk.connectionLost(reason);
    this.desk.held.forget();
    this.reconnector.start();
  }

  private async reconnect(): Promise<void> {
    try {
      await this.open();
    } finally {
      if (this.sink === undefined) this.close(); // it was disconnected meanwhile: what is open would keep the process
    }
    if (this.sink === undefined) return;
    this.restored('connected again');
    this.contracts.start();
  }

  private restored(reason: string): void {
    this.reconnector.stop();
    this.say({ kind: 'connection', state: 'connected', reason, time: this.context.clock.now() });
  }

  private refused(error: IbError): void {
    const { kind } = error.meaning;
    if (kind === 'layout' || kind === 'layout-of-prices') this.notes.add('a message of the gateway was not understood; update the plugin, or take another version of the gateway');
    if (kind === 'layout') this.distrust(`a message was not understood: ${error.text}`);
    else if (kind !== 'layout-of-prices') this.desk.refused(error);
  }

  /** The books may lack something about an order: they are compared with the venue, in some distance from the last time. */
  private distrust(reason: string): void {
    if (this.callOffDistrust !== undefined) {
      this.distrusted = reason;
      return;
    }
    this.callOffDistrust = this.context.timer.after(DISTRUST_MS, () => {
      this.callOffDistrust = undefined;
      const again = this.distrusted;
      this.distrusted = undefined;
      if (again !== undefined) this.distrust(again);
    });
    this.desk.held.forget();
    this.restored(reason);
  }

  /** What an order that must only reduce may take off; all of it where the position is not known for sure. */
  private reducible({ instrument, side, quantity }: OrderIntent): number {
    const held = this.desk.held.of(instrument);
    if (held === undefined) return quantity;
    return Math.min(quantity, Math.max(0, side === 'sell' ? held : -held));
  }

  /** Why an order cannot be spoken to. */
  private unreachable(known: IbOrder | undefined): { readonly code: string; readonly reason: string } | undefined {
    if (known === undefined) return { code: 'BRK_UNKNOWN_ORDER', reason: 'no such order is known' };
    if (known.ended) return { code: 'BRK_REJECTED', reason: 'the order has ended' };
    if (!known.own) return { code: 'BRK_UNSUPPORTED', reason: 'the order belongs to another client of the gateway' };
    if (!this.connection.gateway.isReady) return { code: 'BRK_CONNECTION', reason: 'there is no connection to the gateway' };
    return undefined;
  }

  private orderEnded(clientOrderId: string): void {
    const known = this.desk.orders.get(clientOrderId);
    const resolved = known && this.connection.instrumentOf(known.contract);
    if (resolved !== undefined) this.contracts.moved(resolved.instrument.id);
  }

  private say(event: BrokerEvent): void {
    try {
      this.sink?.(inWholeSeconds(event));
      if (event.kind === 'fill') this.contracts.moved(event.fill.instrument);
      else if (event.kind === 'canceled' || event.kind === 'expired') this.orderEnded(event.clientOrderId);
    } catch (thrown) {
      this.context.logger.error(`the account threw on ${event.kind}: ${messageOf(thrown)}`);
    }
  }
}
