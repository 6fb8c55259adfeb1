import { accountSchema } from '@keelson/core/config';
import type { BarColumns, BrokerEvent, Instrument, OrderIntent, UtcMs } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import { composeAccount, createRandom, replayJournal, type ComposeOptions, type ReplayResult, type RunOptions, type RunResult } from '@keelson/core/engine';
import { ADVISOR, BROKER, DATA_FEED, PROPOSAL_SOURCE, STRATEGY, defineAdvisor, defineDataFeed, definePlugin, defineProposalSource, defineStrategy } from '@keelson/core/plugin';
import type { Advice, AdvisorRequest, BarContext, Broker, Journal, JournalRecord, LiveHandlers, Proposal, StrategyContext } from '@keelson/core/ports';
import basics from '@keelson/plugin-basics';
import simulated, { simulatedBroker } from '@keelson/plugin-simulated';
import features from '@keelson/plugin-features';
import strategies from '@keelson/plugin-strategies';
import { allocateBars, sliceBars } from '@keelson/core/series';
import { z } from 'zod';

/** Monday, 2024-01-08T00:00:00Z. */
export const START = 1_704_672_000_000;
export const MINUTE = 60_000;

/** A random walk on the tick grid with jumps and the odd missing bar: hard on stops, easy to reason about. */
export function randomBars(length: number, seed: string, tick = 0.25): BarColumns {
  const random = createRandom(seed);
  const bars = allocateBars(length);
  let price = 4000;
  let time = START;
  for (let i = 0; i < length; i++) {
    const steps = (scale: number): number => Math.round(random.normal() * scale) * tick;
    const open = price + (random.next() < 0.03 ? steps(40) : steps(1));
    const close = open + steps(6);
    bars.time[i] = time;
    bars.open[i] = open;
    bars.close[i] = close;
    bars.high[i] = Math.max(open, close) + Math.abs(steps(4));
    bars.low[i] = Math.min(open, close) - Math.abs(steps(4));
    bars.volume[i] = 1 + random.int(12);
    price = Math.max(1000, close);
    time += random.next() < 0.01 ? (2 + random.int(90)) * MINUTE : MINUTE;
  }
  return bars;
}

export type LawRun = {
  readonly bars: Readonly<Record<string, BarColumns>>;
  /** What the test's own strategy does; made once per instrument. */
  readonly strategy?: (context: StrategyContext<unknown>) => (context: BarContext) => void;
  readonly advise?: (request: AdvisorRequest) => unknown;
  /** What the source `law` of proposals gives at a time; for an account that names it. */
  readonly propose?: (now: UtcMs) => unknown;
  /** Sections of the account that differ. */
  readonly account?: Record<string, unknown>;
  /** Rows in one chunk of the feed. */
  readonly chunk?: number;
  readonly onEvent?: (event: BrokerEvent) => void;
  readonly onIntent?: (intent: OrderIntent) => void;
  readonly onRefusal?: (intent: OrderIntent, reason: string) => void;
  readonly options?: RunOptions;
  readonly journal?: Journal;
  /** Takes the handlers of a live run: its bars come by hand, and there is no history. */
  readonly live?: (handlers: LiveHandlers) => void;
};

export type LawResult = { readonly result: RunResult; readonly intents: readonly OrderIntent[]; readonly events: readonly BrokerEvent[] };

export const FUTURE = { type: 'future', currency: 'USD', multiplier: 5, tickSize: 0.25, calendar: '24/7' } as const;

/** Runs an account with the shipped plugins, and one of the test's own that brings bars, a strategy and an advisor. */
export async function runLaw(run: LawRun): Promise<LawResult> {
  const intents: OrderIntent[] = [];
  const events: BrokerEvent[] = [];
  const engine = composeAccount({ ...lawOptions(run, intents, events), ...(run.journal === undefined ? {} : { journal: run.journal }) });
  return { result: await engine.run(run.options), intents, events };
}

/** Lives through the journal of such an account once more. */
export function replayLaw(run: LawRun, records: Iterable<JournalRecord>): Promise<ReplayResult> {
  return replayJournal(lawOptions(run, [], []), records);
}

