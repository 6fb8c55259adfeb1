import type { BrokerEvent, ClientOrderId, Fill, Instrument, OrderChange, OrderIntent, RiskApproved, UtcMs } from '@keelson/core/domain';
import { BrokerError } from '@keelson/core/errors';
import type { Broker, BrokerCapabilities, BrokerEventSink, BrokerSnapshot, MarginAnswer } from '@keelson/core/ports';
import type { ScriptedVenue } from './scripted-venue.js';

/** A client of a {@link ScriptedVenue}: the broker as one life of a process sees it. */
export class ScriptedBroker implements Broker {
  readonly capabilities: BrokerCapabilities;
  isDown = false;
  private sink: BrokerEventSink | undefined;
  private held: BrokerEvent[] | undefined;
  private losing: 'answer' | 'order' | undefined;
  /** Orders whose answers are lost in this call. */
  private mute: readonly string[] = [];

  constructor(private readonly venue: ScriptedVenue) {
    this.capabilities = venue.capabilities;
  }

  async connect(sink: BrokerEventSink): Promise<void> {
    this.askable();
    this.sink = sink;
  }

  async disconnect(): Promise<void> {
    this.sink = undefined;
  }

  async snapshot(): Promise<BrokerSnapshot> {
    this.askable();
    return this.venue.snapshot();
  }

  async executionsSince(since: UtcMs): Promise<readonly Fill[]> {
    this.askable();
    return this.venue.executionsSince(since);
  }

  submit(order: RiskApproved<OrderIntent>): void {
    const { clientOrderId } = order;
    const { orderTypes, timesInForce, nativeBrackets, oco } = this.capabilities;
    const lack = !orderTypes.includes(order.type) ? `a ${order.type} order` : !timesInForce.includes(order.timeInForce) ? `time in force ${order.timeInForce}` : order.bracket !== undefined && !nativeBrackets ? 'a bracket' : order.ocoGroup !== undefined && order.bracket === undefined && !oco ? 'a group of orders' : undefined;
    if (lack !== undefined) this.tell({ kind: 'rejected', clientOrderId, code: 'BRK_UNSUPPORTED', reason: `${lack} was asked for, expected what the broker's capabilities name`, time: this.now });
    else if (this.isDown) this.tell({ kind: 'rejected', clientOrderId, code: 'BRK_CONNECTION', reason: 'there is no connection: the order was not sent', time: this.now });
    else this.send(order);
  }

  modify(change: RiskApproved<OrderChange>): void {
    const { clientOrderId } = change;
    const fault = !this.capabilities.modify ? { code: 'BRK_UNSUPPORTED', reason: 'the broker cannot change orders' } : this.isDown ? { code: 'BRK_CONNECTION', reason: 'there is no connection: the change was not sent' } : undefined;
    if (fault === undefined) this.venue.modify(change);
    else this.tell({ kind: 'modify-rejected', clientOrderId, ...fault, time: this.now });
  }

  cancel(clientOrderId: ClientOrderId): void {
    if (this.isDown) this.tell({ kind: 'cancel-rejected', clientOrderId, code: 'BRK_CONNECTION', reason: 'there is no connection: the cancel was not sent', time: this.now });
    else this.venue.cancel(clientOrderId);
  }

  margin(_instrument: Instrument, quantity: number, price: number): MarginAnswer {
    return this.venue.margin(quantity, price);
  }

  warnings(): readonly string[] {
    return [];
  }

  /** What the venue says; lost while the line is down, or nobody listens. */
  hear(event: BrokerEvent): void {
    if (this.isDown || this.isMuted(event)) return;
    if (this.held !== undefined) this.held.push(event);
    else this.tell(event);
  }

  /** Nothing passes any more: the process at this end is dead. */
  sever(): void {
    this.isDown = true;
    this.sink = undefined;
  }

  loseNext(what: 'answer' | 'order'): void {
    this.losing = what;
  }

  hold(): void {
    this.held ??= [];
  }

  release(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const event of held) this.tell(event);
  }

  drop(): void {
    if (this.isDown) return;
    this.isDown = true;
    this.tell({ kind: 'connection', state: 'disconnected', reason: 'the line broke', time: this.now });
  }

  restore(): void {
    if (!this.isDown) return;
    this.isDown = false;
    this.tell({ kind: 'connection', state: 'connected', reason: 'the line stands again', time: this.now });
  }

  private send(order: OrderIntent): void {
    const { losing } = this;
    this.losing = undefined;
    if (losing === 'answer') this.mute = [order, ...(order.bracket ?? [])].map(({ clientOrderId }) => clientOrderId);
    if (losing !== 'order') this.venue.submit(order);
    this.mute = [];
    if (losing !== undefined) this.tell({ kind: 'outcome-unknown', clientOrderId: order.clientOrderId, reason: 'no answer came in time', time: this.now });
  }

  private isMuted(event: BrokerEvent): boolean {
    const id = event.kind === 'fill' ? event.fill.clientOrderId : 'clientOrderId' in event ? event.clientOrderId : '';
    return this.mute.includes(id);
  }

  private tell(event: BrokerEvent): void {
    this.sink?.(event);
  }

  private askable(): void {
    if (this.isDown) throw new BrokerError('BRK_CONNECTION', 'there is no connection to the scripted venue, expected one that stands', { hint: 'ask again once it is connected', retry: 'safe' });
  }

  private get now(): UtcMs {
    return this.venue.time.now();
  }
}
