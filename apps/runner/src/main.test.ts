import { existsSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { GOOD_ACCOUNT, pluginFile, Workbench } from '../test-kit/captured-io.js';

const bench = new Workbench();
afterAll(() => bench.remove());

describe('keelson', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['an unknown command', ['backtset', 'a.yaml'], /^CFG_USAGE: unknown command 'backtset', .*: did you mean backtest\?\n$/],
    ['an unknown option', ['backtest', 'a.yaml', '--jsn'], /^CFG_USAGE: unknown option '--jsn', .*: did you mean --json\?\n$/],
    ['a missing argument', ['backtest'], /^CFG_USAGE: missing required argument 'account', .*: run "keelson --help", or "keelson COMMAND --help"\n$/],
    ['an option without its value', ['backtest', 'a.yaml', '--report'], /^CFG_USAGE: option '--report <file>' argument missing, /],
    ['too many arguments', ['validate', 'a.yaml', 'b.yaml'], /^CFG_USAGE: too many arguments for 'validate'/],
    ['a date that is none', ['backtest', 'a.yaml', '--from', 'soon'], /^CFG_USAGE: --from was "soon", expected a date/],
    ['dates in the wrong order', ['backtest', 'a.yaml', '--from', '2024-02-01', '--to', '2024-01-01'], /^CFG_USAGE: --from was 2024-02-01 and --to 2024-01-01, expected --from before --to: /],
    ['a file that is missing', ['validate', 'none.yaml'], /^CFG_FILE: none.yaml does not exist, expected an account file: check the path, or run "keelson init" for a new account\n$/],
  ])('answers %s with one line and status 2', async (_, argv, line) => {
    const run = await bench.keelson(argv);
    expect(run.err).toMatch(line);
    expect(run.err.trimEnd()).not.toContain('\n');
    expect(run).toMatchObject({ status: 2, out: '' });
  });

  it('prints help and version on stdout with status 0, and an example for every command', async () => {
    expect(await bench.keelson(['--version'])).toEqual({ status: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string, err: '' });
    expect((await bench.keelson(['--help'])).out).toContain('keelson init my-account');
    for (const command of ['backtest', 'validate', 'schema', 'init']) {
      const run = await bench.keelson([command, '--help']);
      expect(run).toMatchObject({ status: 0, err: '' });
      expect(run.out).toMatch(/Example.*\n {2}keelson /);
    }
  });

  it('shows the help and fails when no command is given', async () => {
    const run = await bench.keelson([]);
    expect(run.status).toBe(2);
    expect(run.out).toContain('Usage: keelson');
    expect(run.err).toMatch(/^CFG_USAGE: no command was given/);
  });

  it('adds the stack with --debug, before or after the command', async () => {
    for (const argv of [['--debug', 'validate', 'none.yaml'], ['validate', 'none.yaml', '--debug']]) expect((await bench.keelson(argv)).err).toMatch(/\n\s+at /);
    expect((await bench.keelson(['validate', 'none.yaml'])).err).not.toMatch(/\n\s+at /);
  });
});

