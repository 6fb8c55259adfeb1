import type { BrokerEvent, Fill } from '../domain/events.js';
import type { OrderChange, OrderIntent } from '../domain/order.js';
import type { SignalAction } from '../domain/signal.js';
import { TELEMETRY_SCHEMA, type TelemetryDecision, type TelemetryExposure, type TelemetryOrder, type TelemetryOutcome, type TelemetryOverlay, type TelemetryRun } from '../domain/telemetry.js';
import { isoTime, type UtcMs } from '../domain/units.js';
import type { JournalRecord } from '../ports/journal.js';
import type { TelemetrySink } from '../ports/telemetry.js';
import type { Account } from '../pipeline/account.js';
import type { DecisionObserver } from '../pipeline/decision-observer.js';
import type { Desk } from '../pipeline/desk.js';
import { exposure } from '../pipeline/exposure.js';
import { FeatureLabels } from './feature-labels.js';
import { barOf, inputsOf, orderOf, signalLine } from './telemetry-lines.js';

/** Orders whose decision is remembered: the oldest are forgotten first. */
const MOST_ORDERS = 10_000;

export type TelemetryOptions = Pick<TelemetryRun, 'mode' | 'baseCurrency'> & { readonly every: 'decision' | 'bar' };

/** What an order came from. */
type Origin = { readonly cycle: string; readonly decisionPrice: number };

/** Confidence behind each stage, and what memory was asked. */
export type Steps = { votes: number; memory: number; advice: number; voted: SignalAction; reached: boolean; recalled: { readonly sample: number; readonly winRate: number } | undefined; sized: number | undefined; target: number | undefined };

type Cycle = {
  readonly desk: Desk;
  readonly exposure: TelemetryExposure;
  readonly steps: Steps;
  readonly overlays: TelemetryOverlay[];
  readonly orders: TelemetryOrder[];
  readonly changes: Array<Omit<OrderChange, 'instrument'>>;
  readonly cancels: string[];
  readonly notes: string[];
};

/**
 * Tells every decision in one line of JSON, and what became of its orders in others. It makes nothing up: it hears the
 * records that go to the journal, and looks at a decision between its stages. Only there when it is asked for; it
 * decides nothing.
 */
export class Telemetry implements DecisionObserver {
  private account!: Account;
  private cycle: Cycle | undefined;
  private labels: readonly FeatureLabels[] | undefined;
  private readonly origins = new Map<string, Origin>();

  constructor(
    private readonly sink: TelemetrySink,
    private readonly options: TelemetryOptions,
  ) {}

  /** Called once, when the account is whole. */
  observe(account: Account): void {
    this.account = account;
    account.observer = this;
  }

  begin(desk: Desk): void {
    const { account } = this;
    if (!account.journal.enabled) return; // the past is recalled: it was told then
    const { position } = desk;
    this.cycle = {
      desk,
      exposure: { position: position.quantity, ...(position.averagePrice === undefined ? {} : { averagePrice: position.averagePrice }), notional: exposure(account), equity: account.ledger.equity },
      steps: { votes: 0.5, memory: 0.5, advice: 0.5, voted: 'hold', reached: false, recalled: undefined, sized: undefined, target: undefined },
      overlays: [],
      orders: [],
      changes: [],
      cancels: [],
      notes: [],
    };
    const { notes } = this.cycle;
    account.notes.listener = (text) => void notes.push(text);
  }

  step(stage: 'votes' | 'memory' | 'advice', desk: Desk): void {
    if (this.cycle === undefined) return;
    const { steps } = this.cycle;
    steps[stage] = desk.confidence;
    if (stage !== 'votes') return;
    steps.reached = true;
    steps.voted = desk.action;
  }

  recalled(sample: number, winRate: number): void {
    if (this.cycle !== undefined) this.cycle.steps.recalled = { sample, winRate };
  }

