import type { BrokerEvent, Instrument, OrderChange, OrderIntent, RiskApproved, Session, SessionCalendar, UtcMs } from '@keelson/core/domain';
import { toPrice, toUtcMs } from '@keelson/core/domain';
import type { Broker, Clock, Logger, Random, VenueContext } from '@keelson/core/ports';
import { BarRing, allocateBars } from '@keelson/core/series';
import { simulatedParams, type SimulatedParams, type SimulatedSettings } from '../src/config.js';
import { simulatedBroker } from '../src/simulated-broker.js';

const DAY = 86_400_000;

/** Sessions of every UTC day between two hours; 0 and 24 for a market that never closes. */
export function dailyCalendar(openHour: number, closeHour: number, timeZone = 'UTC'): SessionCalendar {
  const session = (day: number): Session => ({
    date: new Date(day).toISOString().slice(0, 10),
    open: toUtcMs(day + openHour * 3_600_000),
    close: toUtcMs(day + closeHour * 3_600_000),
  });
  const dayOf = (time: number): number => Math.floor(time / DAY) * DAY;
  return {
    id: `daily-${openHour}-${closeHour}`,
    timeZone,
    sessionsPerYear: 365,
    sessionAt(time) {
      const found = session(dayOf(time));
      return time >= found.open && time < found.close ? found : undefined;
    },
    nextSession(time) {
      const found = session(dayOf(time));
      return found.open >= time ? found : session(dayOf(time) + DAY);
    },
    previousSession(time) {
      const found = session(dayOf(time));
      return found.close <= time ? found : session(dayOf(time) - DAY);
    },
  };
}

export type InstrumentFields = Partial<Instrument>;

export function instrumentOf(fields: InstrumentFields = {}): Instrument {
  return { id: 'X', venue: 'SIM', type: 'stock', currency: 'USD', multiplier: 1, tickSize: 1, lotSize: 1, calendar: '24/7', symbols: {}, ...fields };
}

export type IntentFields = Partial<Omit<OrderIntent, 'quantity' | 'limitPrice' | 'stopPrice' | 'trailDistance'>> & {
  readonly clientOrderId: string;
  readonly quantity: number;
  readonly limitPrice?: number;
  readonly stopPrice?: number;
  readonly trailDistance?: number;
};

/** The only place in this package's tests that makes an approval: the venue trusts it, so tests must forge it. */
export function approved(fields: IntentFields): RiskApproved<OrderIntent> {
  const intent = {
    instrument: 'X',
    role: 'entry',
    side: 'buy',
    type: 'market',
    timeInForce: 'gtc',
    reduceOnly: false,
    decidedAt: toUtcMs(0),
    decisionPrice: toPrice(0),
    reason: 'test',
    ...fields,
  };
  return intent as unknown as RiskApproved<OrderIntent>;
}

export type HarnessOptions = {
  /** Default: one that always gives 0. */
  readonly random?: Random;
  readonly settings?: SimulatedSettings;
  readonly instruments?: readonly Instrument[];
  readonly calendars?: Readonly<Record<string, SessionCalendar>>;
  readonly initialCash?: number;
  readonly baseCurrency?: string;
  readonly rates?: Readonly<Record<string, number>>;
  readonly baseDir?: string;
  readonly timeframeMs?: number;
  readonly start?: number;
};

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const noChance: Random = { next: () => 0, int: () => 0, normal: () => 0, fork: () => noChance };

/** A venue with bars fed by hand and a list of what it said. */
export class VenueHarness {
  readonly broker: Broker;
  readonly events: BrokerEvent[] = [];
  readonly instruments: readonly Instrument[];
  readonly timeframeMs: number;
  private readonly rings: readonly BarRing[];
  private readonly row = allocateBars(1);
  now: number;

  constructor(options: HarnessOptions = {}) {
    this.instruments = options.instruments ?? [instrumentOf()];
    this.timeframeMs = options.timeframeMs ?? 60_000;
    this.now = options.start ?? Date.parse('2024-01-02T00:00:00Z');
    this.rings = this.instruments.map(() => new BarRing(16));
    const clock: Clock = { now: () => toUtcMs(this.now) };
    const context: VenueContext<SimulatedParams> = {
      params: simulatedParams.parse(options.settings ?? {}),
      account: 'test',
      baseCurrency: options.baseCurrency ?? 'USD',
      initialCash: options.initialCash ?? 1_000_000,
      rates: options.rates ?? {},
      instruments: this.instruments,
      calendars: { '24/7': dailyCalendar(0, 24), ...options.calendars },
      timeframe: { id: 'test', ms: this.timeframeMs, session: false },
      clock,
      timer: { after: () => () => undefined },
      random: options.random ?? noChance,
      logger: silent,
      baseDir: options.baseDir ?? '.',
    };
    this.broker = simulatedBroker.create(context);
    void this.broker.connect((event) => this.events.push(event));
  }

  /** A bar that opens at `time` (default: now) and closes one timeframe later; then the moment ends unless more bars follow. */
  bar(values: readonly [open: number, high: number, low: number, close: number, volume?: number], options: { readonly time?: number; readonly instrument?: number; readonly sameMoment?: boolean } = {}): void {
    const time = options.time ?? this.now;
    const close = toUtcMs(time + this.timeframeMs);
    const index = options.instrument ?? 0;
    const ring = this.rings[index] as BarRing;
    const { row } = this;
    [row.time[0], row.open[0], row.high[0], row.low[0], row.close[0], row.volume[0]] = [time, values[0], values[1], values[2], values[3], values[4] ?? 0];
    ring.push(row, 0);
    ring.closeTime[ring.index] = close;
    this.broker.market?.onBar(index, ring);
    if (options.sameMoment === true) return;
    this.now = close;
    this.broker.market?.onMoment();
  }

  submit(fields: IntentFields): void {
    this.broker.submit(approved(fields));
  }

  modify(change: { readonly clientOrderId: string; readonly quantity?: number; readonly limitPrice?: number; readonly stopPrice?: number }): void {
    this.broker.modify({ instrument: 'X', reason: 'test', ...change } as unknown as RiskApproved<OrderChange>);
  }

  cancel(clientOrderId: string): void {
    this.broker.cancel(clientOrderId);
  }

  /** What was said since the last call. */
  take(): BrokerEvent[] {
    return this.events.splice(0);
  }
}

export const at = (text: string): UtcMs => toUtcMs(Date.parse(text));
