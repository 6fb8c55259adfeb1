import type { BarColumns, BrokerEvent, ClientOrderId, Fill, Instrument, OrderChange, OrderIntent, RiskApproved, UtcMs } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import type { Broker, BrokerCapabilities, BrokerEventSink, BrokerSnapshot, Clock, MarginAnswer, VenueContext } from '@keelson/core/ports';
import { BarRing } from '@keelson/core/series';
import type { SimulatedParams } from '../config.js';
import { SimulatedBroker } from '../simulated-broker.js';
import { FaultDice, type StruckFault } from './fault-dice.js';
import { faultsSchema } from './fault-settings.js';
import { FaultyLink, noConnection } from './faulty-link.js';
import { VenueFaults } from './venue-faults.js';

/** Sees the venue from inside, whatever the line to it does. */
export type VenueWatch = {
  /** An order as it left the account, before any fault. */
  readonly onSubmit: (order: OrderIntent) => void;
  /** What happened at the venue, before any fault. */
  readonly onEvent: (event: BrokerEvent) => void;
  readonly onFault: (fault: StruckFault) => void;
};

/**
 * A simulated venue that stands outside of the account's process: it gets the bars itself, and its orders, positions
 * and executions live on when a client of it dies. What happens while nobody listens, nobody is told; it is to be
 * found out from {@link RemoteClient.snapshot} and {@link RemoteClient.executionsSince}.
 */
export class RemoteVenue {
  readonly venue: SimulatedBroker;
  readonly dice: FaultDice;
  private readonly faults: VenueFaults;
  private readonly rings: readonly BarRing[];
  private client: RemoteClient | undefined;
  /** Money that moved while nobody listened. */
  private readonly untold: BrokerEvent[] = [];

  constructor(
    private readonly context: VenueContext<SimulatedParams>,
    private readonly watch: VenueWatch,
    /** Executions that are older are not told any more; many venues know those of the present day only. */
    private readonly memoryMs = Number.POSITIVE_INFINITY,
  ) {
    const settings = context.params.faults ?? faultsSchema.parse({});
    this.venue = new SimulatedBroker(context);
    this.dice = new FaultDice(settings, context.random.fork(`faults/${settings.seed ?? ''}`), watch.onFault);
    this.faults = new VenueFaults(this.venue, this.dice, context.instruments);
    this.rings = context.instruments.map(() => new BarRing(64));
    void this.venue.connect((event) => this.hear(event));
  }

  /** A new client; the one before is gone, and what was on its way to it is lost. */
  connect(): RemoteClient {
    this.client?.sever();
    this.client = new RemoteClient(this.venue, this.dice, this.watch, this.context.clock, this.memoryMs);
    for (const event of this.untold.splice(0)) this.client.link.say(event);
    return this.client;
  }

  /** True while a client listens on a line that stands. */
  get isHeard(): boolean {
    return this.client !== undefined && !this.client.isSevered && !this.client.link.isCut;
  }

  /** Bars that close at one moment: rows of one length each, by instrument in the account's order. */
  moment(close: number, bars: ReadonlyArray<{ readonly instrument: number; readonly columns: BarColumns; readonly row: number }>): void {
    this.faults.beforeBars();
    for (const { instrument, columns, row } of bars) {
      const ring = this.rings[instrument] as BarRing;
      ring.push(columns, row);
      ring.closeTime[ring.index] = close;
      this.venue.market.onBar(instrument, ring);
    }
    this.venue.market.onMoment();
    this.faults.afterBars();
    this.client?.link.moment();
  }

  /** Hands over what came through to the client. */
  pump(): void {
    this.client?.link.pump();
  }

  /** No more faults: the line stands, and everything on it arrives. */
  calm(): void {
    this.faults.calm();
    this.dice.enabled = false;
    this.client?.link.calm();
  }

  private hear(event: BrokerEvent): void {
    this.faults.see(event);
    this.watch.onEvent(event);
    const { client } = this;
    if (client !== undefined && !client.isSevered) client.link.say(event);
    else if (event.kind === 'cash') this.untold.push(event);
  }
}

/** The venue as one life of an account's process sees it. */
export class RemoteClient implements Broker {
  readonly capabilities: BrokerCapabilities;
  readonly link: FaultyLink;
  isSevered = false;
  private sink: BrokerEventSink | undefined;

  constructor(
    private readonly venue: SimulatedBroker,
    dice: FaultDice,
    private readonly watch: VenueWatch,
    private readonly clock: Clock,
    private readonly memoryMs: number,
  ) {
    this.capabilities = venue.capabilities;
    const end = { submit: venue.submit.bind(venue), modify: venue.modify.bind(venue), cancel: venue.cancel.bind(venue), dropOrders: () => venue.dropOrders(), get now() { return venue.market.now; } };
    this.link = new FaultyLink(end, dice, (event) => this.sink?.(event), false);
  }

  /** The process at this end is dead: nothing passes any more. */
  sever(): void {
    this.isSevered = true;
    this.sink = undefined;
  }

  async connect(sink: BrokerEventSink): Promise<void> {
    if (!this.isSevered) this.sink = sink;
  }

  async disconnect(): Promise<void> {
    this.sink = undefined;
  }

  /** The line keeps its order: what is on its way comes before the answer. Its time is the venue's own, also between two bars. */
  async snapshot(): Promise<BrokerSnapshot> {
    this.askable();
    const { executionsFrom, ...snapshot } = await this.venue.snapshot();
    // one that forgets does not say from when on
    return { ...snapshot, ...(this.memoryMs < Number.POSITIVE_INFINITY || executionsFrom === undefined ? {} : { executionsFrom }), time: this.clock.now() };
  }

  async executionsSince(since: UtcMs): Promise<readonly Fill[]> {
    this.askable();
    return this.venue.executionsSince(toUtcMs(Math.max(since, this.clock.now() - this.memoryMs)));
  }

  submit(order: RiskApproved<OrderIntent>): void {
    if (this.isSevered) return;
    this.watch.onSubmit(order);
    this.link.submit(order);
  }

  modify(change: RiskApproved<OrderChange>): void {
    if (!this.isSevered) this.link.modify(change);
  }

  cancel(clientOrderId: ClientOrderId): void {
    if (!this.isSevered) this.link.cancel(clientOrderId);
  }

  margin(instrument: Instrument, quantity: number, price: number): MarginAnswer {
    return this.venue.margin(instrument, quantity, price);
  }

  private askable(): void {
    if (this.isSevered) throw noConnection();
    this.link.ask();
  }

  warnings(): readonly string[] {
    return this.venue.warnings();
  }
}
