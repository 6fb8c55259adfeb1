import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { Workbench } from '../../test-kit/captured-io.js';

const BIN = fileURLToPath(new URL('../../bin/keelson.js', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('../../../../examples/leaking-feature/account.yaml', import.meta.url));
const built = existsSync(new URL('../../dist/analyze/trace-worker.js', import.meta.url));
const HOUR = 3_600_000;

const bench = new Workbench();
afterAll(() => bench.remove());

type Named = { readonly kind: string; readonly name: string; readonly plugin?: string; readonly timeframe?: string; readonly params?: unknown; readonly output: string | null; readonly at: string; readonly allData: unknown; readonly cutData: unknown; readonly dataEnds: string };
type Lookahead = { readonly schema: string; readonly clean: boolean; readonly bars: number; readonly cuts: readonly string[]; readonly leaks: readonly Named[]; readonly unsteady: readonly Named[]; readonly consequences: readonly Named[]; readonly uncutFiles: readonly string[]; readonly leftOut: readonly string[] };
type Warmup = { readonly clean: boolean; readonly starts: readonly string[]; readonly features: ReadonlyArray<{ readonly name: string; readonly plugin: string; readonly outcome: string; readonly warmupBars: number; readonly extraBars: number | null; readonly recommendedWarmupBars: number | null; readonly example: unknown }>; readonly decisions: ReadonlyArray<{ readonly kind: string; readonly name: string }> };

/** The real command: its runs need threads of their own. */
function keelson(argv: readonly string[]): Promise<{ readonly status: number | null; readonly out: string; readonly err: string }> {
  const child = spawn(process.execPath, [BIN, ...argv], { cwd: bench.folder, env: { PATH: process.env['PATH'] ?? '' } });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (status) => resolve({ status, out, err }));
  });
}

async function lookahead(account: string, cuts = 3): Promise<{ readonly status: number | null; readonly err: string; readonly document: Lookahead }> {
  const { status, out, err } = await keelson(['analyze', 'lookahead', account, '--cuts', String(cuts), '--json']);
  return { status, err, document: JSON.parse(out === '' ? '{}' : out) as Lookahead };
}

/** Five-minute bars of two days, without chance: a sum of waves on the tick grid. */
const ROWS = Array.from({ length: 576 }, (_, i) => {
  const close = 4000 + Math.round(40 * Math.sin(i / 7) + 25 * Math.sin(i / 3.1) + i / 5) / 4;
  return { time: Date.parse('2024-03-04T00:00:00Z') + i * 300_000, close };
});
const stamp = (time: number): string => new Date(time).toISOString().slice(0, 19) + 'Z';
bench.write('bars.csv', `time,open,high,low,close,volume\n${ROWS.map(({ time, close }) => `${stamp(time)},${close},${close + 1},${close - 1},${close},10`).join('\n')}\n`);

const ACCOUNT = `account: test
initialCash: 50000
plugins: [./plugin.mjs]
instruments:
  - { id: MES, type: future, currency: USD, tickSize: 0.25, multiplier: 5, calendar: '24/7' }
data: { feed: file, path: ./bars.csv, timeframe: 5m }
strategies:
  - { use: sma-cross, params: { fast: 5, slow: 20 } }
  - { use: mine }
`;

/** A plugin's file: `parts` stand in its register, `head` before it. */
const plugin = (head: string, parts: string): string => `import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { DATA_FEED, FEATURE, STRATEGY, definePlugin, defineDataFeed, defineFeature, defineStrategy } from '@keelson/core/plugin';
import { z } from 'zod';
${head}
const rowsOf = (text) => text.trim().split('\\n').slice(1).map((row) => row.split(',')).map(([time, ...rest]) => [Date.parse(time), ...rest.map(Number)]);
const user = (name) => defineStrategy({ params: z.unknown(), create: ({ use }) => { const f = use(name); return { onBar({ bars, signal }) { if (f.value > bars.close[bars.index]) signal.long(); else signal.flat(); } }; } });
const feature = (update) => defineFeature({ params: z.unknown(), outputs: ['value'], create: () => ({ warmupBars: 1, update, reset() {} }) });
export default definePlugin({ name: 'suspect', version: '1.0.0', api: '^1.0.0', provides: ['data-feed', 'feature', 'strategy'],
  register({ add }) { ${parts} } });
`;
const none = "add(DATA_FEED, 'own', defineDataFeed({ params: z.unknown(), create() { throw new Error('unused'); } }));";
const noFeature = "add(FEATURE, 'unused', feature((bars, out) => { out[0] = 0; }));";

