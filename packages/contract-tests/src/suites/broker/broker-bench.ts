import { setImmediate } from 'node:timers/promises';
import type { BracketLeg, BrokerEvent, ClientOrderId, Fill, Instrument, OrderChange, OrderIntent, OrderType, Side, TimeInForce } from '@keelson/core/domain';
import { InstrumentGrid, toPrice, toQuantity, toUtcMs } from '@keelson/core/domain';
import type { Broker, BrokerSnapshot, OpenOrder } from '@keelson/core/ports';
import { expectPresent, expectThat, needed, show } from '../../frame/expectations.js';
import type { BrokerSession, BrokerSubject, VenueControl } from './broker-subject.js';
import { forgeApproval } from './forge-approval.js';

export type OrderFields = {
  readonly side?: Side;
  /** In lots. */
  readonly lots?: number;
  readonly type?: OrderType;
  readonly timeInForce?: TimeInForce;
  readonly role?: OrderIntent['role'];
  readonly reduceOnly?: boolean;
  /** Prices in ticks from where the market stands. */
  readonly limit?: number;
  readonly stop?: number;
  readonly trail?: number;
  readonly ocoGroup?: string;
  /** Stop and target of a bracket, in ticks from where the market stands. */
  readonly bracket?: { readonly stop: number; readonly target: number };
  readonly clientOrderId?: string;
};

/** What a broker says under a kind. */
export type EventOf<Kind extends BrokerEvent['kind']> = BrokerEvent extends infer Event ? (Event extends { readonly kind: infer Own } ? (Kind extends Own ? Event : never) : never) : never;

/** An event as it was when it came, and the very object, which must not change afterwards. */
type Heard = { readonly event: BrokerEvent; readonly text: string };

/** A connected broker, what it said, and the means to go on: what a card works with. */
export class BrokerBench {
  broker: Broker;
  readonly heard: Heard[] = [];
  private sent = 0;
  private readonly grid: InstrumentGrid;

  constructor(
    readonly session: BrokerSession,
    private readonly cannot: NonNullable<BrokerSubject['cannot']> = {},
  ) {
    this.broker = session.broker;
    this.grid = new InstrumentGrid(session.instrument);
  }

  get instrument(): Instrument {
    return this.session.instrument;
  }

  /** Connects; from now on it is listened to. */
  async connect(): Promise<void> {
    await this.broker.connect((event) => this.hear(event));
  }

  readonly hear = (event: BrokerEvent): void => {
    this.heard.push({ event, text: JSON.stringify(event) });
  };

  /** Events as they were when they came. */
  get events(): BrokerEvent[] {
    return this.heard.map(({ text }) => JSON.parse(text) as BrokerEvent);
  }

  /** A control that the card cannot go without. */
  control<Name extends keyof VenueControl>(name: Name): NonNullable<VenueControl[Name]> {
    const { control } = this.session;
    return needed(control?.[name]?.bind(control), `the subject cannot make it happen: no control ${name}`, this.cannot[name]) as NonNullable<VenueControl[Name]>;
  }

  /** A price so many ticks above the market. */
  price(ticks: number): number {
    return this.grid.ticks.value(this.grid.ticks.nearest(this.session.price()) + ticks);
  }

  /** A quantity that the account cannot pay for. */
  get tooLarge(): number {
    return needed(this.session.tooLarge, 'the subject names no quantity that is too large', this.cannot.tooLarge);
  }

  quantity(lots: number): number {
    return this.grid.lots.value(lots);
  }

  nextId(): ClientOrderId {
    this.sent++;
    return `${this.session.run ?? 'contract'}-${this.sent}`;
  }

