import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from '@keelson/runner';
import { describe, expect, it } from 'vitest';

/*
 * Whole runs of the example accounts, pinned: statistics, number of orders and the hash of all orders and
 * fills. A change here is a change of trades: it needs a reason in a changeset. To take over new values, run
 * with KEELSON_UPDATE_GOLDEN=1.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const hasData = process.env['KEELSON_DATA_DIR'] !== undefined;

type Document = { readonly elapsedMs: number; readonly bars: number; readonly stats: unknown; readonly orders: number; readonly ordersHash: string; readonly data: readonly { readonly hash: string }[] };

async function backtest(name: string): Promise<Document> {
  const text = { stdout: '', stderr: '' };
  const output = (stream: 'stdout' | 'stderr') => ({ write: (more: string) => void (text[stream] += more), isTerminal: false, columns: undefined });
  const status = await main(['backtest', `${root}examples/${name}/account.yaml`, '--json'], {
    stdout: output('stdout'),
    stderr: output('stderr'),
    env: process.env,
    cwd: root,
    monotonicMs: () => performance.now(),
    onInterrupt: () => () => undefined,
    onCrash: () => () => undefined,
  });
  expect({ status, stderr: text.stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(text.stdout) as Document;
}

describe.each([
  ['quickstart', false],
  ['own-strategy', false],
  ['goog-sma', true],
  ['6e-bracket', true],
  ['btc-rsi-macd', true],
])('example %s', (name, onRealData) => {
  it.skipIf(onRealData && !hasData)('gives the pinned statistics and orders, twice', async () => {
    const { elapsedMs: _first, ...first } = await backtest(name);
    const { elapsedMs: _second, ...second } = await backtest(name);
    expect(second).toEqual(first);
    const pin = { bars: first.bars, data: first.data.map(({ hash }) => hash), stats: first.stats, orders: first.orders, ordersHash: first.ordersHash };
    const file = `${root}golden/pins/${name}.json`;
    if (process.env['KEELSON_UPDATE_GOLDEN'] === '1') writeFileSync(file, `${JSON.stringify(pin, undefined, 2)}\n`);
    expect(existsSync(file), `${file} is missing: run with KEELSON_UPDATE_GOLDEN=1`).toBe(true);
    expect(pin).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });
});
