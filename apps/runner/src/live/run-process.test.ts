import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordsOf } from '@keelson/plugin-journal';
import { afterAll, describe, expect, it } from 'vitest';
import { GOOD_ACCOUNT, pluginFile, Workbench } from '../../test-kit/captured-io.js';

const BIN = fileURLToPath(new URL('../../bin/keelson.js', import.meta.url));
const built = existsSync(new URL('../../dist/main.js', import.meta.url));

const bench = new Workbench();
afterAll(() => bench.remove());

type Ended = { readonly code: number | null; readonly signal: string | null; readonly out: string; readonly err: string };

/** Runs the real command; `onText` sees all of stderr so far and may act on the process. */
function keelson(argv: readonly string[], onText?: (err: string, child: ChildProcess) => void): Promise<Ended> {
  const child = spawn(process.execPath, [BIN, ...argv], { cwd: bench.folder, env: { PATH: process.env['PATH'] ?? '' } });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    onText?.(err, child);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code, signal) => resolve({ code, signal, out, err }));
  });
}

/** Sends a signal the first time that `text` was seen. */
function signalAt(text: string, signal: NodeJS.Signals): (err: string, child: ChildProcess) => void {
  let sent = false;
  return (err, child) => {
    if (sent || !err.includes(text)) return;
    sent = true;
    child.kill(signal);
  };
}

bench.write('milestones.mjs', pluginFile({ id: 'milestones', create: "let n = 0; return { onBar() { if (++n % 1000 === 0) process.stderr.write('bar ' + n + '.\\n'); } };" }));

/** An account on bars that are played, with a journal of its own. */
function account(name: string, mode = 'paper'): string {
  const text = GOOD_ACCOUNT.replace('account: test', `account: ${name}\nmode: ${mode}`).replace('bars: 5000', 'bars: 12000\n  speed: max');
  bench.write(`${name}.yaml`, `${text}  - { use: milestones }\nplugins: [./milestones.mjs]\nexits: { stopAtr: 2, rewardRisk: 2 }\n`);
  return `${name}.yaml`;
}

type Document = { readonly ordersHash: string; readonly trades: readonly unknown[]; readonly bars: number; readonly stats: unknown };
const documentOf = ({ out }: Ended): Document => JSON.parse(out) as Document;

