import { composeAccount, composeLive, NULL_JOURNAL, type ComposeOptions } from '@keelson/core/engine';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Secrets } from '../account/secrets.js';
import { prepareWith } from '../commands/prepare-account.js';
import { machineClock } from '../live/machine-clock.js';
import { machineTimer } from '../machine-timer.js';
import type { RunResult } from '@keelson/core/engine';

const folder = fileURLToPath(new URL('../../../../', import.meta.url));
const data = process.env['KEELSON_DATA_DIR'];

const quiet = { write: () => undefined, isTerminal: false, columns: undefined };
const io = { stdout: quiet, stderr: quiet, env: { KEELSON_DATA_DIR: data }, cwd: folder, monotonicMs: () => 0, onInterrupt: () => () => undefined, onCrash: () => () => undefined };

type Runs = { readonly past: () => Promise<RunResult>; readonly played: () => Promise<RunResult> };

/** The same account twice: over history, and through the live loop on bars that are played. */
async function bothRuns(file: string, ...settings: readonly string[]): Promise<Runs> {
  const compose = (options: ComposeOptions): Runs => ({
    past: () => composeAccount(options).run(),
    played: () => {
      const config = { ...options.config, mode: 'paper' as const, exits: { ...options.config.exits, withoutStop: 'allow' as const }, data: { ...options.config.data, speed: 'max' } };
      return composeLive({ ...options, config, journal: NULL_JOURNAL, clock: machineClock, timer: machineTimer }).run({ signal: new AbortController().signal });
    },
  });
  return (await prepareWith(compose, file, { set: settings, debug: false }, io, new Secrets())).engine;
}

describe('bars that are played through the live loop', () => {
  it.each([
    ['quickstart', false, ['data.end=2024-03-01']],
    ['own-strategy', false, []],
    ['pairs', false, []],
    ['several-strategies', false, []],
    ['goog-sma', true, []],
    ['6e-bracket', true, []],
    ['btc-rsi-macd', true, []],
  ] as const)('give the trades of the backtest (%s)', async (name, onRealData, settings) => {
    if (onRealData && data === undefined) return;
    const { past, played } = await bothRuns(`examples/${name}/account.yaml`, ...settings);
    const expected = await past();
    const result = await played();
    expect(result.bars).toBe(expected.bars);
    expect(result.ordersHash).toBe(expected.ordersHash);
    expect(result.trades).toEqual(expected.trades);
    expect(result.statistics).toEqual(expected.statistics);
    expect(result.provenance).toEqual(expected.provenance);
    expect(expected.orders).toBeGreaterThan(0);
  }, 30_000);
});