  intent({ side = 'buy', lots = 1, type = 'market', timeInForce, role = 'entry', reduceOnly = false, limit, stop, trail, ocoGroup, bracket, clientOrderId = this.nextId() }: OrderFields = {}): OrderIntent {
    const price = (ticks: number): OrderIntent['decisionPrice'] => toPrice(this.price(ticks));
    const legs: readonly BracketLeg[] | undefined = bracket && [
      { clientOrderId: `${clientOrderId}-stop`, role: 'stop', type: 'stop', stopPrice: price(bracket.stop) },
      { clientOrderId: `${clientOrderId}-target`, role: 'target', type: 'limit', limitPrice: price(bracket.target) },
    ];
    return {
      clientOrderId,
      instrument: this.instrument.id,
      role,
      side,
      quantity: toQuantity(this.quantity(lots)),
      type,
      timeInForce: timeInForce ?? this.restingTime(),
      reduceOnly,
      ...(limit === undefined ? {} : { limitPrice: price(limit) }),
      ...(stop === undefined ? {} : { stopPrice: price(stop) }),
      ...(trail === undefined ? {} : { trailDistance: toPrice(this.grid.ticks.value(trail)) }),
      ...(ocoGroup === undefined ? {} : { ocoGroup }),
      ...(legs === undefined ? {} : { bracket: legs }),
      decidedAt: toUtcMs(0),
      decisionPrice: price(0),
      reason: 'contract test',
    };
  }

  /** Sends an order. @returns its id */
  submit(fields: OrderFields = {}): ClientOrderId {
    return this.send(this.intent(fields));
  }

  send(intent: OrderIntent): ClientOrderId {
    this.broker.submit(forgeApproval(intent));
    return intent.clientOrderId;
  }

  modify(clientOrderId: ClientOrderId, change: { readonly quantity?: number; readonly limitPrice?: number; readonly stopPrice?: number }): void {
    this.broker.modify(forgeApproval({ clientOrderId, instrument: this.instrument.id, reason: 'contract test', ...change } as OrderChange));
  }

  /** Moves the market by ticks from where it stands. */
  async move(ticks: number): Promise<void> {
    await this.control('movePrice')(this.price(ticks));
    await this.settle();
  }

  /** Lets the market trade where it stands: what is marketable fills. Where nothing moves it, it is waited for. */
  async tick(): Promise<void> {
    const { control } = this.session;
    if (control?.movePrice !== undefined) await control.movePrice(this.price(0));
    await this.settle();
  }

  async settle(): Promise<void> {
    if (this.session.settle !== undefined) await this.session.settle();
    else for (let turn = 0; turn < 2; turn++) await setImmediate();
  }

  /** The connection breaks, and stands again after what happens `meanwhile`. Whether either is told, other cards hold. */
  async breakOff(meanwhile: () => void | Promise<void> = () => undefined): Promise<void> {
    await this.control('dropConnection')();
    await this.settle();
    await meanwhile();
    const before = this.events.length;
    await this.control('restoreConnection')();
    await this.until(() => this.events.slice(before).some((event) => event.kind === 'connection' && event.state === 'connected'), 'connection connected').catch(() => undefined);
    for (let turn = 0; turn < 3; turn++) await this.settle();
  }

  /** Waits until something was said. */
  async until(holds: () => boolean, what: string): Promise<void> {
    for (let turn = this.session.patience ?? 20; turn > 0 && !holds(); turn--) await this.settle();
    expectThat(holds(), `the events were ${this.said()}`, what);
  }

  /** Everything that was said, in short. */
  said(): string {
    return this.events.length === 0 ? 'none' : this.events.map((event) => ('clientOrderId' in event ? `${event.kind} ${event.clientOrderId}` : event.kind === 'fill' ? `fill ${event.fill.executionId} of ${event.fill.clientOrderId}` : event.kind)).join(', ');
  }

  /** Events of one kind about one order. */
  of<Kind extends BrokerEvent['kind']>(kind: Kind, clientOrderId: ClientOrderId): Array<EventOf<Kind>> {
    return this.events.filter((event) => event.kind === kind && 'clientOrderId' in event && event.clientOrderId === clientOrderId) as Array<EventOf<Kind>>;
  }

  /** Orders of this card that were accepted, by id. */
  get accepted(): readonly string[] {
    return this.events.flatMap((event) => (event.kind === 'accepted' && event.clientOrderId.startsWith(`${this.session.run ?? 'contract'}-`) ? [event.clientOrderId] : []));
  }

