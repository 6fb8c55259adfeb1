import type { BrokerEvent, Fill } from '../domain/events.js';
import type { Instrument } from '../domain/instrument.js';
import type { ClientOrderId, OrderChange, OrderIntent, RiskApproved } from '../domain/order.js';
import type { UtcMs } from '../domain/units.js';
import type { BrokerSnapshot } from '../ports/broker-snapshot.js';
import type { Broker, BrokerCapabilities, BrokerEventSink, MarginAnswer } from '../ports/broker.js';
import type { Journal } from '../ports/journal.js';
import type { Clock } from '../ports/runtime.js';
import type { Recorded } from './recorded.js';

/** A margin question and its answer: an input, since a venue's answer cannot be computed again. Without `answer` it was not known. */
type MarginData = { readonly instrument: string; readonly quantity: number; readonly price: number; readonly answer?: MarginAnswer };

/**
 * A venue outside of this process, as the kernel sees it: while a journal is lived through again nothing is sent
 * and its answers come from the journal; afterwards everything goes through, and what cannot be computed again
 * is written down.
 */
export class ExternalBroker implements Broker {
  /** Grows with everything that is sent and heard: what was read of the venue meanwhile may be older. */
  activity = 0;
  private recorded: Recorded | undefined;
  private queue: BrokerEvent[] = [];
  private onEvents: (() => void) | undefined;

  constructor(
    private readonly venue: Broker,
    private readonly journal: Journal,
    private readonly clock: Clock,
  ) {}

  get capabilities(): BrokerCapabilities {
    return this.venue.capabilities;
  }

  /** Lives through `recorded` from now on; undefined ends it. */
  replay(recorded: Recorded | undefined): void {
    this.recorded = recorded;
  }

  /** Events go to a queue: the kernel takes them between two inputs, never in the middle of one. */
  async connect(_sink: BrokerEventSink): Promise<void> {
    await this.venue.connect((event) => {
      this.queue.push(event);
      this.activity++;
      this.onEvents?.();
    });
  }

  /** Told whenever there are events to {@link take}. */
  notify(onEvents: () => void): void {
    this.onEvents = onEvents;
    if (this.queue.length > 0) onEvents();
  }

  get hasEvents(): boolean {
    return this.queue.length > 0;
  }

  take(): readonly BrokerEvent[] {
    const events = this.queue;
    this.queue = [];
    return events;
  }

  async disconnect(): Promise<void> {
    await this.venue.disconnect();
  }

  snapshot(): Promise<BrokerSnapshot> {
    return this.venue.snapshot();
  }

  executionsSince(since: UtcMs): Promise<readonly Fill[]> {
    return this.venue.executionsSince(since);
  }

  submit(order: RiskApproved<OrderIntent>): void {
    if (this.recorded === undefined) this.sent().submit(order);
  }

  modify(change: RiskApproved<OrderChange>): void {
    if (this.recorded === undefined) this.sent().modify(change);
  }

  cancel(clientOrderId: ClientOrderId): void {
    if (this.recorded === undefined) this.sent().cancel(clientOrderId);
  }

  private sent(): Broker {
    this.activity++;
    return this.venue;
  }

  margin(instrument: Instrument, quantity: number, price: number): MarginAnswer {
    const question = { instrument: instrument.id, quantity, price };
    const { recorded } = this;
    if (recorded !== undefined) return this.recall(recorded, question);
    const said = this.venue.margin(instrument, quantity, price);
    // what is no number has no place in a journal, and is not known
    const answer = typeof said === 'object' && !(Number.isFinite(said.initial) && Number.isFinite(said.maintenance)) ? undefined : said;
    this.journal.append({ kind: 'margin', time: this.clock.now(), data: answer === undefined ? question : { ...question, answer } });
    return answer;
  }

  /** The answer of then, to the same question. */
  private recall(recorded: Recorded, question: MarginData): MarginAnswer {
    const known = recorded.peek();
    const { answer, ...asked } = (known?.data ?? {}) as MarginData;
    if (known?.kind !== 'margin' || JSON.stringify(asked) !== JSON.stringify(question)) {
      recorded.append({ kind: 'margin', time: known?.time ?? this.clock.now(), data: question }); // throws: it was not asked then
      return undefined;
    }
    recorded.append(known);
    return answer;
  }

  warnings(): readonly string[] {
    return this.venue.warnings();
  }
}
