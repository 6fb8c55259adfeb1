import { accountSchema } from '@keelson/core/config';
import { composeAccount, MemoryJournal } from '@keelson/core/engine';
import { ADVISOR, DATA_FEED, MEMORY, STRATEGY, defineAdvisor, defineDataFeed, defineMemory, definePlugin, defineStrategy } from '@keelson/core/plugin';
import type { AdvisorRequest, MarketState, Regime } from '@keelson/core/ports';
import features from '@keelson/plugin-features';
import simulated from '@keelson/plugin-simulated';
import strategies from '@keelson/plugin-strategies';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { silentLogger } from '../logger.js';
import { FUTURE, MINUTE, randomBars } from '../../test-kit/law-run.js';

const bars = randomBars(1200, 'regime flags');
// the second half is ten times as wild
for (let i = 600; i < 1200; i++) for (const column of [bars.open, bars.high, bars.low, bars.close]) column[i] = 4000 + ((column[i] as number) - 4000) * 10;

type Seen = { readonly time: number; readonly regime: Regime };
const strategySaw: Seen[] = [];
const advisorSaw: AdvisorRequest[] = [];
const recalled: Array<{ readonly state: MarketState; readonly asOf: number }> = [];
const remembered: MarketState[] = [];
const journal = new MemoryJournal();

const probe = definePlugin({
  name: 'probe',
  version: '1.0.0',
  api: '^1.0.0',
  provides: ['data-feed', 'strategy', 'advisor', 'memory'],
  register({ add }) {
    add(DATA_FEED, 'probe', defineDataFeed({ params: z.unknown(), create: () => ({ capabilities: { history: true, live: false, volume: true, depth: false }, connect: async () => undefined, disconnect: async () => undefined, async *history() { yield bars; }, provenance: () => [], warnings: () => [] }) }));
    add(STRATEGY, 'probe', defineStrategy({
      params: z.unknown(),
      create: () => ({
        onBar({ time, regime, signal, position }) {
          strategySaw.push({ time, regime });
          if ((time / MINUTE) % 20 !== 0) return;
          if (position.quantity === 0) signal.long({ confidence: 0.8 });
          else signal.flat();
        },
      }),
    }));
    add(ADVISOR, 'probe', defineAdvisor({ params: z.unknown(), create: () => ({ schedule: { everyMs: 10 * MINUTE, latencyMs: 0 }, refresh: async (request) => void advisorSaw.push(request) }) }));
    add(MEMORY, 'probe', defineMemory({ params: z.unknown(), create: () => ({ recall: (state, asOf) => (recalled.push({ state, asOf }), { sample: 0, winRate: 0 as never }), remember: ({ state }) => void remembered.push(state) }) }));
  },
});

const REGIME = { volatility: { period: 5, lookback: 100, extreme: 0.9 }, trend: false, liquidity: { period: 5, lookback: 50 }, session: false, avoid: { volatility: ['extreme'], liquidity: [] } };

beforeAll(async () => {
  const config = accountSchema.parse({
    account: 'flags',
    initialCash: 1_000_000,
    instruments: [{ id: 'A', ...FUTURE }],
    data: { feed: 'probe', timeframe: '1m' },
    strategies: [{ use: 'probe' }],
    regimes: [{ use: 'combined', config: REGIME }],
    advisors: [{ use: 'probe' }],
    memory: { use: 'probe' },
  });
  await composeAccount({ config, plugins: [simulated, features, strategies, probe].map((plugin) => ({ plugin, config: {}, source: plugin.name })), baseDir: '.', logger: silentLogger, journal }).run();
});

/** What the strategy saw is what everybody else must have been told at that time. */
const seenAt = (time: number): Regime | undefined => strategySaw.find((seen) => seen.time === time)?.regime;
type Decision = { readonly action: string; readonly regime?: Regime };
const decisions = (): Array<{ readonly time: number; readonly data: Decision }> => [...journal.read()].filter(({ kind }) => kind === 'decision').map(({ time, data }) => ({ time, data: data as Decision }));

describe('the flags of regimes', () => {
  it('reach strategies, and change with the market', () => {
    expect(strategySaw).toHaveLength(1200);
    expect(strategySaw[0]?.regime.labels).toEqual({});
    const labels = new Set(strategySaw.map(({ regime }) => regime.labels['volatility']));
    expect(labels).toContain('extreme');
    expect(labels.size).toBeGreaterThan(2);
    expect(strategySaw.find(({ regime }) => regime.labels['volatility'] === 'extreme')?.regime).toMatchObject({ tradable: false, reason: 'volatility is extreme' });
  });

  it('stand in the request of an advisor', () => {
    expect(advisorSaw.length).toBeGreaterThan(100);
    for (const { time, regime } of advisorSaw) expect(regime).toEqual(seenAt(time));
  });

  it('stand in the state that a memory recalls and remembers', () => {
    expect(recalled.length).toBeGreaterThan(20);
    for (const { state, asOf } of recalled) expect(state.labels).toEqual(seenAt(asOf)?.labels);
    expect(remembered.length).toBeGreaterThan(5);
    expect(remembered.every(({ labels }) => recalled.some(({ state }) => JSON.stringify(state.labels) === JSON.stringify(labels)))).toBe(true);
    // no entry was made in a market that was to be avoided
    expect(remembered.some(({ labels }) => labels['volatility'] === 'extreme')).toBe(false);
    expect(remembered.some(({ labels }) => labels['volatility'] !== undefined)).toBe(true);
  });

  it('stand in the record of each decision in the journal', () => {
    expect(decisions().length).toBeGreaterThan(20);
    for (const { time, data } of decisions()) expect(data.regime).toEqual(seenAt(time));
  });
});
