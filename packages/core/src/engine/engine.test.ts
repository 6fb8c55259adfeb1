import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accountSchema } from '../config/account-schema.js';
import type { BarColumns } from '../domain/market-data.js';
import { toFraction, toUtcMs } from '../domain/units.js';
import { isKeelsonError } from '../errors.js';
import { defineAdvisor, defineBroker, defineDataFeed, defineFeature, defineStrategy } from '../plugin/define.js';
import { definePlugin } from '../plugin/define-plugin.js';
import { ADVISOR, BROKER, DATA_FEED, FEATURE, STRATEGY } from '../plugin/tokens.js';
import type { FeatureNeed } from '../ports/feature.js';
import type { FeatureHandle } from '../ports/feature-handle.js';
import type { BarContext, StrategyContext } from '../ports/strategy.js';
import { allocateBars, sliceBars } from '../series/bar-columns.js';
import { KeptLog, MINUTE, ScriptedBroker } from '../../testing/kernel.js';
import { composeAccount } from './compose-account.js';
import type { Engine } from './engine.js';

const START = 1_704_672_000_000;

function barsOf(closes: readonly number[]): BarColumns {
  const bars = allocateBars(closes.length);
  closes.forEach((close, i) => {
    bars.time[i] = START + i * MINUTE;
    bars.open[i] = bars.high[i] = bars.low[i] = bars.close[i] = close;
  });
  return bars;
}

type Setup = {
  readonly bars?: Readonly<Record<string, readonly number[]>>;
  readonly chunk?: number;
  readonly strategy?: (context: StrategyContext<unknown>) => (context: BarContext) => void;
  readonly advise?: () => unknown;
  readonly steps?: string[];
  readonly failing?: string;
  /** Of the feature `close` where it is asked for with `slow`. */
  readonly warmupBars?: number;
  readonly outputs?: readonly string[];
  /** Data that the feature `close` needs; the feed carries what `carried` says, and nothing else. */
  readonly needs?: readonly FeatureNeed[];
  readonly carried?: Readonly<Record<string, { readonly volume: boolean; readonly depth: boolean }>>;
  /** What the strategy's create returns instead of a strategy. */
  readonly made?: unknown;
  /** Sections of the account file that differ from the defaults. */
  readonly config?: Record<string, unknown>;
};

function engineOf(setup: Setup): { readonly engine: Engine; readonly broker: ScriptedBroker; readonly log: KeptLog } {
  const bars = setup.bars ?? { X: [1, 2, 3] };
  const broker = new ScriptedBroker();
  const log = new KeptLog();
  const step = (name: string) => async () => {
    setup.steps?.push(name);
    if (setup.failing === name) throw new Error(`${name} failed`);
  };
  Object.assign(broker, { connect: step('connect broker'), disconnect: step('disconnect broker') });
  const plugin = definePlugin({
    name: 'test',
    version: '1.0.0',
    api: '^1.0.0',
    provides: ['broker', 'data-feed', 'strategy', 'feature', 'advisor'],
    register({ add, onStart, onStop }) {
      onStart(step('start'));
      onStop(step('stop'));
      add(BROKER, 'b', defineBroker({ params: z.unknown(), create: () => broker }));
      add(STRATEGY, 's', defineStrategy({ params: z.unknown(), create: (context) => (setup.made as never) ?? { onBar: setup.strategy?.(context) ?? (() => undefined) } }));
      add(FEATURE, 'close', defineFeature({ params: z.unknown(), outputs: (setup.outputs ?? ['value']) as readonly [string], ...(setup.needs === undefined ? {} : { needs: setup.needs }), create: ({ params }) => ({ warmupBars: (params as { readonly slow?: boolean }).slow === true ? (setup.warmupBars ?? 1) : 1, update: (window, out) => void (out[0] = window.close[window.index] as number), reset: () => undefined }) }));
      add(ADVISOR, 'a', defineAdvisor({ params: z.unknown(), create: () => ({ schedule: { everyMs: 1, latencyMs: 0 }, refresh: async () => setup.advise?.() as never }) }));
      add(
        DATA_FEED,
        'f',
        defineDataFeed({
          params: z.unknown(),
          create: () => ({
            capabilities: { history: true, live: false, volume: false, depth: false },
            ...(setup.carried === undefined ? {} : { carries: (id: string) => setup.carried?.[id] ?? { volume: false, depth: false } }),
            connect: step('connect feed'),
            disconnect: step('disconnect feed'),
            async *history({ instrument }) {
              const all = barsOf(bars[instrument.id] ?? []);
              for (let at = 0; at < all.length; at += setup.chunk ?? all.length) yield sliceBars(all, at, Math.min(all.length, at + (setup.chunk ?? all.length)));
            },
            provenance: () => [],
            warnings: () => [],
          }),
        }),
      );
    },
  });
  const config = accountSchema.parse({
    account: 'test',
    initialCash: 10_000,
    instruments: Object.keys(bars).map((id) => ({ id, type: 'future', currency: 'USD', tickSize: 1 })),
    data: { feed: 'f', timeframe: '1m' },
    broker: { use: 'b' },
    strategies: [{ use: 's' }],
    ...(setup.advise === undefined ? {} : { advisors: [{ use: 'a' }] }),
    ...setup.config,
  });
  return { engine: composeAccount({ config, plugins: [{ plugin, config: {}, source: 'test' }], baseDir: '.', logger: log }), broker, log };
}

