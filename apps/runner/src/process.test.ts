import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { GOOD_ACCOUNT, pluginFile, Workbench } from '../test-kit/captured-io.js';

const BIN = fileURLToPath(new URL('../bin/keelson.js', import.meta.url));
const built = existsSync(new URL('../dist/main.js', import.meta.url));

const bench = new Workbench();
afterAll(() => bench.remove());

type Ended = { readonly code: number | null; readonly signal: string | null; readonly out: string; readonly err: string };

/** Runs the real command; `onText` sees all of stderr so far and may act on the process. */
function run(argv: readonly string[], onText?: (err: string, interrupt: () => void) => void, bin = BIN): Promise<Ended> {
  const child = spawn(process.execPath, [bin, ...argv], { cwd: bench.folder, env: { PATH: process.env['PATH'] ?? '' } });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    onText?.(err, () => child.kill('SIGINT'));
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code, signal) => resolve({ code, signal, out, err }));
  });
}

/** Lasts for seconds unless it is stopped. */
const LONG = GOOD_ACCOUNT.replace('timeframe: 5m', 'timeframe: 1m').replace('bars: 5000', 'bars: 5000000').replace('use: sma-cross, params: { fast: 5, slow: 20 }', 'use: announcer');

describe.skipIf(!built)('the keelson process', () => {
  it('runs what init wrote, in a folder that has no packages of its own', async () => {
    expect(await run(['init', 'mine'])).toMatchObject({ code: 0, err: '' });
    const { code, out, err } = await run(['backtest', 'mine/account.yaml', '--set', 'strategies.1.use=breakout', '--set', 'strategies.1.params.lookbackBars=40', '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const document = JSON.parse(out) as { readonly bars: number; readonly trades: ReadonlyArray<{ readonly entryReason: string }> };
    expect(document.bars).toBeGreaterThan(30_000);
    expect(document.trades.some(({ entryReason }) => entryReason.includes('close above the range'))).toBe(true);
  });

  it('decides a journal of two starts again where the plugin has no packages of its own', async () => {
    await run(['init', 'played']);
    const argv = ['run', 'played/account.yaml', '--set', 'mode=paper', '--set', 'data.speed=max', '--set', 'data.end=2024-01-05', '--set', 'strategies.1.use=breakout', '--json'];
    for (let start = 0; start < 2; start++) expect(await run(argv)).toMatchObject({ code: 0 });
    expect(await run(['replay', 'played/played.played.journal.db'])).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/without a difference \(.*, 2 starts\)\n$/) as string });
  });

  it('takes a plugin whose packages are asked for by a file that it imports', async () => {
    await run(['init', 'parts']);
    bench.write('parts/entry.mjs', "export { default } from './my-strategy.mjs';");
    expect(await run(['validate', 'parts/account.yaml', '--set', 'plugins.0=./entry.mjs', '--set', 'strategies.1.use=breakout'])).toMatchObject({ code: 0, err: '' });
  });

  it('gives exit status 2 and one line for a fault of the configuration', async () => {
    bench.write('bad.yaml', GOOD_ACCOUNT.replace('test', 'test name'));
    const { code, out, err } = await run(['backtest', 'bad.yaml']);
    expect({ code, out, lines: err.trimEnd().split('\n').length }).toEqual({ code: 2, out: '', lines: 1 });
  });

  it('ends quietly when the reader of its output goes away', async () => {
    bench.write('good.yaml', GOOD_ACCOUNT.replace('bars: 5000', 'bars: 40000'));
    const child = spawn('/bin/sh', ['-c', `"${process.execPath}" "${BIN}" backtest good.yaml --json | head -n 1`], { cwd: bench.folder });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('prints what it has at the first interrupt', async () => {
    bench.write('announcer.mjs', pluginFile({ id: 'announcer', create: "let said = false; return { onBar() { if (!said) { said = true; process.stderr.write('running\\n'); } } };" }));
    bench.write('long.yaml', `${LONG}plugins: [./announcer.mjs]\n`);
    let sent = false;
    const { code, out, err } = await run(['backtest', 'long.yaml', '--json'], (text, interrupt) => {
      if (text.includes('running') && !sent) {
        sent = true;
        interrupt();
      }
    });
    expect(code).toBe(1);
    expect(err).toMatch(/^running\nRUN_INTERRUPTED: .*\n$/);
    const document = JSON.parse(out) as { readonly partial: boolean; readonly bars: number };
    expect(document.partial).toBe(true);
    expect(document.bars).toBeLessThan(5_000_000);
  });

  it('says in one line what a plugin let go uncaught, and keeps its console out of the results', async () => {
    bench.write('loose.mjs', pluginFile({ id: 'loose', create: "console.log('hello'); setImmediate(() => Promise.reject(new Error('let go'))); return { onBar() {} };" }));
    bench.write('loose.yaml', `${LONG.replace('use: announcer', 'use: loose')}plugins: [./loose.mjs]\n`);
    const { code, out, err } = await run(['backtest', 'loose.yaml', '--json']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^hello\nINV_BROKEN: let go, .*\n$/);
  });

  it('says what was let go during the last step', async () => {
    bench.write('last.mjs', pluginFile({ id: 'last', create: "let told = false; return { onBar() { if (!told) { told = true; Promise.reject(new Error('let go')); } } };" }));
    bench.write('last.yaml', `${GOOD_ACCOUNT.replace('bars: 5000', 'bars: 30').replace('use: sma-cross, params: { fast: 5, slow: 20 }', 'use: last')}plugins: [./last.mjs]\n`);
    const { code, err } = await run(['backtest', 'last.yaml', '--json']);
    expect(code).toBe(1);
    expect(err).toMatch(/^INV_BROKEN: let go, [^\n]*\n$/);
  });

  it('keeps what a plugin writes to stdout out of the results', async () => {
    bench.write('loud.mjs', pluginFile({ id: 'loud', create: "process.stdout.write('hello\\n'); return { onBar() {} };" }));
    bench.write('loud.yaml', `${GOOD_ACCOUNT.replace('use: sma-cross, params: { fast: 5, slow: 20 }', 'use: loud')}plugins: [./loud.mjs]\n`);
    const { code, out, err } = await run(['backtest', 'loud.yaml', '--json']);
    expect({ code, err }).toEqual({ code: 0, err: 'hello\n' });
    expect(JSON.parse(out)).toMatchObject({ schema: 'keelson.backtest/1' });
  });

  it.each([
    ['ends the process', 'process.exit(0);'],
    ['waits for what never comes', 'await new Promise(() => {});'],
  ])('is no success when a plugin %s', async (_, statement) => {
    bench.write('ends.mjs', `${statement}\n${pluginFile({})}`);
    bench.write('ends.yaml', `${GOOD_ACCOUNT}plugins: [./ends.mjs]\n`);
    const { code, out, err } = await run(['backtest', 'ends.yaml', '--json']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^INV_BROKEN: the process ended in the middle of the command, [^\n]*\n$/);
  });

  it.skipIf(!existsSync('/dev/full'))('says in one line that its output found no room', async () => {
    bench.write('good.yaml', GOOD_ACCOUNT);
    const child = spawn('/bin/sh', ['-c', `"${process.execPath}" "${BIN}" backtest good.yaml --json > /dev/full`], { cwd: bench.folder });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(1);
    expect(err).toMatch(/^RUN_OUTPUT: the output could not be written \(ENOSPC[^\n]*\n$/);
  });

  it('ends at once at the second interrupt', async () => {
    const stuck = pluginFile({ id: 'announcer', create: "let said = false; return { onBar() { if (!said) { said = true; process.stderr.write('running\\n'); } } };" }).replace(
      'register({ add }) {',
      "register({ add, onStop }) { onStop(() => { process.stderr.write('stuck\\n'); return new Promise(() => setInterval(() => {}, 1000)); });",
    );
    bench.write('stuck.mjs', stuck);
    bench.write('stuck.yaml', `${LONG}plugins: [./stuck.mjs]\n`);
    let sent = 0;
    const { signal, out } = await run(['backtest', 'stuck.yaml'], (text, interrupt) => {
      if ((sent === 0 && text.includes('running')) || (sent === 1 && text.includes('stuck'))) {
        sent++;
        interrupt();
      }
    });
    expect({ signal, out }).toEqual({ signal: 'SIGINT', out: '' });
  });
});

it('says how to build it when it is not built', async () => {
  mkdirSync(`${bench.folder}/bare/bin`, { recursive: true });
  copyFileSync(BIN, `${bench.folder}/bare/bin/keelson.mjs`);
  expect(await run(['--version'], undefined, `${bench.folder}/bare/bin/keelson.mjs`)).toMatchObject({ code: 1, out: '', err: 'RUN_OUTPUT: keelson is not built, expected apps/runner/dist: run "npm run build"\n' });
});