let folder = 0;
/** Writes the plugin and the account into a folder of their own. */
function write(source: string, account = ACCOUNT): string {
  folder++;
  bench.write(`${folder}/bars.csv`, `time,open,high,low,close,volume\n${ROWS.map(({ time, close }) => `${stamp(time)},${close},${close + 1},${close - 1},${close},10`).join('\n')}\n`);
  bench.write(`${folder}/plugin.mjs`, source);
  bench.write(`${folder}/account.yaml`, account);
  return `${folder}/account.yaml`;
}

describe.skipIf(!built)('analyze lookahead', () => {
  it('names the feature of the leaking example, and what only believes it as a consequence', async () => {
    const { status, out, err } = await keelson(['analyze', 'lookahead', EXAMPLE, '--cuts', '4', '--json']);
    const document = JSON.parse(out) as Lookahead;
    expect(status).toBe(1);
    expect(err).toMatch(/^ANA_LOOKAHEAD: feature 'next-close' of leaking-feature on 5m bars of MES, params \{"ahead":1\} changed in the past/);
    expect(document).toMatchObject({ schema: 'keelson.lookahead/1', clean: false, bars: 600, unsteady: [] });
    expect(document.leaks).toHaveLength(1);
    expect(document.leaks[0]).toMatchObject({ kind: 'feature', name: 'next-close', plugin: 'leaking-feature', timeframe: '5m', params: { ahead: 1 }, output: 'close', cutData: null });
    expect(document.leaks[0]?.at).toBe(document.leaks[0]?.dataEnds);
    expect(document.consequences.map(({ kind, name }) => [kind, name])).toEqual(expect.arrayContaining([['strategy', 'believer'], ['signals', 'signals']]));
    // the other strategy of the account has done nothing
    expect(JSON.stringify(document)).not.toContain('sma-cross');
  });

  it('gives the same document again, and another choice of moments for another seed', async () => {
    const runs = await Promise.all([[], [], ['--seed', 'other']].map((more) => keelson(['analyze', 'lookahead', EXAMPLE, '--set', 'strategies.0.use=sma-cross', '--cuts', '3', '--json', ...more])));
    const [first, second, other] = runs.map(({ out }) => ({ ...(JSON.parse(out) as Lookahead), elapsedMs: 0 }));
    expect(runs.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(second).toEqual(first);
    expect(first?.cuts).toHaveLength(3);
    expect(other?.cuts).not.toEqual(first?.cuts);
  });

  it('catches a strategy that computes its signals from a file beforehand, and keeps them in its module', async () => {
    const { status, document } = await lookahead(write(plugin(
      'let best; // kept between runs of one process',
      `${none} ${noFeature} add(STRATEGY, 'mine', defineStrategy({ params: z.unknown(), create() {
        if (best === undefined) { const rows = rowsOf(readFileSync(new URL('./bars.csv', import.meta.url), 'utf8')); const mean = rows.reduce((sum, row) => sum + row[4], 0) / rows.length; best = new Set(rows.filter((row) => row[4] < mean).map(([time]) => time)); }
        return { onBar({ bars, signal }) { if (best.has(bars.time[bars.index])) signal.long({ reason: 'below the mean of all days' }); else signal.flat(); } };
      } }));`,
    )));
    expect(status).toBe(1);
    expect(document.leaks.map(({ kind, name, plugin: of }) => [kind, name, of])).toEqual([['strategy', 'mine', 'suspect']]);
    expect(document.consequences.map(({ kind }) => kind)).toContain('orders');
  });

  it('catches a module that reads a file while it is imported', async () => {
    const { document } = await lookahead(write(plugin(
      "const rows = rowsOf2(await readFile(new URL('./bars.csv', import.meta.url), 'utf8'));\nfunction rowsOf2(text) { return text.trim().split('\\n').slice(1).map((row) => Number(row.split(',')[4])); }",
      `${none} add(FEATURE, 'high-of-all', feature((bars, out) => { out[0] = Math.max(...rows); })); add(STRATEGY, 'mine', user('high-of-all'));`,
    )));
    expect(document.leaks.map(({ kind, name }) => [kind, name])).toEqual([['feature', 'high-of-all']]);
  });

  it('catches a feed that revises its bars by later ones', async () => {
    const feed = `add(DATA_FEED, 'own', defineDataFeed({ params: z.unknown(), create: () => ({
      capabilities: { history: true, live: false, volume: true }, async connect() {}, async disconnect() {}, provenance: () => [], warnings: () => [],
      async *history({ to = Infinity }) {
        const rows = rowsOf(readFileSync(new URL('./bars.csv', import.meta.url), 'utf8')).filter(([time]) => time < to);
        const shift = rows.at(-1)[4] - 4000; // adjusted to the last close, as continuous contracts are
        const column = (at) => Float64Array.from(rows, (row) => (at === 0 || at === 5 ? row[at] : row[at] - shift));
        yield { length: rows.length, time: column(0), open: column(1), high: column(2), low: column(3), close: column(4), volume: column(5) };
      } }) }));`;
    const { status, err, document } = await lookahead(write(plugin('', `${feed} ${noFeature} add(STRATEGY, 'mine', user('unused'));`), ACCOUNT.replace('feed: file, path: ./bars.csv', 'feed: own')));
    expect(status).toBe(1);
    expect(document.leaks.map(({ kind, name }) => [kind, name])).toEqual([['bars', '5m']]);
    expect(err).toContain("5m bars of MES from feed 'own' changed in the past");
  });

  it('catches a feature that looks into later rows of arrays of its own feed', async () => {
    const feed = `add(DATA_FEED, 'own', defineDataFeed({ params: z.unknown(), create: () => ({
      capabilities: { history: true, live: false, volume: true }, async connect() {}, async disconnect() {}, provenance: () => [], warnings: () => [],
      async *history() { for (let at = 0; at < all.length; at += 100) yield { length: Math.min(100, all.length - at), ...Object.fromEntries(Object.entries(all).filter(([name]) => name !== 'length').map(([name, column]) => [name, column.subarray(at, at + 100)])) }; } }) }));`;
    const { document } = await lookahead(write(plugin(
      `const all = { length: 500, time: Float64Array.from({ length: 500 }, (_, i) => 1709510400000 + i * 300000) };
       for (const name of ['open', 'high', 'low', 'close']) all[name] = Float64Array.from({ length: 500 }, (_, i) => 4000 + (i * 37) % 50);
       all.volume = new Float64Array(500).fill(1);`,
      `${feed} add(FEATURE, 'shared', feature((bars, out) => { out[0] = all.close[bars.count]; })); add(STRATEGY, 'mine', user('shared'));`,
    ), ACCOUNT.replace('feed: file, path: ./bars.csv', 'feed: own')));
    expect(document.leaks.map(({ kind, name }) => [kind, name])).toEqual([['feature', 'shared']]);
  });

  it('catches an hour that is read from a file before it has closed', async () => {
    const hours = Array.from({ length: 48 }, (_, i) => `${stamp((ROWS[0]?.time ?? 0) + i * HOUR)},${ROWS[i * 12 + 11]?.close}`);
    const source = plugin(
      "const hours = new Map(readFileSync(new URL('./hours.csv', import.meta.url), 'utf8').trim().split('\\n').slice(1).map((row) => row.split(',')).map(([time, close]) => [Date.parse(time), Number(close)]));",
      `${none} add(FEATURE, 'hour', feature((bars, out) => { out[0] = hours.get(Math.floor(bars.time[bars.index] / 3600000) * 3600000) ?? NaN; })); add(STRATEGY, 'mine', user('hour'));`,
    );
    const account = write(source);
    bench.write(`${folder}/hours.csv`, `time,close\n${hours.join('\n')}\n`);
    const { document } = await lookahead(account);
    expect(document.leaks.map(({ kind, name }) => [kind, name])).toEqual([['feature', 'hour']]);
    // the hour before has closed: the same file, read rightly, is no fault
    const right = write(source.replace('Math.floor(bars.time[bars.index] / 3600000) * 3600000', 'Math.floor((bars.time[bars.index] + 300000) / 3600000) * 3600000 - 3600000'));
    bench.write(`${folder}/hours.csv`, `time,close\n${hours.join('\n')}\n`);
    expect(await lookahead(right)).toMatchObject({ status: 0, document: { clean: true } });
  });

  it('takes a feature that fails without its future as one that looks into it', async () => {
    const { status, document } = await lookahead(write(plugin(
      '',
      `${none} add(FEATURE, 'sure', defineFeature({ params: z.unknown(), outputs: ['value'], create() {
        const rows = rowsOf(readFileSync(new URL('./bars.csv', import.meta.url), 'utf8'));
        return { warmupBars: 1, update(bars, out) { out[0] = bars.count < 576 ? rows[bars.count][4] : NaN; }, reset() {} };
      } })); add(STRATEGY, 'mine', user('sure'));`,
    )));
    expect(status).toBe(1);
    expect(document.leaks[0]).toMatchObject({ kind: 'feature', name: 'sure', plugin: 'suspect' });
    expect(String(document.leaks[0]?.cutData)).toContain('FEA_THREW');
  });

  it('tells what gives other values on the same data from what looks ahead, and names files that it cannot cut', async () => {
    const account = write(plugin('', `${none} add(FEATURE, 'chance', feature((bars, out) => { out[0] = Math.random(); })); add(STRATEGY, 'mine', user('chance')); readFileSync(new URL('./model.bin', import.meta.url));`));
    bench.write(`${folder}/model.bin`, new Uint8Array([1, 0, 2]));
    const { status, err, document } = await lookahead(account);
    expect(status).toBe(1);
    expect(err).toMatch(/^ANA_UNSTEADY: feature 'chance' of suspect/);
    expect({ leaks: document.leaks, unsteady: document.unsteady.map(({ name }) => name) }).toEqual({ leaks: [], unsteady: ['chance'] });
    expect(document.uncutFiles.map((file) => file.split('/').at(-1))).toEqual(['model.bin']);
  });

  it('leaves out what would write or call, and says so', async () => {
    const { document } = await lookahead(write(plugin('', `${none} ${noFeature} add(STRATEGY, 'mine', user('unused'));`), `${ACCOUNT}memory: { use: in-memory }\nnotifiers: [{ use: log }]\n`), 2);
    expect(document).toMatchObject({ clean: true, leftOut: ['memory', 'notifiers'] });
  });

  it('refuses what it cannot work with, with status 2', async () => {
    const cases = await Promise.all([
      keelson(['analyze']),
      keelson(['analyze', 'lookahed', EXAMPLE]),
      keelson(['analyze', 'lookahead', EXAMPLE, '--cuts', '0']),
      keelson(['analyze', 'warmup', EXAMPLE, '--tolerance', 'small']),
      keelson(['analyze', 'lookahead', EXAMPLE, '--set', 'mode=paper']),
      keelson(['analyze', 'lookahead', EXAMPLE, '--to', '2024-03-04T00:05:00Z']),
    ]);
    expect(cases.map(({ status, out, err }) => [status, out, err.split(':')[0]])).toEqual([
      [2, '', 'CFG_USAGE'],
      [2, '', 'CFG_USAGE'],
      [2, '', 'CFG_USAGE'],
      [2, '', 'CFG_USAGE'],
      [2, '', 'CFG_CONFLICT'],
      [2, '', 'DATA_EMPTY'],
    ]);
    expect(cases[0]?.err).toContain('expected lookahead or warmup');
  });
});

describe.skipIf(!built)('analyze warmup', () => {
  it('tells exact, converging and start-dependent features apart, with the warm-up that each needs', async () => {
    const account = write(
      plugin(
        '',
        `${none} add(FEATURE, 'sum', defineFeature({ params: z.unknown(), outputs: ['value'], create() { let sum = 0; return { warmupBars: 1, update(bars, out) { out[0] = sum += Math.sign(Math.sin(bars.count)) * bars.volume[bars.index]; }, reset() { sum = 0; } }; } })); add(STRATEGY, 'mine', user('sum'));`,
      ),
      ACCOUNT.replace('{ use: mine }', '{ use: mine }\n  - { use: rsi-macd, params: { rsiPeriod: 3, fast: 2, slow: 4, signal: 2 } }'),
    );
    const { status, out, err } = await keelson(['analyze', 'warmup', account, '--starts', '5', '--json']);
    const document = JSON.parse(out) as Warmup;
    const of = (name: string) => document.features.find((feature) => feature.name === name);
    expect(status).toBe(1);
    expect(err).toMatch(/^ANA_START: feature 'sum' of suspect on 5m bars of MES, params \{\} depends on where the data begins/);
    expect(document.clean).toBe(false);
    expect(document.starts).toHaveLength(5);
    expect(of('sma')).toMatchObject({ outcome: 'equal', extraBars: null, recommendedWarmupBars: of('sma')?.warmupBars });
    expect(of('macd')).toMatchObject({ outcome: 'converges' });
    expect(of('macd')?.recommendedWarmupBars).toBe((of('macd')?.warmupBars ?? 0) + (of('macd')?.extraBars ?? 0));
    expect(of('macd')?.extraBars).toBeGreaterThan(10);
    expect(of('sum')).toMatchObject({ outcome: 'depends', plugin: 'suspect', recommendedWarmupBars: null });
    expect(of('sum')?.example).toMatchObject({ allData: expect.any(Number), lateData: expect.any(Number) });
    expect(document.decisions.map(({ name }) => name)).toContain('rsi-macd');
  });

  it('is content with an account whose features all come to agree', async () => {
    const { status, out } = await keelson(['analyze', 'warmup', EXAMPLE, '--set', 'strategies.0.use=rsi-macd', '--starts', '3', '--tolerance', '1e-6']);
    expect(status).toBe(0);
    expect(out).toContain('Exact from their warm-up on');
  });
});
