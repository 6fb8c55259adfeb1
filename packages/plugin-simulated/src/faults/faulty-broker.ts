import type { BarWindow, BrokerEvent, ClientOrderId, Fill, Instrument, OrderChange, OrderIntent, RiskApproved, UtcMs } from '@keelson/core/domain';
import type { Broker, BrokerCapabilities, BrokerEventSink, BrokerSnapshot, MarginAnswer, MarketObserver, VenueContext } from '@keelson/core/ports';
import type { SimulatedBroker } from '../simulated-broker.js';
import { FaultDice } from './fault-dice.js';
import type { FaultSettings } from './fault-settings.js';
import { FaultyLink } from './faulty-link.js';
import { VenueFaults } from './venue-faults.js';

/**
 * The simulated broker with faults on its line, in one process with the account. What the line loses comes when it
 * stands again, or at the end of the delay: all of it depends on the seed and on what the account does, so that a run
 * can be repeated, replayed and recalled.
 */
export class FaultyBroker implements Broker {
  readonly capabilities: BrokerCapabilities;
  readonly market: MarketObserver;
  readonly link: FaultyLink;
  private readonly faults: VenueFaults;
  private sink: BrokerEventSink | undefined;
  private moments = 0;
  private struck = 0;

  constructor(
    private readonly venue: SimulatedBroker,
    context: VenueContext<unknown>,
    private readonly settings: FaultSettings,
  ) {
    this.capabilities = venue.capabilities;
    const { logger } = context;
    const dice = new FaultDice(settings, context.random.fork(`faults/${settings.seed ?? ''}`), (fault) => {
      this.struck++;
      logger.info(`fault ${fault.number}: ${fault.kind}`, { ...fault, seed: settings.seed ?? 'of the account' });
    });
    this.faults = new VenueFaults(venue, dice, context.instruments);
    const end = { submit: venue.submit.bind(venue), modify: venue.modify.bind(venue), cancel: venue.cancel.bind(venue), dropOrders: () => venue.dropOrders(), get now() { return venue.market.now; } };
    this.link = new FaultyLink(end, dice, (event) => this.sink?.(event), true);
    let begun = false;
    this.market = {
      onBar: (instrument: number, bars: BarWindow) => {
        if (!begun) this.faults.beforeBars();
        begun = true;
        venue.market.onBar(instrument, bars);
      },
      onMoment: () => {
        begun = false;
        venue.market.onMoment();
        this.faults.afterBars();
        this.link.moment();
        this.moments++;
        if (this.moments % settings.resyncBars === 0) this.link.flush();
        else this.link.pump();
      },
    };
  }

  async connect(sink: BrokerEventSink): Promise<void> {
    this.sink = sink;
    await this.venue.connect((event: BrokerEvent) => {
      this.faults.see(event);
      this.link.say(event);
    });
  }

  async disconnect(): Promise<void> {
    this.sink = undefined;
    await this.venue.disconnect();
  }

  submit(order: RiskApproved<OrderIntent>): void {
    this.link.submit(order);
    this.link.pump();
  }

  modify(change: RiskApproved<OrderChange>): void {
    this.link.modify(change);
    this.link.pump();
  }

  cancel(clientOrderId: ClientOrderId): void {
    this.link.cancel(clientOrderId);
    this.link.pump();
  }

  async snapshot(): Promise<BrokerSnapshot> {
    this.link.ask();
    return this.venue.snapshot();
  }

  async executionsSince(since: UtcMs): Promise<readonly Fill[]> {
    this.link.ask();
    return this.venue.executionsSince(since);
  }

  margin(instrument: Instrument, quantity: number, price: number): MarginAnswer {
    return this.venue.margin(instrument, quantity, price);
  }

  warnings(): readonly string[] {
    return [...this.venue.warnings(), `faults were injected on purpose: ${this.struck} struck (seed ${this.settings.seed ?? 'of the account'})`];
  }
}