/** What such an account is composed of. */
export function lawOptions(run: LawRun, intents: OrderIntent[], events: BrokerEvent[]): Omit<ComposeOptions, 'journal'> {
  const probe = definePlugin({
    name: 'law-probe',
    version: '1.0.0',
    api: '^1.0.0',
    provides: ['broker', 'data-feed', 'strategy', 'advisor', 'proposal-source'],
    register({ add, hooks }) {
      add(BROKER, 'plain', { params: simulatedBroker.params, create: (context) => plain(simulatedBroker.create(context)) });
      add(DATA_FEED, 'law-bars', lawFeed(run));
      add(STRATEGY, 'law', defineStrategy({ params: z.unknown(), create: (context) => ({ onBar: (run.strategy ?? idle)(context) }) }));
      add(ADVISOR, 'law', lawAdvisor(run));
      add(PROPOSAL_SOURCE, 'law', defineProposalSource({ params: z.unknown(), create: () => ({ schedule: { everyMs: MINUTE, latencyMs: MINUTE }, poll: async (now) => (run.propose?.(now) ?? []) as readonly Proposal[] }) }));
      hooks.observe('intent', (intent) => {
        intents.push(intent);
        run.onIntent?.(intent);
      });
      hooks.observe('refusal', ({ intent, reason }) => run.onRefusal?.(intent, reason));
      hooks.observe('broker-event', (event) => {
        events.push(event);
        run.onEvent?.(event);
      });
    },
  });
  const config = accountSchema.parse({
    account: 'law',
    initialCash: 1_000_000,
    instruments: Object.keys(run.bars).map((id) => ({ id, ...FUTURE })),
    data: { feed: 'law-bars', timeframe: '1m' },
    strategies: [{ use: 'law' }],
    ...(run.advise === undefined ? {} : { advisors: [{ use: 'law' }] }),
    ...run.account,
  });
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  return { config, plugins: [basics, simulated, features, strategies, probe].map((plugin) => ({ plugin, config: {}, source: plugin.name })), baseDir: '.', logger: quiet };
}

/** The simulated venue as one that links no orders: what travels together, or in a group, is refused or taken apart. */
function plain(venue: Broker): Broker {
  const linked = venue.submit.bind(venue);
  return Object.assign(venue, {
    capabilities: { ...venue.capabilities, nativeBrackets: false, oco: false },
    submit(order: Parameters<Broker['submit']>[0]): void {
      if (order.bracket !== undefined || order.ocoGroup !== undefined) throw new Error('the venue links no orders');
      linked(order);
    },
  });
}

function idle(): () => void {
  return () => undefined;
}

function lawFeed(run: LawRun): ReturnType<typeof defineDataFeed> {
  return defineDataFeed({
    params: z.unknown(),
    create: () => ({
      capabilities: { history: run.live === undefined, live: run.live !== undefined, volume: true, depth: false },
      connect: async () => undefined,
      disconnect: async () => undefined,
      async *history({ instrument }: { readonly instrument: Instrument }) {
        const bars = run.bars[instrument.id] as BarColumns;
        const chunk = run.chunk ?? bars.length;
        for (let at = 0; at < bars.length; at += chunk) yield sliceBars(bars, at, Math.min(bars.length, at + chunk));
      },
      subscribe: (_requests: unknown, handlers: LiveHandlers) => {
        run.live?.(handlers);
        return () => undefined;
      },
      provenance: () => [],
      warnings: () => [],
    }),
  });
}

function lawAdvisor(run: LawRun): ReturnType<typeof defineAdvisor> {
  return defineAdvisor({ params: z.unknown(), create: () => ({ schedule: { everyMs: MINUTE, latencyMs: 0 }, refresh: async (request) => run.advise?.(request) as Advice | undefined }) });
}

/** Signals at random, often, with and without prices of their own. Its chance comes from the account's seed alone. */
export function reckless({ random, instrument }: StrategyContext<unknown>): (context: BarContext) => void {
  return ({ bars, signal }) => {
    const close = bars.close[bars.index] as number;
    const roll = random.next();
    const distance = (4 + random.int(40)) * instrument.tickSize;
    const confidence = random.next();
    const kind = random.int(4);
    if (roll < 0.25) signal.long({ confidence, reason: 'up', ...(kind > 0 ? { stop: close - distance } : {}), ...(kind > 1 ? { target: close + 2 * distance } : {}), ...(kind > 2 ? { entry: close - instrument.tickSize * 2 } : {}) });
    else if (roll < 0.5) signal.short({ confidence, reason: 'down', ...(kind > 0 ? { stop: close + distance } : {}), ...(kind > 1 ? { target: close - 2 * distance } : {}), ...(kind > 2 ? { entry: close + instrument.tickSize * 2 } : {}) });
    else if (roll < 0.6) signal.flat({ reason: 'out' });
  };
}

/** The first `length` bars of `bars`. */
export function firstBars(bars: BarColumns, length: number): BarColumns {
  return sliceBars(bars, 0, length);
}

/** A result as text, every number of it: equal text means an equal run. */
export function textOf({ result, intents, events }: LawResult): string {
  return JSON.stringify({ ...result, equity: Object.fromEntries(Object.entries(result.equity)), intents, events }, (_key, value: unknown) => (ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value));
}

export function closeOf(bars: BarColumns, row: number): ReturnType<typeof toUtcMs> {
  return toUtcMs((bars.time[row] as number) + MINUTE);
}