describe('keelson validate', () => {
  it('reports what an account on paper or live would be refused for at its start', async () => {
    bench.write('live.yaml', `${GOOD_ACCOUNT}exits: { stopPoints: 10 }\n`);
    const { status, err } = await bench.keelson(['validate', 'live.yaml', '--set', 'mode=live']);
    expect(status).toBe(2);
    expect(err).toMatch(/^CFG_CONFLICT: .*mode was live and broker 'simulated' is simulated, expected a real venue: use mode: paper\n$/);
  });

  it('asks an account on paper without any stop what it wants, and takes its word', async () => {
    bench.write('stopless.yaml', GOOD_ACCOUNT);
    const { status, err } = await bench.keelson(['validate', 'stopless.yaml', '--set', 'mode=paper', '--set', 'data.speed=max']);
    expect([status, err]).toEqual([2, expect.stringMatching(/^CFG_CONFLICT: .*mode was paper and exits gave no stop, expected one, or exits\.withoutStop beside it: add stopAtr, stopPoints or disasterStop; or withoutStop: refuse, where every signal names its own stop, or withoutStop: allow\n$/)]);
    for (const set of ['exits.withoutStop=refuse', 'exits.withoutStop=allow', 'exits.disasterStop.lossFraction=0.05', 'exits.stopPoints=10']) {
      expect((await bench.keelson(['validate', 'stopless.yaml', '--set', 'mode=paper', '--set', 'data.speed=max', '--set', set])).status).toBe(0);
    }
    expect((await bench.keelson(['validate', 'stopless.yaml'])).status).toBe(0);
  });

  it('says what a good account is', async () => {
    bench.write('good.yaml', GOOD_ACCOUNT);
    expect(await bench.keelson(['validate', 'good.yaml'])).toEqual({
      status: 0,
      out: 'good.yaml is valid: account test, backtest, sma-cross on MES, data from synthetic, broker simulated\n',
      err: '',
    });
  });

  it('reports the faults of YAML, schema, environment, secrets, plugins, references and parameters in one run', async () => {
    bench.write('future.mjs', pluginFile({ name: 'future', api: '^99.0.0', id: 'later' }));
    bench.write(
      'bad.yaml',
      `account: \${UNSET_NAME}
initialCash: many
plugins: [ ./future.mjs, ./absent.mjs ]
instruments:
  - { id: MES, type: future, currency: USD, tickSize: 0.25, calendar: cme-equity-indx }
  - { id: M6E, type: future, currency: USD }
data: { feed: synthetik, timeframe: 5m }
broker: { use: simulated, config: { apiKey: abcdefgh12345 } }
strategies:
  - { use: sma-cross }
risk: { maxContract: 3 }
`,
    );
    const run = await bench.keelson(['validate', 'bad.yaml']);
    expect(run).toMatchObject({ status: 2, out: '' });
    expect(run.err).not.toContain('abcdefgh12345');
    expect(run.err.trimEnd().split('\n').map((line) => line.replace(/^(\w+): (?:bad\.yaml:(\d+))?.*/, '$1 $2'))).toEqual([
      'CFG_ENV 1',
      'CFG_TYPE 2',
      'PLG_API 3',
      'PLG_MISSING 3',
      'CFG_REFERENCE 5',
      'CFG_MISSING 6',
      'CFG_REFERENCE 7',
      'CFG_SECRET 8',
      'CFG_UNKNOWN_KEY 11',
    ]);
  });

  it('judges components and their parameters although other parts are broken', async () => {
    const text = GOOD_ACCOUNT.replace('initialCash: 50000', 'initialCash: many').replace('{ use: sma-cross, params: { fast: 5, slow: 20 } }', '{ use: sma-corss }\n  - { use: sma-cross, params: { fast: 0, slwo: 20 } }');
    bench.write('parts.yaml', `${text}risk: { maxContract: 3 }\n`);
    const run = await bench.keelson(['validate', 'parts.yaml']);
    expect(run.status).toBe(2);
    expect(run.err.trimEnd().split('\n')).toEqual([
      'CFG_TYPE: parts.yaml:2:1: initialCash was "many", expected a number above 0: change initialCash',
      expect.stringMatching(/^CFG_REFERENCE: parts\.yaml:14:7: strategies\.0\.use was 'sma-corss', .*: did you mean sma-cross\?$/) as string,
      expect.stringMatching(/^CFG_TYPE: parts\.yaml:15:33: strategies\.1\.params\.fast was 0, expected /) as string,
      expect.stringMatching(/^CFG_UNKNOWN_KEY: parts\.yaml:15:42: strategies\.1\.params\.slwo was found, .*: did you mean slow\?$/) as string,
      'CFG_UNKNOWN_KEY: parts.yaml:16:9: risk.maxContract was found, expected a key of risk: did you mean maxContracts?',
    ]);
  });

  it('judges the rest when a part that says by a key what it is, does not', async () => {
    bench.write('union.yaml', `${GOOD_ACCOUNT.replace('ticks: 1', 'tiks: 1')}sizing: { use: fixed-qty, quantity: 5 }\nrisk: { maxContract: 3 }\n`);
    const run = await bench.keelson(['validate', 'union.yaml']);
    expect(run.err.trimEnd().split('\n').map((line) => line.replace(/^(\w+): union\.yaml:(\d+):.*/, '$1 $2'))).toEqual(['CFG_UNKNOWN_KEY 12', 'CFG_TYPE 15', 'CFG_UNKNOWN_KEY 16']);
  });

  it('blames no component for a plugin that was refused', async () => {
    bench.write('future.mjs', pluginFile({ name: 'future', api: '^99.0.0', id: 'later' }));
    bench.write('refused.yaml', `${GOOD_ACCOUNT}  - { use: later }\nplugins: [./future.mjs]\n`);
    const run = await bench.keelson(['validate', 'refused.yaml']);
    expect(run).toMatchObject({ status: 2, err: expect.stringMatching(/^PLG_API: refused\.yaml:\d+:\d+: future [^\n]*\n$/) as string });
    bench.write('wants.mjs', pluginFile({ name: 'wants', id: 'later' }));
    bench.write('wrong.yaml', `${GOOD_ACCOUNT}  - { use: later }\nplugins: [{ use: ./wants.mjs, config: { a: 1 } }]\n`);
    expect((await bench.keelson(['validate', 'wrong.yaml'])).err).toMatch(/^[^\n]*wants[^\n]*\n$/);
  });

  it('blames no component for a plugin that could not be loaded, unless its name is plainly misspelt', async () => {
    bench.write('lacks.yaml', `${GOOD_ACCOUNT}  - { use: from-the-absent-one }\n  - { use: rsi-mcad }\nplugins: [./absent-plugin.mjs]\n`);
    const run = await bench.keelson(['validate', 'lacks.yaml']);
    expect(run.err.trimEnd().split('\n').map((line) => line.split(' ')[0])).toEqual(['CFG_REFERENCE:', 'PLG_MISSING:']);
    expect(run.err).toContain('did you mean rsi-macd?');
  });

  it('names both plugins when two provide one id', async () => {
    bench.write('one.mjs', pluginFile({ name: 'one', id: 'same' }));
    bench.write('two.mjs', pluginFile({ name: 'two', id: 'same' }));
    bench.write('twice.yaml', `${GOOD_ACCOUNT}plugins: [./one.mjs, ./two.mjs]\n`);
    const run = await bench.keelson(['validate', 'twice.yaml']);
    expect(run.status).toBe(2);
    expect(run.err).toMatch(/^PLG_DUPLICATE: twice\.yaml:\d+:\d+: strategy 'same' is provided by one and by two, expected one: /);
  });

  it('names a feature that no plugin provides', async () => {
    bench.write('asks.mjs', pluginFile({ name: 'asks', id: 'asks', create: "use('smaa', { period: 3 }); return { onBar() {} };" }));
    bench.write('asks.yaml', `${GOOD_ACCOUNT.replace('use: sma-cross, params: { fast: 5, slow: 20 }', 'use: asks')}plugins: [./asks.mjs]\n`);
    const run = await bench.keelson(['validate', 'asks.yaml']);
    expect(run.status).toBe(2);
    expect(run.err).toMatch(/^FEA_UNKNOWN: .*smaa.*did you mean sma\?\n$/);
  });

  it('reads values of --set like those of the file', async () => {
    expect((await bench.keelson(['validate', 'good.yaml', '--set', 'strategies.0.params.fast=zero', '--set', 'risk.maxContracts=-1'])).err).toMatch(/--set strategies\.0\.params\.fast: .*\n.*--set risk\.maxContracts: |--set risk\.maxContracts: /);
  });
});

