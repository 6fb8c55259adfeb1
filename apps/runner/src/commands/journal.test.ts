import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GOOD_ACCOUNT, pluginFile, Workbench, type Run } from '../../test-kit/captured-io.js';

const bench = new Workbench();
afterAll(() => bench.remove());

const ACCOUNT = `${GOOD_ACCOUNT.replace('bars: 5000', 'bars: 600')}exits: { stopAtr: 2, rewardRisk: 2 }\njournal: { use: sqlite, config: { path: runs.db, existing: replace } }\n`;
const keelson = (...argv: readonly string[]): Promise<Run> => bench.keelson(argv);

let result: { readonly stats: { readonly commission: number }; readonly trades: ReadonlyArray<{ readonly pnl: number }> };

beforeAll(async () => {
  bench.write('account.yaml', ACCOUNT);
  const { out, err } = await keelson('backtest', 'account.yaml', '--json');
  expect(err).toBe('');
  result = JSON.parse(out) as typeof result;
}, 60_000);

type Line = { readonly sequence: number; readonly time: string; readonly kind: string; readonly data: unknown; readonly hash: string };
const linesOf = (text: string): Line[] => text.trimEnd().split('\n').map((line) => JSON.parse(line) as Line);

/** Flips one byte within a record of that kind; gives its number. */
async function damage(name: string, kind: string): Promise<number> {
  const { out } = await keelson('journal', 'export', 'runs.db');
  const { sequence, hash } = linesOf(out).find((line) => line.kind === kind) as Line;
  const bytes = readFileSync(join(bench.folder, 'runs.db'));
  for (let at = bytes.indexOf(hash); at >= 0; at = bytes.indexOf(hash, at + 1)) bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(join(bench.folder, name), bytes);
  return sequence;
}

describe('keelson journal verify', () => {
  it('says what the journal is, and counts its records', async () => {
    const { status, out, err } = await keelson('journal', 'verify', 'runs.db');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^runs\.db: account test, a backtest, schema 1, created 20[^\n]+Z\n\d+ records, each follows from the one before\nlast hash [0-9a-f]{64}\n {2}run +1\n {2}bars +600\n/);
  });

  it('gives one JSON document', async () => {
    const { out } = await keelson('journal', 'verify', 'runs.db', '--json');
    expect(JSON.parse(out)).toMatchObject({ schema: 'keelson.journal-report/1', account: 'test', purpose: 'history', journalSchema: 1, kinds: { run: 1, bars: 600 }, damage: null });
  });

  it('says where a journal is damaged', async () => {
    const sequence = await damage('damaged.db', 'intent');
    const { status, out, err } = await keelson('journal', 'verify', 'damaged.db');
    expect(status).toBe(1);
    expect(out).toContain(`${sequence - 1} good records, then: record ${sequence} does not follow from the one before`);
    expect(err).toMatch(new RegExp(`^JRN_DAMAGED: damaged\\.db: record ${sequence} does not follow from the one before, expected an unbroken chain: keep the file;[^\n]*\n$`));
    expect((await keelson('replay', 'damaged.db')).err).toMatch(/^JRN_DAMAGED/);
  });

  it.each([
    ['a file that does not exist', 'none.db', /^JRN_FOREIGN: none\.db does not exist, expected a journal: check the path\n$/],
    ['an account file', 'account.yaml', /^JRN_FOREIGN: account\.yaml is no SQLite file, expected a journal that Keelson wrote/],
  ])('refuses %s, as the other commands do', async (_what, file, line) => {
    for (const argv of [['journal', 'verify'], ['journal', 'tail'], ['journal', 'export'], ['journal', 'pnl'], ['journal', 'trades'], ['replay']]) {
      const { status, out, err } = await keelson(...argv, file);
      expect({ status, out }).toEqual({ status: 2, out: '' });
      expect(err).toMatch(line);
    }
  });

  it('names its commands when none was given', async () => {
    expect(await keelson('journal')).toMatchObject({ status: 2, err: 'CFG_USAGE: no command was named after journal, expected verify, tail, export, pnl or trades: run "keelson journal --help"\n' });
  });
});

