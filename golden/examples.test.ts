import { describe, expect, it } from 'vitest';
import { backtest, expectPinned, hasData } from './run-account.js';

/*
 * Whole runs of the example accounts, pinned: statistics, number of orders and the hash of all orders and
 * fills. A change here is a change of trades: it needs a reason in a changeset. To take over new values, run
 * with KEELSON_UPDATE_GOLDEN=1.
 */
describe.each([
  ['quickstart', false],
  ['own-strategy', false],
  ['pairs', false],
  ['several-strategies', false],
  ['goog-sma', true],
  ['6e-bracket', true],
  ['btc-rsi-macd', true],
])('example %s', (name, onRealData) => {
  it.skipIf(onRealData && !hasData)('gives the pinned statistics and orders, twice', async () => {
    const { elapsedMs: _first, ...first } = await backtest(`examples/${name}/account.yaml`);
    const { elapsedMs: _second, ...second } = await backtest(`examples/${name}/account.yaml`);
    expect(second).toEqual(first);
    expectPinned(name, { ...first, elapsedMs: 0 });
  });
});
