import { setImmediate } from 'node:timers/promises';
import { accountSchema } from '../src/config/account-schema.js';
import type { NewsEvent } from '../src/domain/news.js';
import { toMoney, toPrice, type UtcMs } from '../src/domain/units.js';
import { composeAccount } from '../src/engine/compose-account.js';
import { MemoryJournal } from '../src/engine/journals.js';
import { replayJournal, type ReplayResult } from '../src/engine/replay.js';
import type { RunResult } from '../src/engine/run-result.js';
import { defineAdvisor, defineBroker, defineContextFeed, defineDataFeed, defineNewsFeed, defineRegime, defineRiskOverlay, defineStrategy } from '../src/plugin/define.js';
import { definePlugin } from '../src/plugin/define-plugin.js';
import { ADVISOR, BROKER, CONTEXT_FEED, DATA_FEED, NEWS_FEED, REGIME, RISK_OVERLAY, STRATEGY } from '../src/plugin/tokens.js';
import type { AdvisorRequest } from '../src/ports/advisor.js';
import type { BrokerEventSink } from '../src/ports/broker.js';
import type { ContextFeed } from '../src/ports/context.js';
import type { NewsFeed } from '../src/ports/news.js';
import type { OverlayContext, RiskOverlay } from '../src/ports/risk-overlay.js';
import type { JournalRecord } from '../src/ports/journal.js';
import type { Timer } from '../src/ports/runtime.js';
import type { BarContext, StrategyContext } from '../src/ports/strategy.js';
import type { RegimeClassifier, RegimeContext } from '../src/ports/regime.js';
import { allocateBars } from '../src/series/bar-columns.js';
import { KeptLog, MINUTE, ScriptedBroker } from './kernel.js';

/** Open of the first bar, a Monday; bar `n` closes at `START + n × MINUTE`, counted from 1. */
export const START = 1_704_672_000_000;

/** Time limits pass at once, after everything that is ready has run: a test waits for nothing. */
export const impatient: Timer = {
  after(_ms, call) {
    let off = false;
    void (async () => {
      for (let turn = 0; turn < 3; turn++) await setImmediate();
      if (!off) call();
    })();
    return () => void (off = true);
  },
};

export type SideRun = {
  /** Bars of one minute, all at 100. */
  readonly bars?: number;
  readonly feeds?: Readonly<Record<string, Partial<ContextFeed>>>;
  readonly news?: Readonly<Record<string, Partial<NewsFeed>>>;
  readonly strategy?: (context: StrategyContext<unknown>) => (context: BarContext) => void;
  readonly overlay?: (context: OverlayContext<unknown>) => RiskOverlay;
  readonly regime?: (context: RegimeContext<unknown>) => RegimeClassifier;
  readonly advise?: (request: AdvisorRequest) => unknown;
  readonly adviseEveryMs?: number;
  /** Sections of the account file that differ from the defaults. */
  readonly config?: Record<string, unknown>;
};

export type SideResult = { readonly result: RunResult; readonly orders: ScriptedBroker['submitted']; readonly records: readonly JournalRecord[]; readonly heard: readonly NewsEvent[]; readonly log: readonly string[]; /** Lives through the journal of the run, as it would be read from a file. */ readonly replay: () => Promise<ReplayResult> };

const both = { history: true, live: true };

