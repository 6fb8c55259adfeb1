import { describe, expect, it } from 'vitest';
import strategies from '@keelson/plugin-strategies';
import { backtest, expectPinned, hasData, type Document } from './run-account.js';
import { NO_RUN, RUNS } from './strategy-runs.js';

/*
 * Every shipped strategy with the defaults of its parameters on the real bars, costs on, pinned. Nothing here is
 * tuned: a change of these pins is a change of trades, and needs a reason in a changeset. The page on strategies
 * shows the results. To take over new values, run with KEELSON_UPDATE_GOLDEN=1.
 */
const added: string[] = [];
strategies.register({ add: ({ port }: { port: string }, id: string) => void (port === 'strategy' && added.push(id)) } as never);

describe.each(RUNS.map((run) => [`${run.strategy} on ${run.data}`, run] as const))('%s', (_title, { strategy, data, params }) => {
  it.skipIf(!hasData)('gives the pinned statistics and orders, in trades that are whole', async () => {
    const run = await backtest(`golden/accounts/${data}.yaml`, [`strategies.0.use=${strategy}`, ...(params === undefined ? [] : [`strategies.0.params=${params}`])]);
    expectPinned(`strategies/${data}/${strategy}`, run);
    expectWhole(run);
  });
});

it('opens and leaves both legs of a pair together, one against the other', async () => {
  const { trades } = await backtest('examples/pairs/account.yaml');
  const legs = (instrument: string, turned = false): string[] =>
    trades.filter((trade) => trade.instrument === instrument).map(({ side, entryTime, exitTime }) => [turned === (side === 'long') ? 'short' : 'long', entryTime, exitTime].join(' '));
  expect(legs('AAA')).toEqual(legs('BBB', true));
  expect(trades.length).toBeGreaterThan(20);
});

it.skipIf(!hasData)('refuses an opening range on daily bars, with the reason', async () => {
  await expect(backtest('golden/accounts/goog-1d.yaml', ['strategies.0.use=opening-range-breakout'])).rejects.toThrow(/FEA_PARAMS/);
});

it('runs every strategy that the plugin adds, or says why not', () => {
  expect(new Set([...RUNS.map(({ strategy }) => strategy), ...Object.keys(NO_RUN)])).toEqual(new Set(added));
});

/** Trades follow one another, each with a side, a quantity, a reason for its beginning and one for its end. */
function expectWhole({ trades, stats, orders }: Document): void {
  expect(stats['trades']).toBe(trades.length);
  expect(trades.length).toBeGreaterThan(5);
  expect(orders).toBeGreaterThanOrEqual(trades.length);
  let end = '';
  for (const trade of trades) {
    expect(trade.entryTime >= end && trade.exitTime >= trade.entryTime).toBe(true);
    expect(trade.quantity).toBeGreaterThan(0);
    expect(trade.entryReason).not.toBe('');
    expect(trade.exitReason).not.toBe('');
    end = trade.exitTime;
  }
}