describe('keelson schema', () => {
  it('prints a JSON Schema that knows the components and their parameters', async () => {
    const run = await bench.keelson(['schema']);
    expect(run).toMatchObject({ status: 0, err: '' });
    const schema = JSON.parse(run.out) as { $schema: string; properties: Record<string, { properties: Record<string, unknown>; items: { properties: Record<string, unknown>; allOf: unknown[] }; allOf: unknown[] }> };
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(JSON.stringify(schema.properties['strategies']?.items.properties['use'])).toContain('"sma-cross"');
    expect(JSON.stringify(schema.properties['strategies']?.items.allOf)).toMatch(/"const":"sma-cross".*"fast"/);
    expect(JSON.stringify(schema.properties['data']?.allOf)).toMatch(/"const":"file".*"path"/);
    expect(JSON.stringify(schema.properties['initialCash'])).toContain('From the environment');
  });

  it("adds the components of an account's own plugins", async () => {
    bench.write('own.mjs', pluginFile({ id: 'my-own' }));
    bench.write('own.yaml', `${GOOD_ACCOUNT}plugins: [./own.mjs]\n`);
    expect((await bench.keelson(['schema', 'own.yaml'])).out).toContain('"my-own"');
  });
});

describe('keelson init', () => {
  it('writes an account that validates, and overwrites nothing', async () => {
    const first = await bench.keelson(['init', 'My Account']);
    expect(first).toMatchObject({ status: 0, err: '' });
    expect(first.out).toContain('  cd "My Account"\n  npm install ');
    const second = await bench.keelson(['init', 'My Account']);
    expect(second).toMatchObject({ status: 2, out: '' });
    expect(second.err.trimEnd().split('\n')).toHaveLength(5);
    expect(second.err).toMatch(/^CFG_USAGE: My Account\/account.yaml is there already, /);
  });
});