/** Runs an account whose sources, strategy and advisor are a test's own. */
export async function sideRun(run: SideRun): Promise<SideResult> {
  const broker = new ScriptedBroker();
  // a venue in this process: every order is filled at 100, within the call
  Object.assign(broker, { market: { onBar: () => undefined, onMoment: () => undefined } });
  broker.connect = async (sink?: BrokerEventSink) => {
    broker.onSubmit = ({ clientOrderId, instrument, side, quantity, decidedAt }) =>
      sink?.({ kind: 'fill', fill: { executionId: `x-${clientOrderId}`, clientOrderId, instrument, side, quantity, price: toPrice(100), commission: toMoney(0), commissionCurrency: 'USD', slippage: toMoney(0), liquidity: 'taker', time: decidedAt } });
  };
  const log = new KeptLog();
  const journal = new MemoryJournal();
  const heard: NewsEvent[] = [];
  const plugin = definePlugin({
    name: 'test',
    version: '1.0.0',
    api: '^1.0.0',
    provides: ['broker', 'data-feed', 'strategy', 'advisor', 'risk-overlay', 'regime', 'context-feed', 'news-feed'],
    register({ add, hooks }) {
      const params = { '~standard': { version: 1 as const, vendor: 'test', validate: (value: unknown) => ({ value }) } };
      add(BROKER, 'b', defineBroker({ params, create: () => broker }));
      add(STRATEGY, 's', defineStrategy({ params, create: (context) => ({ onBar: run.strategy?.(context) ?? (() => undefined) }) }));
      add(ADVISOR, 'a', defineAdvisor({ params, create: () => ({ schedule: { everyMs: run.adviseEveryMs ?? MINUTE, latencyMs: 0 }, refresh: async (request) => run.advise?.(request) as never }) }));
      add(RISK_OVERLAY, 'o', defineRiskOverlay({ params, create: (context) => run.overlay?.(context) ?? { review: () => ({ kind: 'pass' }) } }));
      add(REGIME, 'r', defineRegime({ params, create: (context) => run.regime?.(context) ?? { classify: () => ({ tradable: true, reason: '', labels: {} }) } }));
      add(CONTEXT_FEED, 'unused', defineContextFeed({ params, create: () => ({ capabilities: both, read: async () => undefined }) }));
      add(NEWS_FEED, 'unused', defineNewsFeed({ params, create: () => ({ capabilities: both, read: async () => [] }) }));
      for (const [id, feed] of Object.entries(run.feeds ?? {})) add(CONTEXT_FEED, id, defineContextFeed({ params, create: () => ({ capabilities: both, read: async () => undefined, ...feed }) }));
      for (const [id, feed] of Object.entries(run.news ?? {})) add(NEWS_FEED, id, defineNewsFeed({ params, create: () => ({ capabilities: both, read: async () => [], ...feed }) }));
      add(DATA_FEED, 'f', defineDataFeed({ params, create: () => ({ capabilities: { history: true, live: false, volume: false, depth: false }, connect: async () => undefined, disconnect: async () => undefined, provenance: () => [], warnings: () => [], history: () => minutes(run.bars ?? 10) }) }));
      hooks.observe('news', (event) => void heard.push(event));
    },
  });
  const config = accountSchema.parse({
    account: 'test',
    initialCash: 10_000,
    instruments: [{ id: 'X', type: 'future', currency: 'USD', tickSize: 1 }],
    data: { feed: 'f', timeframe: '1m' },
    broker: { use: 'b' },
    strategies: [{ use: 's' }],
    ...(run.advise === undefined ? {} : { advisors: [{ use: 'a' }] }),
    ...(run.overlay === undefined ? {} : { overlays: [{ use: 'o' }] }),
    ...(run.regime === undefined ? {} : { regimes: [{ use: 'r' }] }),
    ...run.config,
  });
  const parts = { config, plugins: [{ plugin, config: {}, source: 'test' }], baseDir: '.', logger: log, timer: impatient };
  const result = await composeAccount({ ...parts, journal }).run();
  const replay = (): Promise<ReplayResult> => replayJournal(parts, JSON.parse(JSON.stringify([...journal.read()])) as JournalRecord[]);
  return { result, orders: [...broker.submitted], records: [...journal.read()], heard, log: log.lines, replay };
}

async function* minutes(count: number): AsyncGenerator<ReturnType<typeof allocateBars>> {
  const bars = allocateBars(count);
  for (let i = 0; i < count; i++) {
    bars.time[i] = START + i * MINUTE;
    bars.open[i] = bars.high[i] = bars.low[i] = bars.close[i] = 100;
  }
  yield bars;
}

/** Minutes from the start until a time. */
export const minuteOf = (time: UtcMs | number): number => (time - START) / MINUTE;
