import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { GOOD_ACCOUNT, Workbench, type Run } from '../../test-kit/captured-io.js';

const bench = new Workbench();
afterAll(() => bench.remove());

type Document = { readonly schema: string; readonly faults: number; readonly warnings: number; readonly findings: ReadonlyArray<{ readonly level: string; readonly check: string; readonly found: string; readonly hint?: string }> };

const PLAYED = GOOD_ACCOUNT.replace('account: test', 'account: test\nmode: paper\nexits: { withoutStop: allow }').replace('bars: 5000', 'bars: 800\n  speed: max');

async function examine(account: string, options: { readonly argv?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {}): Promise<Run & { readonly document: Document; found(check: string): string[] }> {
  bench.write('account.yaml', account);
  const run = await bench.keelson(['doctor', 'account.yaml', '--json', ...(options.argv ?? [])], { env: options.env ?? {} });
  const document = (run.out === '' ? { findings: [] } : JSON.parse(run.out)) as Document;
  return { ...run, document, found: (check) => document.findings.filter((each) => each.check === check).map(({ level, found }) => `${level} ${found}`) };
}

describe('keelson doctor', () => {
  it('finds nothing to do with a good account, and leaves nothing behind', async () => {
    const { status, err, document } = await examine(GOOD_ACCOUNT);
    expect({ status, err, faults: document.faults, warnings: document.warnings, schema: document.schema }).toEqual({ status: 0, err: '', faults: 0, warnings: 0, schema: 'keelson.doctor/1' });
    expect(document.findings.map(({ check }) => check)).toEqual(['Node.js', "feed 'synthetic'", 'bars of MES', "broker 'simulated'", "state of broker 'simulated'", 'books and venue']);
    expect(readdirSync(bench.folder)).toEqual(['account.yaml']);
  });

  it('prints a line for each finding, and what to do', async () => {
    bench.write('account.yaml', `${GOOD_ACCOUNT}telemetry: { path: none/told.jsonl }\n`);
    const { status, out } = await bench.keelson(['doctor', 'account.yaml']);
    expect(status).toBe(1);
    writeFileSync(join(bench.folder, 'notes.txt'), 'mine\n');
    expect((await bench.keelson(['doctor', 'account.yaml', '--set', 'telemetry.path=notes.txt'])).out).toMatch(/^fault {4}telemetry +\S+notes\.txt holds something else, expected .*: set telemetry\.path/m);
    rmSync(join(bench.folder, 'notes.txt'));
    expect(out).toMatch(/^fault {4}telemetry +\S+none does not exist: make the folder, or name another path$/m);
    expect(out).toMatch(/\ntest: 1 fault, 0 warnings\n$/);
  });

  it('reads the journal of an account that ran: positions, orders, and what keeps entries off', async () => {
    bench.write('account.yaml', PLAYED);
    await bench.keelson(['run', 'account.yaml']);
    await bench.keelson(['kill', 'account.yaml', '--reason', 'enough']);
    const waiting = await examine(PLAYED);
    expect(waiting.status).toBe(0);
    expect(waiting.found('journal file')).toEqual([expect.stringMatching(/^ok \d{3,} records, created 20/)]);
    expect(waiting.found('journal recalled')).toEqual([expect.stringMatching(/^ok \d{3,} records; positions: (none|-?\d+ MES); working orders: \d$/)]);
    expect(waiting.found('commands')).toEqual(['warning kill not yet obeyed']);

    await bench.keelson(['run', 'account.yaml', '--set', 'data.bars=801']);
    expect((await examine(PLAYED)).found('halted')).toEqual(['warning no entries (kill): killed: enough']);
  });

  it('says where a journal is damaged, and whose it is', async () => {
    bench.write('account.yaml', PLAYED.replace('account: test', 'account: hurt'));
    await bench.keelson(['run', 'account.yaml']);
    const other = await examine(PLAYED.replace('account: test', 'account: other').concat('journal: { use: sqlite, config: { path: hurt.played.journal.db } }\n'));
    expect([other.status, ...other.found('journal file')]).toEqual([1, expect.stringMatching(/^fault .*hurt\.played\.journal\.db is of account 'hurt'$/)]);
    writeFileSync(join(bench.folder, 'hurt.played.journal.db'), 'no database at all, but a text of some length that is none'.repeat(50));
    const damaged = await examine(PLAYED.replace('account: test', 'account: hurt'));
    expect([damaged.status, ...damaged.found('journal file')]).toEqual([1, expect.stringMatching(/^fault hurt\.played\.journal\.db is no SQLite file/)]);
  });

  it('does not connect a second time where a process runs the account, and names it', async () => {
    const account = PLAYED.replace('account: test', 'account: busy');
    const lock = bench.write('busy.run.lock', JSON.stringify({ account: 'busy', pid: process.pid, host: hostname(), since: '2024-01-01T00:00:00Z' }));
    const { status, document, found } = await examine(account);
    expect(status).toBe(0);
    expect(found('lock')).toEqual([`ok process ${process.pid} on ${hostname()} runs the account since 2024-01-01T00:00:00Z`]);
    expect(found('feed and broker')).toEqual([expect.stringMatching(/^warning not looked at: process \d+ is connected/)]);
    expect(document.findings.some(({ check }) => check.startsWith('broker'))).toBe(false);
    rmSync(lock);
  });

  it('says of secrets whether they are there, and never what they are', async () => {
    const account = GOOD_ACCOUNT.concat("plugins: [./own.mjs]\nnotifiers: [{ use: told, config: { apiKey: '${API_KEY}', token: '${TOKEN:-}' } }]\n");
    bench.write('own.mjs', `export default Object.freeze({ [Symbol.for('keelson.plugin')]: true, name: 'own', version: '1.0.0', api: '^1.0.0', provides: ['notifier'],
      register({ add }) { add({ port: 'notifier' }, 'told', { params: { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } }, create: () => ({ notify: async () => undefined }) }); } });`);
    const { status, out, found } = await examine(account, { env: { API_KEY: 'very-hidden-indeed' } });
    expect(status).toBe(0);
    expect(found('secret')).toEqual(['ok API_KEY is set', 'warning TOKEN is not set: its default is used']);
    expect(out).not.toContain('very-hidden');
  });

  it('reports a feed whose file is missing as a fault, and looks at the rest', async () => {
    const { status, document, found } = await examine(GOOD_ACCOUNT.replace(/data:\n(.*\n){4}/, 'data: { feed: file, path: none.csv, timeframe: 5m }\n'));
    expect([status, document.faults]).toEqual([1, 1]);
    expect(found("feed 'file'")).toEqual([expect.stringMatching(/^fault .*none\.csv/)]);
    expect(found('books and venue')).toHaveLength(1);
  });

  it.each([
    ['an account with faults', GOOD_ACCOUNT.replace('sma-cross', 'sma-corss'), [], /^CFG_REFERENCE: .*did you mean sma-cross\?/],
    ['a time limit that is none', GOOD_ACCOUNT, ['--timeout', 'soon'], /^CFG_USAGE: --timeout was "soon", expected seconds above 0/],
    ['real trades on a simulated venue', GOOD_ACCOUNT.replace('account: test', 'account: test\nmode: live\nexits: { stopPoints: 10 }'), [], /^CFG_CONFLICT: .*account\.yaml:\d+:\d+: mode was live and broker 'simulated' is simulated/],
  ])('refuses %s with status 2', async (_what, account, argv, line) => {
    const { status, out, err } = await examine(account, { argv });
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(line);
  });
});