describe('Engine', () => {
  it('starts in order and stops in reverse', async () => {
    const steps: string[] = [];
    await engineOf({ steps }).engine.run();
    expect(steps).toEqual(['start', 'connect broker', 'connect feed', 'disconnect feed', 'disconnect broker', 'stop']);
  });

  it.each(['disconnect feed', 'disconnect broker', 'stop'])('takes every step of the way out although %s fails, and keeps the result', async (failing) => {
    const steps: string[] = [];
    const { engine, log } = engineOf({ steps, failing });
    const result = await engine.run();
    expect(steps.slice(-3)).toEqual(['disconnect feed', 'disconnect broker', 'stop']);
    expect(result.bars).toBe(3);
    expect(log.lines.join()).toContain(`${failing} failed`);
  });

  it('stops what was started when something fails to start', async () => {
    const steps: string[] = [];
    await expect(engineOf({ steps, failing: 'connect feed' }).engine.run()).rejects.toThrow('connect feed failed');
    expect(steps).toEqual(['start', 'connect broker', 'connect feed', 'disconnect broker', 'stop']);
  });

  it('can be stopped, also while every bar comes in a chunk of its own', async () => {
    const stop = new AbortController();
    const { engine } = engineOf({ bars: { X: Array.from({ length: 20_000 }, (_, i) => 100 + (i % 7)) }, chunk: 1 });
    const result = await engine.run({ signal: stop.signal, onProgress: () => stop.abort() });
    expect(result.partial).toBe(true);
    expect(result.bars).toBeLessThan(20_000);
  });

  it('can be stopped at every moment that it waits for advisors, and before its first bar', async () => {
    const stop = new AbortController();
    let asked = 0;
    const advise = (): undefined => void (++asked === 5 && stop.abort());
    const bars = { X: Array.from({ length: 50 }, () => 100) };
    const result = await engineOf({ bars, advise }).engine.run({ signal: stop.signal });
    expect(result).toMatchObject({ partial: true, bars: 5 });
    expect(await engineOf({ bars }).engine.run({ signal: stop.signal })).toMatchObject({ partial: true, bars: 0 });
  });

  it('shows all bars of a moment to the features before anything is decided', async () => {
    const seen: string[] = [];
    const strategy = ({ use, instrument }: StrategyContext<unknown>) => {
      const other = use('close', {}, { instrument: instrument.id === 'A' ? 'B' : 'A' });
      return (): void => void seen.push(`${instrument.id} sees ${other.value}`);
    };
    await engineOf({ bars: { A: [1, 2], B: [10, 20] }, strategy }).engine.run();
    expect(seen).toEqual(['A sees 10', 'B sees 1', 'A sees 20', 'B sees 2']);
  });

  it('delivers an answer before the decisions of the next bar', async () => {
    const entered: number[] = [];
    const strategy = () => ({ signal, bars }: BarContext): void => (bars.count > 1 ? signal.long({ confidence: 0.5 }) : undefined);
    // asked on bar 1, valid until just after the close of bar 2
    const { engine, broker } = engineOf({ bars: { X: [10, 10, 10] }, strategy, advise: () => ({ bias: 'bearish', confidence: toFraction(1), rationale: '', expiresAt: toUtcMs(START + 2 * MINUTE + 1) }) });
    broker.onSubmit = (intent) => void entered.push((intent.decidedAt - START) / MINUTE);
    await engine.run();
    expect(entered).toEqual([3]);
  });

  it('says which strategy never became warm, where, and what it waited for', async () => {
    const strategy =
      ({ use, instrument }: StrategyContext<unknown>) => {
        use('close');
        if (instrument.id === 'A') use('close', { slow: true });
        return (): void => undefined;
      };
    const { warnings } = await engineOf({ bars: { A: [1, 2], B: [1, 2] }, strategy, warmupBars: 3 }).engine.run();
    expect(warnings).toEqual(["strategy 's' never decided on A: feature 'close' needs 3 bars of 1m, and saw 2"]);
    expect((await engineOf({ bars: { A: [1, 2, 3] }, strategy, warmupBars: 3 }).engine.run()).warnings).toEqual([]);
  });

  it('refuses to run a strategy whose feature needs what the feed lacks, once for all its instruments, and stops what was started', async () => {
    const steps: string[] = [];
    const seen: number[] = [];
    const strategy = ({ use, instrument }: StrategyContext<unknown>) => (use('close', {}, { timeframe: instrument.id === 'A' ? '1m' : '5m' }), (): void => void seen.push(1));
    const { engine } = engineOf({ bars: { A: [1], B: [1], C: [1] }, strategy, needs: ['volume'], carried: { C: { volume: true, depth: false } }, steps });
    const error: unknown = await engine.run().catch((thrown: unknown) => thrown);
    expect(isKeelsonError(error) && error.message).toBe(
      "FEA_UNAVAILABLE: strategy 's' asked for feature 'close', which needs volume, and feed 'f' has none for A, B, expected bars with traded volume: use data with volume, or leave strategy 's' out",
    );
    expect(steps.slice(-3)).toEqual(['disconnect feed', 'disconnect broker', 'stop']);
    expect(seen).toEqual([]);
  });

  it('runs a strategy that can do without: the feature has no value, says why, and keeps nobody waiting', async () => {
    let handle: FeatureHandle | undefined;
    const seen: Array<number | undefined> = [];
    const strategy = ({ use, instrument }: StrategyContext<unknown>) => {
      const close = use('close', { slow: true }, { optional: true });
      if (instrument.id === 'A') handle = close;
      return (): void => void (instrument.id === 'A' && seen.push(close.value));
    };
    const { engine } = engineOf({ bars: { A: [1, 2, 3], B: [1] }, strategy, needs: ['volume', 'depth'], warmupBars: 3, carried: { A: { volume: true, depth: false }, B: { volume: true, depth: true } } });
    expect(handle?.unavailable).toBeUndefined();
    const { warnings } = await engine.run();
    expect(seen).toEqual([undefined, undefined, undefined]);
    expect(handle?.unavailable).toBe("feed 'f' has no depth for A");
    expect(handle?.output('value').unavailable).toBe("feed 'f' has no depth for A");
    expect(warnings.filter((line) => line.includes('without'))).toEqual(["strategy 's' runs without feature 'close': feed 'f' has no depth for A"]);
  });

  it('lets features with needs be where the feed meets them', async () => {
    const strategy = ({ use }: StrategyContext<unknown>) => (use('close'), (): void => undefined);
    const run = engineOf({ strategy, needs: ['volume', 'depth'], carried: { X: { volume: true, depth: true } } }).engine.run();
    expect((await run).warnings).toEqual([]);
  });

  it('says once that a dry run sent nothing', async () => {
    const strategy = () => ({ signal }: BarContext): void => signal.long();
    const { engine, broker } = engineOf({ strategy, config: { dryRun: true, exits: { withoutStop: 'allow' } } });
    expect((await engine.run()).warnings).toEqual(['dryRun was on: no order was sent to the venue']);
    expect(broker.submitted).toEqual([]);
  });

  it('refuses a feature that is asked for while running, and names who asked', async () => {
    const strategy = ({ use }: StrategyContext<unknown>) => (): void => void use('close');
    const error: unknown = await engineOf({ strategy }).engine.run().catch((thrown: unknown) => thrown);
    expect(isKeelsonError(error) && error.line).toContain("asked for feature 'close' while running");
  });
});

