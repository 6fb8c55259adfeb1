import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calendarById, toUtcMs } from '@keelson/core/domain';
import { createRandom, inspectPlugins } from '@keelson/core/engine';
import strategies from '@keelson/plugin-strategies';
import { afterAll, describe, expect, it } from 'vitest';
import { Secrets } from '../account/secrets.js';
import { prepareAccount } from '../commands/prepare-account.js';
import { silentLogger } from '../logger.js';
import { analyzeLookahead } from './analyze-lookahead.js';
import { traceAccount } from './trace-account.js';

const DATA = process.env['KEELSON_DATA_DIR'];
const folder = mkdtempSync(join(tmpdir(), 'keelson-shipped-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Parameters without a default: a strategy that needs some gets them here. */
const NEEDED: Readonly<Record<string, object>> = { 'pairs-spread': { first: 'A', second: 'B' } };

const added = inspectPlugins([{ plugin: strategies, config: {}, source: strategies.name }], silentLogger);
const ids = added.filter(({ port }) => port === 'strategy').map(({ id }) => id);
const regimeIds = added.filter(({ port }) => port === 'regime').map(({ id }) => id);

/** No dimension may be said twice. */
const REGIMES = [['combined'], regimeIds.filter((id) => id !== 'combined')];

const FUTURE = { type: 'future', currency: 'USD', multiplier: 5, tickSize: 0.25, calendar: 'cme-equity-index' };
const MARKETS: ReadonlyArray<{ readonly title: string; readonly instrument: Readonly<Record<string, unknown>>; readonly data: object; readonly more: object; readonly to?: string; readonly skip?: boolean }> = [
  { title: 'synthetic five-minute bars', instrument: FUTURE, data: { feed: 'synthetic', timeframe: '5m', start: '2024-01-02', bars: 2500 }, more: {} },
  { title: 'daily bars of GOOG', instrument: { type: 'stock', currency: 'USD', tickSize: 0.01, calendar: 'us-equity' }, data: { feed: 'file', path: `${DATA}/goog-1d.csv`, timeframe: '1d' }, more: {}, skip: DATA === undefined },
  {
    title: 'one-minute bars of 6E',
    instrument: { type: 'future', currency: 'USD', multiplier: 125000, tickSize: 0.00005, calendar: 'cme-fx' },
    data: { feed: 'file', path: `${DATA}/6eh4-1m.csv.gz`, timeframe: '1m', quality: 'warn' },
    more: { initialCash: 1_000_000 },
    to: '2024-01-05T00:00:00Z',
    skip: DATA === undefined,
  },
];

describe.each(MARKETS)('the shipped strategies and regimes on $title', ({ title, instrument, data, more, to, skip }) => {
  it.skipIf(skip)('decide nothing that a later bar could change', async () => {
    const file = join(folder, `${title.replace(/\W+/g, '-')}.json`);
    // JSON is YAML: every strategy in one account, so that all share its runs
    const write = (used: readonly string[], regimes: readonly string[] = []): void =>
      writeFileSync(
        file,
        JSON.stringify({
          account: 'shipped',
          initialCash: 100_000,
          instruments: ['A', 'B'].map((id) => ({ id, ...instrument })),
          data,
          strategies: used.map((use) => ({ use, params: NEEDED[use] ?? {} })),
          regimes: regimes.map((use) => ({ use })),
          decision: { minConfidence: 0 },
          exits: { stopAtr: 2 },
          ...more,
        }),
      );
    // what refuses the length of these bars with its defaults is seen on the others
    const fitting: string[] = [];
    for (const id of ids) {
      write([id]);
      const fault = await prepareAccount(file, { set: [], debug: false }, { env: process.env, cwd: folder }, new Secrets()).then(() => undefined, (error: { readonly code: string }) => error.code);
      if (fault === undefined) fitting.push(id);
      else expect([id, fault]).toEqual([id, 'FEA_PARAMS']);
    }
    if (title.startsWith('synthetic')) expect(fitting).toEqual(ids);
    const job = { file, settings: [], env: process.env, cwd: folder, folder, ...(to === undefined ? {} : { to: toUtcMs(Date.parse(to)) }) };
    const calendar = calendarById(String(instrument['calendar']));
    for (const regimes of REGIMES) {
      write(fitting, regimes);
      const result = await analyzeLookahead(job, (each) => traceAccount(each), { cuts: 5, calendar: calendar as NonNullable<typeof calendar>, random: createRandom(`shipped ${regimes.length}`), onRun: () => undefined });
      expect({ unsteady: result.unsteady, leaks: result.leaks }).toEqual({ unsteady: [], leaks: [] });
      expect(result.cuts).toHaveLength(5);
      expect(result.bars).toBeGreaterThan(1000);
      expect(result.compared.featureValues).toBeGreaterThan(1000);
    }
  });
});