describe('keelson backtest', () => {
  it('prints a table for people', async () => {
    const run = await bench.keelson(['backtest', 'good.yaml']);
    expect(run).toMatchObject({ status: 0, err: '' });
    expect(run.out).toMatch(/^test {3}2024-01-0\d \d\d:\d\d to 2024-01-\d\d \d\d:\d\d UTC\n/);
    expect(run.out).toMatch(/Start equity +50,000\.00 USD {4}Trades +\d+\n/);
    expect(run.out).toMatch(/Growth per year +not enough data {4}/);
    expect(run.out).toMatch(/\n {2}sha256:[0-9a-f]{64}\n/);
    expect(run.out).toMatch(/5,000 bars in \d/);
    for (const line of run.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(run.out).not.toContain('\u001b');
  });

  it('prints one JSON document, equal on every run except for the time it took', async () => {
    const runs = [await bench.keelson(['backtest', 'good.yaml', '--json']), await bench.keelson(['backtest', 'good.yaml', '--json'])];
    const [first, second] = runs.map(({ out }) => out.replace(/"elapsedMs": \d+/, '"elapsedMs": 0'));
    expect(second).toBe(first);
    const document = JSON.parse(first as string) as { readonly stats: Record<string, unknown>; readonly trades: Array<Record<string, number>>; readonly bars: number; readonly partial: boolean; readonly config: string };
    expect(document).toMatchObject({ schema: 'keelson.backtest/1', account: 'test', bars: 5000, partial: false, halted: null, warnings: ['an entry on MES had no stop: signal and exits: name none (151 times)'] });
    expect(Object.keys(document.stats)).toEqual(['startEquity', 'endEquity', 'totalReturn', 'buyAndHoldReturn', 'cagr', 'annualVolatility', 'sharpe', 'sortino', 'calmar', 'maxDrawdown', 'maxDrawdownDuration', 'trades', 'winRate', 'profitFactor', 'expectancy', 'exposure', 'commission', 'slippage']);
    expect(document.stats).toMatchObject({ startEquity: 50_000, cagr: null, sharpe: null });
    expect(document.trades.length).toBe(document.stats['trades']);
    for (const { pnl = 0 } of document.trades) expect(Math.round(pnl * 100) / 100).toBe(pnl);
    expect(document.config).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('lets --set, --from and --to change the run', async () => {
    const run = await bench.keelson(['backtest', 'good.yaml', '--json', '--set', 'account=other', '--from', '2024-01-03', '--to', '2024-01-10']);
    expect(JSON.parse(run.out)).toMatchObject({ account: 'other', from: '2024-01-03T00:00:00Z', to: '2024-01-10T00:00:00Z' });
  });

  it('writes the report, and says so plainly when it cannot', async () => {
    const good = await bench.keelson(['backtest', 'good.yaml', '--report', 'r.html']);
    expect(good).toMatchObject({ status: 0, err: '' });
    const { readFileSync } = await import('node:fs');
    expect(readFileSync(`${bench.folder}/r.html`, 'utf8')).toMatch(/^<!doctype html>/i);
    for (const path of ['no/such/r.html', '.', '']) {
      const bad = await bench.keelson(['backtest', 'good.yaml', '--report', path]);
      expect(bad).toMatchObject({ status: 1, out: '' }); // before the run, not after it
      expect(bad.err).toMatch(new RegExp(`^RUN_OUTPUT: the report ${path === '' ? "''" : path} could not be written [^\n]*\n$`));
    }
  });

  it.skipIf(!existsSync('/dev/full'))('prints the result also when the report finds no room', async () => {
    const run = await bench.keelson(['backtest', 'good.yaml', '--report', '/dev/full']);
    expect(run.status).toBe(1);
    expect(run.out).toContain('End equity');
    expect(run.err).toMatch(/^RUN_OUTPUT: the report \/dev\/full could not be written \(ENOSPC/);
  });

  it('keeps a secret out of everything it prints', async () => {
    bench.write('leaks.mjs', pluginFile({ id: 'leaks', create: "return { onBar() { throw new Error('key was ' + process.env.LEAK_FOR_TEST); } };" }));
    bench.write('leaks.yaml', `${GOOD_ACCOUNT.replace('use: sma-cross, params: { fast: 5, slow: 20 }', 'use: leaks, params: { apiKey: "${MY_KEY}" }')}plugins: [./leaks.mjs]\n`);
    process.env['LEAK_FOR_TEST'] = 'very-secret-value-1';
    const run = await bench.keelson(['backtest', 'leaks.yaml', '--debug'], { env: { MY_KEY: 'very-secret-value-1' } });
    delete process.env['LEAK_FOR_TEST'];
    expect(run.status).toBe(1);
    expect(run.err).toContain('key was ***');
    expect(run.err + run.out).not.toContain('very-secret-value-1');
  });

  it.each<[string, string, number, RegExp]>([
    ['throws', "return { onBar() { throw new Error('oh no'); } };", 1, /^STR_THREW: .*strange.*20\d\d-\d\d-\d\dT.*oh no/],
    ['returns a promise', 'return { async onBar() {} };', 1, /^STR_ASYNC: .*strange/],
  ])('says which strategy %s, and when', async (_, create, status, line) => {
    bench.write(`strange-${status}${create.length}.mjs`, pluginFile({ name: 'odd', id: 'strange', create }));
    bench.write('strange.yaml', `${GOOD_ACCOUNT.replace('use: sma-cross, params: { fast: 5, slow: 20 }', 'use: strange')}plugins: [./strange-${status}${create.length}.mjs]\n`);
    const run = await bench.keelson(['backtest', 'strange.yaml']);
    expect(run).toMatchObject({ status, out: '' });
    expect(run.err).toMatch(line);
    expect(run.err.trimEnd()).not.toContain('\n');
  });

  it('prints what it has when it is interrupted, and that it is partial', async () => {
    const interrupt = Symbol.for('test.interrupt');
    bench.write('stopper.mjs', pluginFile({ name: 'stopper', id: 'stopper', create: "return { onBar({ bars }) { if (bars.count === 100) globalThis[Symbol.for('test.interrupt')](); } };" }));
    bench.write('stopped.yaml', `${GOOD_ACCOUNT.replace('bars: 5000', 'bars: 200000')}  - { use: stopper }\nplugins: [./stopper.mjs]\n`);
    for (const json of [true, false]) {
      const run = await bench.keelson(['backtest', 'stopped.yaml', ...(json ? ['--json'] : [])], {
        onInterrupt(handler) {
          Object.assign(globalThis, { [interrupt]: handler });
          return () => Reflect.deleteProperty(globalThis, interrupt);
        },
      });
      expect(run.status).toBe(1);
      expect(run.err).toMatch(/^RUN_INTERRUPTED: the run was stopped at 20\d\d-.*\n$/);
      if (json) expect(JSON.parse(run.out)).toMatchObject({ partial: true, warnings: expect.arrayContaining(['partial: the run was stopped before the data ended']) });
      else expect(run.out).toMatch(/^PARTIAL: /);
    }
  });

  it('prints an empty result when it is interrupted before its first bar', async () => {
    bench.write('good.yaml', GOOD_ACCOUNT);
    const run = await bench.keelson(['backtest', 'good.yaml', '--json'], {
      onInterrupt(handler) {
        handler();
        return () => {};
      },
    });
    expect(run).toMatchObject({ status: 1, err: expect.stringMatching(/^RUN_INTERRUPTED: the run was stopped before its first bar, /) as string });
    expect(JSON.parse(run.out)).toMatchObject({ partial: true, bars: 0, trades: [] });
  });

  it('ends with status 3 and says why when a risk limit halted the account', async () => {
    const argv = ['backtest', 'good.yaml', '--set', 'risk.maxDrawdownFraction=0.001'];
    const run = await bench.keelson([...argv, '--json']);
    expect(run.status).toBe(3);
    expect(run.err).toMatch(/^HALT_RISK: the account was halted \(.*maxDrawdownFraction.*\), expected .*\n$/);
    expect(JSON.parse(run.out)).toMatchObject({ partial: false, halted: expect.stringContaining('maxDrawdownFraction') as string });
    expect((await bench.keelson(argv)).out).toMatch(/^HALTED: /);
  });

  it('gives one configuration one hash, however it is written and whatever the secrets are', async () => {
    bench.write('quiet.mjs', pluginFile({ id: 'quiet' }));
    const hashOf = async (text: string, key: string): Promise<unknown> => {
      bench.write('hash.yaml', text);
      const run = await bench.keelson(['backtest', 'hash.yaml', '--json'], { env: { MY_KEY: key } });
      return (JSON.parse(run.out) as { readonly config: unknown }).config;
    };
    const text = `${GOOD_ACCOUNT.replace('use: sma-cross, params: { fast: 5, slow: 20 }', 'use: quiet, params: { apiKey: "${MY_KEY}" }')}plugins: [./quiet.mjs]\n`;
    const hash = await hashOf(text, 'secret-number-one');
    expect(await hashOf(`# a remark\nplugins: [ ./quiet.mjs ]\n${text.replace(/plugins:.*\n/, '')}mode: backtest\n`, 'secret-number-two')).toBe(hash);
    expect(await hashOf(text.replace('50000', '50001'), 'secret-number-one')).not.toBe(hash);
  });

  it('refuses an account that is not for backtests', async () => {
    const run = await bench.keelson(['backtest', 'good.yaml', '--set', 'mode=live']);
    expect(run.status).toBe(2);
    expect(run.err).toMatch(/^CFG_CONFLICT: .*mode was live, expected backtest/);
  });

  it.each<[string, string, string | Uint8Array | undefined, RegExp]>([
    ['missing', 'bars.csv', undefined, /^DATA_MISSING: /],
    ['empty', 'empty.csv', '', /^DATA_EMPTY: /],
    ['binary', 'binary.csv', new Uint8Array(4096).map((_, i) => (i * 89) % 256), /^DATA_FORMAT: /],
    ['a truncated gzip', 'cut.csv.gz', new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3]), /^DATA_FORMAT: /],
    ['without the columns', 'columns.csv', 'time,price\n2024-01-02T10:00:00Z,5\n', /^DATA_COLUMNS: /],
    ['in mixed zones', 'zones.csv', 'time,open,high,low,close,volume\n2024-01-02T10:00:00Z,1,1,1,1,1\n2024-01-02T10:05:00,1,1,1,1,1\n', /^DATA_TIME: /],
    ['going backwards', 'back.csv', 'time,open,high,low,close,volume\n2024-01-02T10:05:00Z,1,1,1,1,1\n2024-01-02T10:00:00Z,1,1,1,1,1\n', /^DATA_(ORDER|QUALITY): /],
  ])('says in one line that the data file is %s', async (_, name, content, line) => {
    if (content !== undefined) bench.write(name, content);
    bench.write('file.yaml', GOOD_ACCOUNT.replace(/data:[\s\S]*?broker:/, `data: { feed: file, path: ./${name}, timeframe: 5m }\nbroker:`).replace('cme-equity-index', '24/7'));
    const run = await bench.keelson(['backtest', 'file.yaml']);
    expect(run).toMatchObject({ status: 2, out: '' });
    expect(run.err).toMatch(line);
    expect(run.err.trimEnd()).not.toContain('\n');
  });

  it('shows progress on a terminal only, and takes it away again', async () => {
    bench.write('long.yaml', GOOD_ACCOUNT.replace('bars: 5000', 'bars: 200000'));
    const run = await bench.keelson(['backtest', 'long.yaml', '--from', '2024-01-01', '--to', '2024-06-01'], { terminal: true });
    expect(run.status).toBe(0);
    expect(run.err).toMatch(/\[#+\.+\] +\d+%/);
    expect(run.err.endsWith('\r\u001b[2K')).toBe(true);
  });
});
