import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GOOD_ACCOUNT, Workbench } from '../test-kit/captured-io.js';

const ROOT = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const built = existsSync(new URL('../dist/main.js', import.meta.url));
const bench = new Workbench();
afterAll(() => bench.remove());

/** Runs the command in an installation that npm made without better-sqlite3. */
function keelson(...words: readonly string[]): { readonly status: number | null; readonly out: string; readonly err: string } {
  const bin = join(bench.folder, 'node_modules/@keelson/runner/bin/keelson.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--preserve-symlinks', '--preserve-symlinks-main', bin, ...words], { cwd: bench.folder, encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '' } });
  return { status, out: stdout, err: stderr };
}

describe.skipIf(!built)('an installation without better-sqlite3', () => {
  beforeAll(() => {
    const modules = join(bench.folder, 'node_modules');
    mkdirSync(join(modules, '@keelson'), { recursive: true });
    for (const name of readdirSync(ROOT)) if (!name.startsWith('.') && name !== '@keelson' && name !== 'better-sqlite3') symlinkSync(join(ROOT, name), join(modules, name));
    for (const name of readdirSync(join(ROOT, '@keelson'))) symlinkSync(realpathSync(join(ROOT, '@keelson', name)), join(modules, '@keelson', name));
    bench.write('account.yaml', GOOD_ACCOUNT);
    bench.write('journal.yaml', `${GOOD_ACCOUNT}\njournal: { use: sqlite }\n`);
    bench.write('some.db', '');
  });

  it('backtests and lists its plugins', () => {
    const { status, out, err } = keelson('backtest', 'account.yaml', '--json');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect((JSON.parse(out) as { readonly trades: readonly unknown[] }).trades.length).toBeGreaterThan(0);
    expect(keelson('plugin', 'list').out).toMatch(/^@keelson\/plugin-journal .*, compatible, /m);
  });

  it.each([
    ['an account with a journal', ['backtest', 'journal.yaml']],
    ['a look into a journal', ['journal', 'verify', 'some.db']],
  ])('refuses %s in one line that says what to install', (_, words) => {
    const { status, out, err } = keelson(...words);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/^JRN_DRIVER: (?:journal\.yaml:\d+:\d+: )?better-sqlite3, .* cannot be loaded \(Cannot find module 'better-sqlite3'\), expected .*: run "npm install better-sqlite3" .*\n$/);
  });
});