  wants(stage: 'sized' | 'target', desk: Desk): void {
    if (this.cycle !== undefined) this.cycle.steps[stage] = desk.position.grid.lots.value(desk.targetLots);
  }

  overlay(said: TelemetryOverlay): void {
    this.cycle?.overlays.push(said);
  }

  /** The line of a decision, where there is something to tell. */
  end(desk: Desk): void {
    const { account, cycle } = this;
    if (cycle === undefined) return;
    this.cycle = undefined;
    account.notes.listener = undefined;
    const { orders, changes, cancels, overlays, notes, steps } = cycle;
    if (this.options.every !== 'bar' && desk.voteCount === 0 && orders.length + changes.length + cancels.length === 0) return;
    this.labels ??= account.desks.map((each) => new FeatureLabels(each, account.desks.map(({ instrument }) => instrument.id)));
    this.write({
      kind: 'decision',
      cycle: cycleOf(desk.instrument.id, account.now),
      time: isoTime(account.now),
      instrument: desk.instrument.id,
      trigger: 'bar',
      bar: barOf(desk),
      features: (this.labels[desk.index] as FeatureLabels).values(),
      ...inputsOf(desk),
      exposure: cycle.exposure,
      ...signalLine(desk, account, steps),
      ...(overlays.length === 0 ? {} : { overlays }),
      ...(orders.length === 0 ? {} : { orders }),
      ...(changes.length === 0 ? {} : { changes }),
      ...(cancels.length === 0 ? {} : { cancels }),
      ...(notes.length === 0 ? {} : { notes: [...new Set(notes)] }),
    });
  }

  sentBefore({ clientOrderId, bracket, instrument, decidedAt, decisionPrice }: OrderIntent): void {
    const origin = { cycle: cycleOf(instrument, decidedAt), decisionPrice };
    for (const id of [clientOrderId, ...(bracket ?? []).map((leg) => leg.clientOrderId)]) this.origins.set(id, origin);
    for (const [oldest] of this.origins) {
      if (this.origins.size <= MOST_ORDERS) break;
      this.origins.delete(oldest);
    }
  }

  /** A record that went to the journal. */
  take(record: JournalRecord): void {
    const { account } = this;
    switch (record.kind) {
      case 'run':
        this.run(record.time, account);
        break;
      case 'intent':
        this.sentBefore(record.data as OrderIntent);
        this.order(record.data as OrderIntent, undefined, undefined, account);
        break;
      case 'refusal': {
        const { intent, reason, reducedTo } = record.data as { readonly intent: OrderIntent; readonly reason: string; readonly reducedTo?: number };
        this.order(intent, reason, reducedTo ?? 0, account);
        break;
      }
      case 'change': {
        const { instrument, ...change } = record.data as OrderChange;
        this.add(instrument, account, (cycle) => cycle.changes.push(change));
        break;
      }
      case 'cancel': {
        const { clientOrderId } = record.data as { readonly clientOrderId: string };
        const order = account.orders.get(clientOrderId);
        if (order !== undefined) this.add((account.desks[order.instrument] as Desk).instrument.id, account, (cycle) => cycle.cancels.push(clientOrderId));
        break;
      }
      case 'broker-event':
        this.outcome(record.data as BrokerEvent, account);
        break;
      default: // told by the decision itself, or no part of one
    }
  }

  private run(time: UtcMs, account: Account): void {
    const { mode, baseCurrency } = this.options;
    this.write({ schema: TELEMETRY_SCHEMA, kind: 'run', ...(time > 0 ? { time: isoTime(time) } : {}), account: account.name, mode, baseCurrency, instruments: account.desks.map(({ instrument }) => instrument.id) });
  }

  /** What the door made of an intent. It says so once, or twice: that it was reduced and then approved, or approved and then not sent. */
  private order(intent: OrderIntent, why: string | undefined, quantity: number | undefined, account: Account): void {
    this.add(intent.instrument, account, ({ orders }) => {
      const at = orders.findIndex(({ clientOrderId }) => clientOrderId === intent.clientOrderId);
      const line = orderOf(intent, orders[at], why, quantity, account.settings.dryRun);
      if (at < 0) orders.push(line);
      else orders[at] = line;
    });
  }

