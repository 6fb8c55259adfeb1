import type { BrokerEvent, Fill, OrderChange, OrderIntent, OrderStatus } from '@keelson/core/domain';
import type { Broker, BrokerEventSink, BrokerSnapshot, OpenOrder } from '@keelson/core/ports';
import { ScriptedVenue, type ScriptedVenueOptions } from '../src/fakes/index.js';
import type { EventOf } from '../src/suites/broker/broker-bench.js';
import type { BrokerSession, BrokerSubject } from '../src/suites/broker/broker-subject.js';
import { forgeApproval } from '../src/suites/broker/forge-approval.js';

/** A sound subject: the scripted venue, with what its session adds. */
export function scriptedSubject(options: ScriptedVenueOptions = {}, broken: (broker: Broker, venue: ScriptedVenue, isRestarted: boolean) => Broker = (broker) => broker): BrokerSubject {
  return {
    open(): BrokerSession {
      const venue = new ScriptedVenue(options);
      return {
        broker: broken(venue.client(), venue, false),
        instrument: venue.instrument,
        price: () => venue.price,
        control: venue,
        restart: () => broken(venue.client(), venue, true),
        tooLarge: 1_000_000,
      };
    },
  };
}

/** What is wrong with a broker: parts of it that do something else. */
export type Defect = {
  /** Called with each order; returns what is sent instead. */
  readonly submit?: (order: OrderIntent, send: (order: OrderIntent) => void, tell: (event: BrokerEvent) => void) => void;
  readonly modify?: (change: OrderChange, send: (change: OrderChange) => void, tell: (event: BrokerEvent) => void) => void;
  readonly cancel?: (id: string, send: (id: string) => void, tell: (event: BrokerEvent) => void) => void;
  /** Called with each event; returns what is told instead. */
  readonly event?: (event: BrokerEvent) => readonly BrokerEvent[];
  readonly snapshot?: (snapshot: BrokerSnapshot) => BrokerSnapshot;
  readonly executions?: (fills: readonly Fill[]) => readonly Fill[];
  readonly rest?: (broker: Broker) => Partial<Broker>;
};

/** A broker with a defect. */
export function withDefect(broker: Broker, { submit, modify, cancel, event, snapshot, executions, rest }: Defect): Broker {
  let sink: BrokerEventSink = () => undefined;
  const tell = (each: BrokerEvent): void => sink(each);
  const send = (order: OrderIntent): void => broker.submit(forgeApproval(order));
  const change = (each: OrderChange): void => broker.modify(forgeApproval(each));
  const base: Broker = {
    capabilities: broker.capabilities,
    connect: (listener) => {
      sink = listener;
      return broker.connect((each) => (event === undefined ? [each] : event(each)).forEach((told) => listener(told)));
    },
    disconnect: () => broker.disconnect(),
    snapshot: async () => (snapshot ?? ((each) => each))(await broker.snapshot()),
    executionsSince: async (since) => (executions ?? ((each) => each))(await broker.executionsSince(since)),
    submit: (order) => (submit === undefined ? send(order) : submit(order, send, tell)),
    modify: (each) => (modify === undefined ? change(each) : modify(each, change, tell)),
    cancel: (id) => (cancel === undefined ? broker.cancel(id) : cancel(id, (each) => broker.cancel(each), tell)),
    margin: (...asked) => broker.margin(...asked),
    warnings: () => broker.warnings(),
  };
  return { ...base, ...rest?.(base) };
}

/** A subject whose broker has a defect; made anew for each card. */
export function defective(make: (venue: ScriptedVenue, isRestarted: boolean) => Defect, options: ScriptedVenueOptions = {}): BrokerSubject {
  return scriptedSubject(options, (broker, venue, isRestarted) => withDefect(broker, make(venue, isRestarted)));
}

/** Orders as they end up when one field of theirs is changed on the way. */
export function sending(change: (order: OrderIntent) => object): BrokerSubject {
  return defective(() => ({ submit: (order, send) => send({ ...order, ...change(order) }) }));
}

/** Events of one kind that are changed on their way; an empty list for none. */
export function telling<Kind extends BrokerEvent['kind']>(kind: Kind, change: (event: EventOf<Kind>, seen: readonly BrokerEvent[]) => readonly BrokerEvent[]): BrokerSubject {
  return defective(() => {
    const seen: BrokerEvent[] = [];
    return {
      event(event) {
        seen.push(event);
        return event.kind === kind ? change(event as EventOf<Kind>, seen) : [event];
      },
    };
  });
}

/** Open orders that are told otherwise than they are. */
export function showing(change: (order: OpenOrder) => Partial<Record<keyof OpenOrder, unknown>> & { readonly status?: OrderStatus }): BrokerSubject {
  return defective(() => ({ snapshot: (snapshot) => ({ ...snapshot, orders: snapshot.orders.map((order) => ({ ...order, ...change(order) }) as OpenOrder) }) }));
}