  /** The first event of one kind about one order, once it came. */
  async heardOf<Kind extends BrokerEvent['kind']>(kind: Kind, clientOrderId: ClientOrderId): Promise<EventOf<Kind>> {
    await this.until(() => this.of(kind, clientOrderId).length > 0, `${kind} ${clientOrderId}`);
    const [event] = this.of(kind, clientOrderId);
    expectPresent(event, 'no event', kind);
    return event;
  }

  /** Executions of an order, each once. */
  fills(clientOrderId: ClientOrderId): Fill[] {
    const fills = new Map<string, Fill>();
    for (const event of this.events) if (event.kind === 'fill' && event.fill.clientOrderId === clientOrderId && !fills.has(event.fill.executionId)) fills.set(event.fill.executionId, event.fill);
    return [...fills.values()];
  }

  filled(clientOrderId: ClientOrderId): number {
    return this.fills(clientOrderId).reduce((sum, { quantity }) => sum + quantity, 0);
  }

  async untilFilled(clientOrderId: ClientOrderId, lots: number): Promise<void> {
    await this.until(() => Math.abs(this.filled(clientOrderId) - this.quantity(lots)) < 1e-9, `fills of ${clientOrderId} for ${this.quantity(lots)}`);
  }

  /** Buys or sells at the market and waits for the fill. */
  async trade(side: Side, lots: number): Promise<ClientOrderId> {
    const id = this.submit({ side, lots });
    await this.settle();
    if (this.filled(id) < this.quantity(lots)) await this.tick();
    await this.untilFilled(id, lots);
    return id;
  }

  /** An order far below (or above, to sell) the market, accepted. */
  async rest(fields: OrderFields = {}): Promise<ClientOrderId> {
    const id = this.submit({ type: 'limit', limit: fields.side === 'sell' ? FAR : -FAR, ...fields });
    await this.heardOf('accepted', id);
    return id;
  }

  snapshot(): Promise<BrokerSnapshot> {
    return this.broker.snapshot();
  }

  async openOrder(clientOrderId: ClientOrderId): Promise<OpenOrder | undefined> {
    return (await this.snapshot()).orders.find((order) => order.clientOrderId === clientOrderId);
  }

  async position(): Promise<number> {
    return (await this.snapshot()).positions.find(({ instrument }) => instrument === this.instrument.id)?.quantity ?? 0;
  }

  /** The process dies, and another one connects to the same account. */
  async restart(): Promise<void> {
    const restart = needed(this.session.restart?.bind(this.session), 'the subject cannot restart the process', this.cannot.restart);
    this.broker = await restart();
    await this.connect();
  }

  /** Leaves nothing behind: on a paper account what is open is cancelled and closed first. */
  async close(isPaper: boolean): Promise<void> {
    try {
      if (isPaper) await this.flatten();
      await this.broker.disconnect();
    } finally {
      await this.session.close?.();
    }
  }

  /** On a paper account, before anything is sent. */
  expectNotLive(): void {
    expectThat(this.broker.capabilities.venue !== 'live', 'the venue of the broker was live once it was connected', 'a paper account: nothing was sent');
  }

  private async flatten(): Promise<void> {
    this.expectNotLive();
    const run = `${this.session.run ?? 'contract'}-`;
    for (const { clientOrderId } of (await this.snapshot()).orders) if (clientOrderId.startsWith(run)) this.broker.cancel(clientOrderId);
    await this.settle();
    const held = await this.position();
    if (held !== 0) this.send({ ...this.intent({ side: held > 0 ? 'sell' : 'buy', role: 'exit', reduceOnly: true }), quantity: toQuantity(Math.abs(held)) });
    await this.settle();
    const left = await this.position();
    expectThat(left === 0, `the paper account holds ${show(left)} after the card`, 'nothing: close it by hand');
  }

  /** How long an order may rest, as far as the broker can. */
  private restingTime(): TimeInForce {
    const { timesInForce } = this.broker.capabilities;
    return timesInForce.includes('gtc') ? 'gtc' : timesInForce[0] ?? 'gtc';
  }
}

/** Ticks between the market and an order that is not meant to fill. */
export const FAR = 200;
