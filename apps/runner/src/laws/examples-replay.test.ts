import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../main.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const data = process.env['KEELSON_DATA_DIR'];
const folder = mkdtempSync(join(tmpdir(), 'keelson-replay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function keelson(...argv: readonly string[]): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const to = (take: (text: string) => void): { readonly write: (text: string) => void; readonly isTerminal: boolean; readonly columns: undefined } => ({ write: take, isTerminal: false, columns: undefined });
  const status = await main(argv, { stdout: to((text) => void (out += text)), stderr: to((text) => void (err += text)), env: { KEELSON_DATA_DIR: data }, cwd: root, monotonicMs: () => 0, onInterrupt: () => () => undefined, onCrash: () => () => undefined });
  return { status, out, err };
}

/** Those that run over bars of the past. */
const EXAMPLES = readdirSync(join(root, 'examples')).filter((name) => existsSync(join(root, 'examples', name, 'account.yaml')));
const ON_REAL_DATA: readonly string[] = ['goog-sma', '6e-bracket', 'btc-rsi-macd'];
/** So that a long one is over soon. */
const SHORTER: Readonly<Record<string, readonly string[]>> = { quickstart: ['--to', '2024-03-01'], 'btc-rsi-macd': ['--to', '2024-03-05'] };

describe('an example account with its journal on', () => {
  it.each(EXAMPLES)('trades as without, and its journal decides everything again (%s)', { timeout: 120_000 }, async (name) => {
    if (ON_REAL_DATA.includes(name) && data === undefined) return;
    const argv = ['backtest', `examples/${name}/account.yaml`, '--json', ...(SHORTER[name] ?? [])];
    const journal = join(folder, `${name}.db`);
    const hash = ({ out }: { readonly out: string }): unknown => (JSON.parse(out) as { readonly ordersHash: string }).ordersHash;
    const without = await keelson(...argv);
    const withIt = await keelson(...argv, '--set', 'journal.use=sqlite', '--set', `journal.config.path=${journal}`);
    expect(hash(withIt)).toBe(hash(without));
    const replayed = await keelson('replay', journal);
    expect(replayed.out).toMatch(/^\S+: [1-9]\d+ records decided again without a difference \([1-9]\d* bars, 1 start\)\n$/);
    expect(replayed).toMatchObject({ status: 0, err: '' });
  });
});