describe('composeAccount', () => {
  it('refuses a strategy without onBar before anything starts, once for all instruments', () => {
    const steps: string[] = [];
    expect(() => engineOf({ bars: { A: [1], B: [1] }, steps, made: {} })).toThrow(/^PLG_PROVIDES: strategy 's' of test made an object without the function onBar, expected onBar: give it onBar$/);
    expect(steps).toEqual([]);
  });

  it('refuses a feature by its definition and by what it makes, and names it and its plugin', () => {
    const strategy = ({ use }: StrategyContext<unknown>) => (use('close', { slow: true }), (): void => undefined);
    expect(() => engineOf({ strategy, warmupBars: 0 })).toThrow(/^PLG_PROVIDES: feature 'close' of test has warmupBars 0, expected a whole number of at least 1: [^\n]*$/);
    expect(() => engineOf({ strategy, needs: ['spread' as 'depth'] })).toThrow(/^PLG_PROVIDES: feature 'close' of test needs "spread", expected a list of volume and depth: [^\n]*$/);
    expect(() => engineOf({ strategy, outputs: [] })).toThrow(/^PLG_PROVIDES: feature 'close' of test has no outputs, expected [^\n]*$/);
  });

  it('refuses two rules for one stop', () => {
    expect(() => engineOf({ config: { exits: { stopAtr: 2, stopPoints: 5 } } })).toThrow('CFG_CONFLICT: exits.stopPoints was given beside exits.stopAtr, expected one of the two: remove one');
    expect(() => engineOf({ config: { exits: { stopPoints: 5 } } })).not.toThrow();
  });

  it.each([
    { exits: { trailing: {} }, fault: 'exits.trailing had no distance, expected exactly one of distanceAtr, distanceFraction and chandelier: add one' },
    { exits: { trailing: { distanceFraction: 0.1, chandelier: {} } }, fault: 'exits.trailing had distanceFraction and chandelier, expected exactly one' },
    { exits: { partialTarget: { atR: 1, fraction: 0.5 }, partialTargets: [{ atR: 1, fraction: 0.5 }] }, fault: 'exits.partialTarget was given beside exits.partialTargets' },
    { exits: { partialTargets: [{ atR: 2, fraction: 0.5 }, { atR: 1, fraction: 0.5 }] }, fault: 'exits.partialTargets.1.atR was 1, expected more than the level before it (2)' },
  ])('refuses exits that contradict themselves: $fault', ({ exits, fault }) => {
    expect(() => engineOf({ config: { exits } })).toThrow(fault);
  });
});