describe('keelson journal tail', () => {
  it('prints the newest records, one line each', async () => {
    const { out } = await keelson('journal', 'tail', 'runs.db', '-n', '3');
    const all = linesOf((await keelson('journal', 'export', 'runs.db')).out);
    expect(out.trimEnd().split('\n').map((line) => Number(line.trim().split(' ')[0]))).toEqual(all.slice(-3).map(({ sequence }) => sequence));
    expect(out).toMatch(/^ +\d+ {2}2024-01-\d\dT[\d:.]+Z {2}\w/);
    expect(linesOf((await keelson('journal', 'tail', 'runs.db', '-n', '2', '--json')).out)).toEqual(all.slice(-2));
    expect((await keelson('journal', 'tail', 'runs.db', '-n', 'few')).err).toMatch(/^CFG_USAGE: -n was "few"/);
  });

  it('goes on until it is interrupted', async () => {
    const run = await bench.keelson(['journal', 'tail', 'runs.db', '-n', '1', '--follow'], { onInterrupt: (handler) => (setImmediate(handler), () => undefined) });
    expect(run.status).toBe(0);
    expect(run.out.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('keelson journal export', () => {
  it('gives every record as a line of JSON, also into a file', async () => {
    const { out } = await keelson('journal', 'export', 'runs.db');
    const lines = linesOf(out);
    expect(lines[0]).toMatchObject({ sequence: 1, kind: 'run', data: { schema: 'keelson.journal/1', account: 'test', setup: { config: { account: 'test' } } } });
    expect(lines.map(({ sequence }) => sequence)).toEqual(lines.map((_, i) => i + 1));
    expect(await keelson('journal', 'export', 'runs.db', '--out', 'runs.jsonl')).toMatchObject({ status: 0, out: '', err: '' });
    expect(readFileSync(join(bench.folder, 'runs.jsonl'), 'utf8')).toBe(out);
  });

  it('gives the same records as Parquet', async () => {
    expect(await keelson('journal', 'export', 'runs.db', '--out', 'runs.parquet')).toMatchObject({ status: 0, out: '', err: '' });
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const rows = (await connection.runAndReadAll(`SELECT sequence, epoch_ms(time), kind, data, hash FROM '${bench.folder}/runs.parquet' ORDER BY sequence`)).getRows();
    connection.closeSync();
    instance.closeSync();
    const lines = linesOf((await keelson('journal', 'export', 'runs.db')).out);
    expect(rows.map(([sequence, time, kind, data, hash]) => ({ sequence: Number(sequence), time: new Date(Number(time)).toISOString(), kind, data: JSON.parse(String(data)) as unknown, hash }))).toEqual(lines);
  });

  it.each([
    [['--format', 'csv'], /^CFG_USAGE: --format was csv, expected jsonl or parquet/],
    [['--format', 'parquet'], /^CFG_USAGE: --out was not given, expected a file for Parquet/],
    [['--out', './runs.db'], /^CFG_USAGE: --out was the journal itself/],
    [['--out', 'nowhere/a.jsonl'], /^RUN_OUTPUT: nowhere\/a\.jsonl could not be written/],
    [['--out', 'nowhere/a.parquet'], /^RUN_OUTPUT: nowhere\/a\.parquet could not be written/],
  ])('refuses %j', async (options, line) => {
    expect((await keelson('journal', 'export', 'runs.db', ...options)).err).toMatch(line);
  });
});

describe('keelson journal pnl', () => {
  type Sums = { readonly realized: number; readonly commissions: number; readonly transfers: number };
  type Pnl = { readonly days: ReadonlyArray<{ readonly day: string; readonly executions: number; readonly realized: string; readonly commissions: string }>; readonly executions: Sums; readonly books: Sums; readonly agrees: boolean };

  it('adds up executions by day and instrument, and agrees with the books and with the backtest', async () => {
    const { status, out, err } = await keelson('journal', 'pnl', 'runs.db', '--json');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const { days, executions, books, agrees } = JSON.parse(out) as Pnl;
    const fills = linesOf((await keelson('journal', 'export', 'runs.db')).out).flatMap(({ kind, data }) => (kind === 'broker-event' && (data as { kind: string }).kind === 'fill' ? [(data as { fill: { commission: number } }).fill] : []));
    expect(fills.length).toBeGreaterThan(10);
    expect(days.reduce((sum, row) => sum + row.executions, 0)).toBe(fills.length);
    expect(days.length).toBeGreaterThan(1);
    const realized = result.trades.reduce((sum, { pnl }) => sum + pnl, 0);
    const commissions = result.stats.commission;
    expect(realized).not.toBe(0);
    expect(executions.realized).toBeCloseTo(realized, 6);
    expect(executions.commissions).toBeCloseTo(commissions, 6);
    expect(days.reduce((sum, row) => sum + Number(row.realized), 0)).toBeCloseTo(realized, 6);
    expect(books.realized).toBeCloseTo(executions.realized, 6);
    expect(agrees).toBe(true);
  });

  it('prints a table for people', async () => {
    const { status, out } = await keelson('journal', 'pnl', 'runs.db');
    expect(status).toBe(0);
    expect(out).toMatch(/^runs\.db: account test, realised profit from executions\nday +instrument +executions +realised +commissions +fees +settled +net\n2024-01-\d\d +\w+ +\d+ /);
    expect(out).toMatch(/\nexecutions +\S+ USD +\S+ USD.*\nbooks +\S+ USD.*\ndifference: none beyond rounding\n$/);
  });
});

describe('keelson journal trades', () => {
  type Row = { readonly time: string; readonly side: string; readonly role: string; readonly reason: string; readonly commission: number; readonly execution: string };
  const rowsOf = async (...more: readonly string[]): Promise<readonly Row[]> => (JSON.parse((await keelson('journal', 'trades', 'runs.db', '--json', ...more)).out) as { readonly executions: readonly Row[] }).executions;

  it('lists every execution with its cost, its role and the reason of its order', async () => {
    const rows = await rowsOf();
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.reduce((sum, { commission }) => sum + commission, 0)).toBeCloseTo(result.stats.commission, 6);
    expect(new Set(rows.map(({ role }) => role))).toContain('entry');
    for (const { role, reason } of rows) expect([role, reason]).not.toContain(null);
    expect(rows.map(({ time }) => time)).toEqual(rows.map(({ time }) => time).sort());
  });

  it('keeps to a stretch of time', async () => {
    const rows = await rowsOf();
    const from = rows[3]?.time ?? '';
    const to = rows.at(-2)?.time ?? '';
    expect(await rowsOf('--from', from, '--to', to)).toEqual(rows.filter(({ time }) => time >= from && time < to));
  });

  it('prints a table for people, and CSV for spreadsheets', async () => {
    const rows = await rowsOf();
    const { out } = await keelson('journal', 'trades', 'runs.db');
    expect(out.split('\n').slice(0, 2)).toEqual([`runs.db: ${rows.length} executions`, expect.stringMatching(/^time +instrument +side +quantity +price +commission +currency +role +order +reason$/)]);
    const lines = (await keelson('journal', 'trades', 'runs.db', '--csv')).out.trimEnd().split('\n');
    expect(lines).toHaveLength(rows.length + 1);
    expect(lines[0]).toBe('time,instrument,side,quantity,price,commission,currency,role,order,execution,reason');
    expect(await keelson('journal', 'trades', 'runs.db', '--csv', '--json')).toMatchObject({ status: 2, err: expect.stringMatching(/^CFG_USAGE: --csv and --json were both given/) as string });
  });
});

describe('keelson replay', () => {
  it('decides everything again from the journal alone, when the account file is gone', async () => {
    renameSync(join(bench.folder, 'account.yaml'), join(bench.folder, 'gone.yaml'));
    const { status, out, err } = await keelson('replay', 'runs.db');
    renameSync(join(bench.folder, 'gone.yaml'), join(bench.folder, 'account.yaml'));
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^runs\.db: \d+ records decided again without a difference \(600 bars, 1 start\)\n$/);
  });

  it('names the first difference with a changed account, with both versions and what was decided on', async () => {
    const { status, out, err } = await keelson('replay', 'runs.db', '--account', 'account.yaml', '--set', 'exits.rewardRisk=3');
    expect(status).toBe(1);
    expect(out).toMatch(/^runs\.db: the first difference is record (\d+) \(plan\), after \d+ equal records\ndecided on: bars 2024-[^\n]+\njournal: {4}plan 2024-[^\n]+\nnow: {8}plan 2024-[^\n]+\ndiffering:\n {2}plan\.target: [\d.]+, now [\d.]+\n/);
    expect(err).toMatch(/^RPL_DIFFERENCE: runs\.db: record \d+ \(plan\) was decided otherwise, expected what the journal says: /);
    const document = JSON.parse((await keelson('replay', 'runs.db', '--account', 'account.yaml', '--set', 'exits.rewardRisk=3', '--json')).out) as { readonly difference: { readonly sequence: number; readonly recorded: unknown } };
    const { kind, data } = linesOf((await keelson('journal', 'export', 'runs.db')).out)[document.difference.sequence - 1] as Line;
    expect(document.difference.recorded).toMatchObject({ kind, data });
  });

  it('says first that a plugin is not what it was', async () => {
    const create = "const threshold = 0; return { onBar({ bars, signal }) { if (bars.close[bars.index] - bars.open[bars.index] > threshold) signal.long({ reason: 'up' }); } };";
    bench.write('mine.mjs', pluginFile({ create }));
    bench.write('mine.yaml', ACCOUNT.replace('runs.db', 'mine.db').replace('{ use: sma-cross, params: { fast: 5, slow: 20 } }', '{ use: mine }').concat('plugins: [./mine.mjs]\n'));
    expect((await keelson('backtest', 'mine.yaml')).status).toBe(0);
    expect(await keelson('replay', 'mine.db')).toMatchObject({ status: 0, err: '' });
    rmSync(join(bench.folder, 'mine.mjs'));
    expect((await keelson('replay', 'mine.db')).err).toMatch(/^PLG_MISSING: plugin \.\/mine\.mjs does not exist/);
    // under another name, since a process imports a file once
    bench.write('changed.mjs', pluginFile({ create: create.replace('= 0', '= 5') }));
    bench.write('changed.yaml', readFileSync(join(bench.folder, 'mine.yaml'), 'utf8').replace('./mine.mjs', './changed.mjs'));
    const { status, err } = await keelson('replay', 'mine.db', '--account', 'changed.yaml');
    expect(status).toBe(1);
    expect(err).toMatch(/^note: my-plugin has changed: its file \(\.\/changed\.mjs\) is not what it was\nRPL_DIFFERENCE/);
  });

  it('finds no secret in the journal, and needs none', async () => {
    bench.write('keyed.mjs', pluginFile({ name: 'keyed', id: 'keyed', create: "return { onBar({ signal }) { signal.long({ reason: 'up' }); } };" }));
    bench.write('secret.yaml', ACCOUNT.replace('runs.db', 'secret.db').replace('{ use: sma-cross, params: { fast: 5, slow: 20 } }', "{ use: keyed, params: { apiKey: '${MY_KEY}', address: 'https://example.org/${MY_TOKEN}' } }").concat('plugins: [./keyed.mjs]\n'));
    const run = await bench.keelson(['backtest', 'secret.yaml'], { env: { MY_KEY: 'open-sesame-1', MY_TOKEN: 'open-sesame-2' } });
    expect(run).toMatchObject({ status: 0, err: '' });
    const bytes = readFileSync(join(bench.folder, 'secret.db'));
    expect(bytes.includes('open-sesame')).toBe(false);
    expect(bytes.includes('https://example.org/***')).toBe(true);
    expect(await keelson('replay', 'secret.db')).toMatchObject({ status: 0, err: '' });
  });

  it('refuses another account, and settings of none', async () => {
    bench.write('other.yaml', ACCOUNT.replace('account: test', 'account: other'));
    expect(await keelson('replay', 'runs.db', '--account', 'other.yaml')).toMatchObject({ status: 2, err: expect.stringMatching(/^JRN_FOREIGN: the journal is of account 'test', expected 'other'/) as string });
    expect((await keelson('replay', 'runs.db', '--set', 'seed=1')).err).toMatch(/^CFG_USAGE: --set was given without --account/);
  });

  it('decides a paper run again, over all its starts', async () => {
    bench.write('paper.yaml', ACCOUNT.replace('runs.db, existing: replace', 'paper.db').replace('  feed:', '  speed: max\n  feed:'));
    const settings = ['--set', 'mode=paper'];
    expect((await keelson('run', 'paper.yaml', ...settings)).status).toBe(0);
    expect((await keelson('run', 'paper.yaml', ...settings)).status).toBe(0);
    const { status, out, err } = await keelson('replay', 'paper.db');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/decided again without a difference \(600 bars, 2 starts\)/);
  });
});
