import { afterAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseScenario } from '../packages/tws-simulator/src/scenario/load-scenario.js';
import { Workbench } from '../apps/runner/test-kit/captured-io.js';
import { blocksOf, readPages } from './testing/pages.js';

/* Pieces of an account's file, or of the simulated gateway's, as pages show them: each in an account that is whole without it. */
const bench = new Workbench();
afterAll(() => bench.remove());

const future = (id: string) => ({ id, type: 'future', currency: 'USD', tickSize: 0.25, multiplier: 5, calendar: 'cme-equity-index' });
const WHOLE = {
  account: 'fragment',
  initialCash: 50_000,
  instruments: [future('MES'), future('MNQ'), future('6E')],
  data: { feed: 'synthetic', timeframe: '5m', start: '2024-01-01', bars: 5000 },
  broker: { use: 'simulated', config: {} },
  strategies: [{ use: 'sma-cross' }],
};
const SCENARIO_KEYS = ['serverVersion', 'trading'];
/** A page shows where a file of the reader's would lie. */
const ABSENT = /^DATA_MISSING: /;

const fragments = readPages()
  .flatMap(blocksOf)
  .filter(({ language, text }) => language === 'yaml' && !/^(#.*\n|\s*\n)*account:/.test(text))
  .map(({ page, line, text }) => [`${page}:${line}`, parse(text) as Record<string, unknown>] as const);

/** What is wrong with a piece of an account, a line each. */
async function faultsOf(piece: Record<string, unknown>): Promise<readonly string[]> {
  bench.write('account.yaml', stringify({ ...WHOLE, ...piece }));
  const { err } = await bench.keelson(['validate', 'account.yaml']);
  return err.split('\n').filter((line) => line !== '' && !ABSENT.test(line));
}

describe('a piece of a file that a page shows', () => {
  it.each(fragments)('%s fits into a whole one', async (_place, piece) => {
    if (SCENARIO_KEYS.some((key) => key in piece)) expect(() => parseScenario(piece)).not.toThrow();
    else expect(await faultsOf(piece)).toEqual([]);
  });

  it('is refused with what it has wrong', async () => {
    expect(await faultsOf({ overlays: [{ use: 'min-reward-risk', config: { ratioo: 1.5 } }] })).toEqual([expect.stringContaining('ratioo')]);
    expect(await faultsOf({ strategies: [{ use: 'rsi-macd', weihgt: 0.5, params: { sied: 'both' } }] })).not.toEqual([]);
  });
});