  /** Puts something into the cycle at hand; what comes between two cycles gets a line of its own. */
  private add(instrument: string, account: Account, put: (cycle: Pick<Cycle, 'orders' | 'changes' | 'cancels'>) => void): void {
    if (this.cycle?.desk.instrument.id === instrument) {
      put(this.cycle);
      return;
    }
    const alone = { orders: [], changes: [], cancels: [] } as Pick<Cycle, 'orders' | 'changes' | 'cancels'>;
    put(alone);
    const { orders, changes, cancels } = alone;
    this.write({
      kind: 'decision',
      cycle: cycleOf(instrument, account.now),
      time: isoTime(account.now),
      instrument,
      trigger: 'event',
      ...(orders.length === 0 ? {} : { orders }),
      ...(changes.length === 0 ? {} : { changes }),
      ...(cancels.length === 0 ? {} : { cancels }),
    });
  }

  private outcome(event: BrokerEvent, account: Account): void {
    switch (event.kind) {
      case 'fill':
        if (!account.orders.knows(event.fill)) this.fill(event.fill, account); // a venue may repeat an execution
        break;
      case 'fill-corrected':
        this.write({ kind: 'fill-corrected', time: isoTime(event.time), executionId: event.executionId, ...(event.replacement === undefined ? {} : { replacedBy: event.replacement.executionId }) });
        break;
      case 'rejected':
      case 'canceled':
      case 'expired':
      case 'cancel-rejected':
      case 'modify-rejected':
      case 'outcome-unknown': {
        const { kind, clientOrderId } = event;
        const order = account.orders.get(clientOrderId);
        const cycle = this.origins.get(clientOrderId)?.cycle;
        this.write({
          kind,
          ...(cycle === undefined ? {} : { cycle }),
          time: isoTime(event.time),
          clientOrderId,
          ...(order === undefined ? {} : { filled: (account.desks[order.instrument] as Desk).position.grid.lots.value(order.filledLots) }),
          ...('code' in event ? { code: event.code } : {}),
          ...('reason' in event ? { reason: event.reason } : {}),
        });
        break;
      }
      default: // on its way, or no order's
    }
  }

  private fill(fill: Fill, account: Account): void {
    const order = account.orders.get(fill.clientOrderId);
    const { position } = account.desks[account.ledger.indexOf(fill.instrument)] as Desk;
    const { lots } = position.grid;
    const traded = lots.nearest(fill.quantity);
    const origin = this.origins.get(fill.clientOrderId);
    this.write({
      kind: 'fill',
      ...(origin === undefined ? {} : { cycle: origin.cycle }),
      time: isoTime(fill.time),
      instrument: fill.instrument,
      clientOrderId: fill.clientOrderId,
      executionId: fill.executionId,
      side: fill.side,
      quantity: fill.quantity,
      price: fill.price,
      ...(origin === undefined ? {} : { decisionPrice: origin.decisionPrice }),
      commission: fill.commission,
      slippage: fill.slippage,
      ...(order === undefined ? {} : { filled: lots.value(order.filledLots + traded), remaining: lots.value(Math.max(0, order.lots - order.filledLots - traded)) }),
      position: lots.value(position.lots + (fill.side === 'buy' ? traded : -traded)),
      ...(fill.cause === undefined ? {} : { cause: fill.cause }),
    });
  }

  private write(line: TelemetryRun | TelemetryDecision | TelemetryOutcome): void {
    this.sink.write(`${JSON.stringify(line)}\n`);
  }
}

/** All that is decided on an instrument at one moment. */
function cycleOf(instrument: string, time: UtcMs): string {
  return `${instrument}@${isoTime(time)}`;
}