describe.skipIf(!built)('the process of keelson run', () => {
  it.each([
    ['is asked to end', 'SIGTERM', 0],
    ['is killed', 'SIGKILL', null],
  ] as const)('goes on where its journal ends after it %s, to the trades of the backtest', async (_what, signal, code) => {
    const file = account(signal.toLowerCase());
    const first = await keelson(['run', file, '--json'], signalAt('bar 3000.', signal));
    expect(first.code).toBe(code);
    if (signal === 'SIGTERM') expect(documentOf(first).bars).toBeLessThan(12_000);
    const second = await keelson(['run', file, '--json'], signalAt('bar 7000.', signal));
    expect(second.code).toBe(code);
    if (signal === 'SIGKILL') expect(second.err).toMatch(/the lock of process \d+ .* was taken over: that process is gone/);

    const last = await keelson(['run', file, '--json']);
    const past = await keelson(['backtest', file, '--set', 'mode=backtest', '--json']);
    expect(last.code).toBe(0);
    const { ordersHash, trades, bars, stats } = documentOf(past);
    expect(trades.length).toBeGreaterThan(100);
    expect(documentOf(last)).toMatchObject({ ordersHash, trades, bars, stats });
    expect(readdirSync(bench.folder).filter((name) => name.includes('lock'))).toEqual([]);
  }, 60_000);

  it('refuses a second process, obeys kill and resume at once, and stays killed over a restart', async () => {
    const file = account('obedient');
    const slow = ['--set', 'data.speed=4000x'] as const;
    let said: Promise<readonly Ended[]> | undefined;
    const first = await keelson(['run', file, ...slow], (err, child) => {
      if (said !== undefined || !err.includes('running on paper')) return;
      said = (async () => {
        const refused = await keelson(['run', file]);
        const lock = JSON.parse(readFileSync(join(bench.folder, 'obedient.run.lock'), 'utf8')) as { readonly pid: number };
        expect(lock.pid).toBe(child.pid);
        const killed = await keelson(['kill', file, '--reason', 'a test']);
        child.kill('SIGTERM');
        return [refused, killed];
      })();
    });
    const [refused, killed] = (await said) as readonly [Ended, Ended];
    expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^RUN_LOCKED: process \d+ on .* runs obedient since .*, expected one process for an account: stop it first \(kill \d+\), then start again\n$/) as string });
    expect(killed).toMatchObject({ code: 0, err: expect.stringMatching(/^obedient: process \d+ on .* obeyed: entries taken back/) as string });
    expect(first).toMatchObject({ code: 3, err: expect.stringMatching(/HALT_RISK: the account is halted \(killed: a test\).*: look at its positions and orders, then run "keelson resume obedient.yaml"\n$/) as string });

    const still = await keelson(['run', file, '--json', '--set', 'data.bars=3000']);
    expect(still.code).toBe(3);
    expect(documentOf(still).bars).toBe(3000);
    const before = documentOf(still).trades.length;

    expect(await keelson(['resume', file])).toMatchObject({ code: 0, err: 'obedient: no process runs it: the next start obeys the resume\n' });
    const resumed = await keelson(['run', file, '--json']);
    expect(resumed.code).toBe(0);
    expect(documentOf(resumed).trades.length).toBeGreaterThan(before);
    const commands = [...recordsOf(join(bench.folder, 'obedient.played.journal.db'))].filter(({ kind }) => kind === 'command').map(({ data }) => (data as { readonly command: string }).command);
    expect(commands).toEqual(['kill', 'resume']);
  }, 60_000);

  it('is one for an account, and is reached by kill and resume, whatever it was started with', async () => {
    const file = account('elsewhere', 'backtest');
    let said: Promise<readonly Ended[]> | undefined;
    const first = await keelson(['run', file, '--set', 'mode=paper', '--set', 'data.speed=4000x', '--set', 'journal.use=sqlite', '--set', 'journal.config.path=other.db'], (err, child) => {
      if (said !== undefined || !err.includes('running on paper')) return;
      said = (async () => {
        const ends = await Promise.all([keelson(['run', file, '--set', 'mode=paper']), keelson(['kill', file, '--reason', 'a test'])]);
        child.kill('SIGTERM');
        return ends;
      })();
    });
    const [refused, killed] = (await said) as readonly [Ended, Ended];
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/^RUN_LOCKED: process \d+ on .* runs elsewhere since .*: stop it first \(kill \d+\), then start again\n$/) as string });
    expect(killed).toMatchObject({ code: 0, err: expect.stringMatching(/^elsewhere: process \d+ on .* obeyed: entries taken back/) as string });
    expect(first).toMatchObject({ code: 3, err: expect.stringContaining('killed: a test') as string });
    // the way back is said as it has to be written
    expect(first.err).toContain('run "keelson resume elsewhere.yaml --set mode=paper"');

    for (const word of ['kill', 'resume']) expect(await keelson([word, file])).toMatchObject({ code: 1, err: expect.stringMatching(/^RUN_ABSENT: no process runs elsewhere and mode was backtest, expected a process that obeys.*: .*add --set mode=paper\n$/) as string });
    expect(readdirSync(join(bench.folder, 'elsewhere.control'))).toEqual([]);
    expect(await keelson(['resume', file, '--set', 'mode=paper'])).toMatchObject({ code: 0, err: 'elsewhere: no process runs it: the next start obeys the resume\n' });
  }, 60_000);

  it('changes the plan of an open position on a word from outside, and says why where it does not', async () => {
    bench.write('holder.mjs', pluginFile({ id: 'holder', create: "let n = 0; return { onBar({ signal }) { if (++n === 20) process.stderr.write('holding.\\n'); signal.long({ confidence: 0.9, reason: 'always' }); } };" }));
    bench.write('held.yaml', `${GOOD_ACCOUNT.replace('account: test', 'account: held\nmode: paper').replace('bars: 5000', 'bars: 50000\n  speed: 4000x').replace('use: sma-cross, params: { fast: 5, slow: 20 }', 'use: holder')}plugins: [./holder.mjs]\nexits: { stopPoints: 900 }\n`);
    const replan = (...words: readonly string[]): Promise<Ended> => keelson(['replan', 'held.yaml', '--instrument', 'MES', '--reason', 'a test', ...words]);
    let said: Promise<readonly Ended[]> | undefined;
    await keelson(['run', 'held.yaml'], (err, child) => {
      if (said !== undefined || !err.includes('holding.')) return;
      said = (async () => {
        const loosened = await replan('--stop', '1');
        const stop = Number(/expected at least ([\d.]+)/.exec(loosened.err)?.[1]) + 1;
        const ends = [loosened, await replan('--stop', String(stop), '--time-limit', '2030-01-01'), await replan('--time-limit', '2030-01-01')];
        child.kill('SIGTERM');
        return ends;
      })();
    });
    const [loosened, tightened, repeated] = (await said) as readonly [Ended, Ended, Ended];
    expect(loosened).toMatchObject({ code: 1, err: expect.stringMatching(/^held: process \d+ on \S+ refused: stop was 1, expected at least [\d.]+: protection is only tightened\n$/) as string });
    const stop = Number(/expected at least ([\d.]+)/.exec(loosened.err)?.[1]) + 1;
    expect(tightened).toMatchObject({ code: 0, err: expect.stringMatching(new RegExp(`^held: process \\d+ on \\S+ obeyed: plan of the long position in MES, version 2: stop ${stop}, target none, time limit 2030-01-01T00:00:00Z, invalidation none\\n$`)) as string });
    expect(repeated).toMatchObject({ code: 0, err: expect.stringContaining('obeyed: the plan said so already: plan of the long position in MES, version 2') as string });

    const records = [...recordsOf(join(bench.folder, 'held.played.journal.db'))];
    const of = (kind: string): unknown[] => records.filter((record) => record.kind === kind).map(({ data }) => data);
    expect(of('command')).toMatchObject([{ command: 'replan', stop: 1 }, { command: 'replan', stop, reason: 'a test' }, { command: 'replan' }]);
    expect(of('change')).toMatchObject([{ stopPrice: stop }]); // the stop that rests at the venue
    expect(readdirSync(join(bench.folder, 'held.control'))).toEqual([]);
    expect(await keelson(['replay', 'held.played.journal.db'])).toMatchObject({ code: 0 });

    expect(await replan('--stop', '1')).toMatchObject({ code: 1, err: expect.stringMatching(/^RUN_ABSENT: no process runs held, expected the one that keeps the plan: start it/) as string });
    expect(readdirSync(join(bench.folder, 'held.control'))).toEqual([]);
  }, 60_000);

  it.each([
    ['no wish', [], /^CFG_USAGE: nothing was said that the plan should change to, expected one of --stop/],
    ['a price that is none', ['--stop', 'low'], /^CFG_USAGE: --stop was "low", expected a price/],
    ['a time without its zone', ['--time-limit', '2024-01-02T10:00'], /^CFG_USAGE: --time-limit was "2024-01-02T10:00", expected a date, or a time with its zone/],
  ])('refuses a replan with %s', async (_what, words, message) => {
    bench.write('asked.yaml', GOOD_ACCOUNT);
    const { status, err } = await bench.keelson(['replan', 'asked.yaml', '--instrument', 'MES', '--reason', 'x', ...words]);
    expect(err).toMatch(message);
    expect(status).toBe(2);
    expect(existsSync(join(bench.folder, 'test.control'))).toBe(false);
  });
});
