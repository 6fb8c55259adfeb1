import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BrokerEvent, Fill, OrderIntent } from '@keelson/core/domain';
import { recordsOf } from '@keelson/plugin-journal';
import { describe, expect, it, onTestFinished } from 'vitest';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = join(HERE, '../..');
const SIMULATOR = join(ROOT, 'packages/tws-simulator/bin/tws-simulator.js');
const KEELSON = join(ROOT, 'apps/runner/bin/keelson.js');
const built = [join(ROOT, 'apps/runner/dist/main.js'), join(ROOT, 'packages/tws-simulator/dist/main.js'), join(ROOT, 'packages/plugin-ibkr/dist/index.js')].every((file) => existsSync(file));

type Ended = { readonly code: number | null; readonly out: string; readonly err: string };
type Process = { readonly child: ChildProcess; readonly ended: Promise<Ended>; err(): string; out(): string };
type Stage = { readonly folder: string; keelson(argv: readonly string[]): Process; ask<T>(name: string, params?: object): Promise<T> };

/** A copy of the example, with the simulator in a process of its own; all of it on a Monday in May, in a time of its own. */
async function stage(speed: number): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'keelson-ibkr-'));
  for (const name of readdirSync(HERE)) if (!name.endsWith('.ts')) copyFileSync(join(HERE, name), join(folder, name));
  const children: ChildProcess[] = [];
  onTestFinished(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    NODE_OPTIONS: `--import ${join(folder, 'moved-clock.mjs')}`,
    KEELSON_CLOCK_START: '2026-05-04T14:30:00Z', KEELSON_CLOCK_FROM: String(Date.now()), KEELSON_CLOCK_SPEED: String(speed),
  };
  const start = (script: string, argv: readonly string[]): Process => {
    const child = spawn(process.execPath, [script, ...argv], { cwd: folder, env });
    children.push(child);
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    return { child, err: () => err, out: () => out, ended: new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve({ code, out, err }))) };
  };
  const simulator = start(SIMULATOR, ['--port', '0', '--control', '0', '--scenario', 'gateway.yaml']);
  await until(() => simulator.out().includes('\n'), 'the simulator', simulator.err);
  const { port, controlPort } = JSON.parse(simulator.out()) as { readonly port: number; readonly controlPort: number };
  env['GATEWAY_PORT'] = String(port);
  return { folder, keelson: (argv) => start(KEELSON, argv), ask: (name, params) => ask(controlPort, name, params) };
}

function ask<T>(port: number, name: string, params?: object): Promise<T> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${JSON.stringify({ do: name, params })}\n`));
    let text = '';
    socket.setEncoding('utf8').on('error', reject).on('data', (part: string) => {
      text += part;
      if (!text.endsWith('\n')) return;
      socket.end();
      const { ok, result, error } = JSON.parse(text) as { readonly ok: boolean; readonly result: T; readonly error: string };
      if (ok) resolve(result);
      else reject(new Error(error));
    });
  });
}

async function until(holds: () => boolean | Promise<boolean>, what: string, more: () => string = () => ''): Promise<void> {
  const limit = performance.now() + 90_000;
  while (!(await holds())) {
    if (performance.now() > limit) throw new Error(`${what} did not come:\n${more()}`);
    await pass(50);
  }
}

type Execution = { readonly execId: string; readonly quantity: number };
/** Executions that a journal has, by id; also while it is written. */
function fillsIn(journal: string): string[] {
  return [...recordsOf(journal)].flatMap(({ kind, data }) => (kind === 'broker-event' && (data as BrokerEvent).kind === 'fill' ? [(data as { readonly fill: Fill }).fill.executionId] : []));
}

/** Whether the venue has moved a stop. */
function hasTrailed(journal: string): boolean {
  return [...recordsOf(journal)].some(({ kind, data }) => kind === 'broker-event' && (data as BrokerEvent).kind === 'modified');
}

type State = { readonly positions: readonly unknown[] };

describe.skipIf(!built)('the session of MES', () => {
  it('is found in order by the doctor', async () => {
    const { keelson } = await stage(1);
    const { code, out, err } = await keelson(['doctor', 'session.yaml', '--json']).ended;
    const { findings } = JSON.parse(out) as { readonly findings: ReadonlyArray<{ readonly level: string; readonly check: string; readonly found: string }> };
    const found = findings.map(({ level, check, found: text }) => `${level} ${check}: ${text}`);
    expect([code, err]).toEqual([0, '']);
    for (const line of [/^ok gateway: 127\.0\.0\.1:\d+ answers and is ready/, /^ok account: DU1234567, a paper account/, /^ok orders: the gateway takes them/, /^ok contract of MES: MESM6 on CME, .*open now/, /^ok market data of MES: they are live/, /^ok clock: this machine and the gateway differ by/, /^ok books and venue/]) {
      expect(found).toContainEqual(expect.stringMatching(line));
    }
  }, 60_000);

  it('warms up, trades with brackets and a stop that trails, outlives a broken connection and its own death, and ends flat', async () => {
    const { folder, keelson, ask: tell } = await stage(15);
    let executions: readonly Execution[] = [];
    let turn = 0;
    const base = Math.round((await tell<{ readonly last: number }>('quote', { symbol: 'MES' })).last);
    // the market goes up and down, and every cross trades
    const wave = async (holds: () => boolean, what: string, more: () => string): Promise<void> => {
      await until(async () => {
        turn++;
        const phase = turn % 160;
        await tell('setPrice', { symbol: 'MES', last: base + (phase < 80 ? phase : 160 - phase) * 0.5 });
        executions = await tell<readonly Execution[]>('executions');
        return holds();
      }, what, more);
    };
    const first = keelson(['run', 'session.yaml', '--json']);
    await until(() => first.err().includes('running on paper'), 'the first life', first.err);
    await wave(() => executions.length >= 1, 'a trade', first.err);
    await tell('drop');
    await until(async () => (await tell<readonly number[]>('clients')).length === 1, 'the return', first.err);
    const before = executions.length;
    await wave(() => executions.length >= before + 2, 'trades after the connection broke', first.err);
    await wave(() => turn % 10 === 0 && hasTrailed(join(folder, 'mes-session.db')), 'a stop that trails', first.err);
    first.child.kill('SIGKILL');
    await first.ended;

    const second = keelson(['run', 'session.yaml', '--json']);
    await until(() => second.err().includes('running on paper'), 'the second life', second.err);
    const then = executions.length;
    await wave(() => executions.length >= then + 1, 'a trade after the death', second.err);
    expect(await keelson(['kill', 'session.yaml', '--reason', 'the session is over']).ended).toMatchObject({ code: 0 });
    await wave(() => second.err().includes('kill'), 'the word', second.err);
    await until(async () => (await tell<State>('account')).positions.length === 0 && (await tell<readonly unknown[]>('orders')).length === 0, 'the end of its position', second.err);
    await until(async () => fillsIn(join(folder, 'mes-session.db')).length === (await tell<readonly Execution[]>('executions')).length, 'the last fill in the journal', second.err);
    second.child.kill('SIGTERM');
    const { code, out } = await second.ended;
    expect(code).toBe(3); // halted until somebody resumes
    expect((JSON.parse(out) as { readonly openPositions: readonly unknown[] }).openPositions).toEqual([]);

    const records = [...recordsOf(join(folder, 'mes-session.db'))];
    const events = records.flatMap(({ kind, data }) => (kind === 'broker-event' ? [data as BrokerEvent] : []));
    const intents = records.flatMap(({ kind, data }) => (kind === 'intent' ? [data as OrderIntent] : []));
    const all = await tell<readonly Execution[]>('executions');
    expect(records.some(({ kind, data }) => kind === 'bars' && (data as { readonly warmup?: boolean }).warmup === true), 'a warm-up').toBe(true);
    expect(new Set(intents.map(({ clientOrderId }) => clientOrderId)).size, 'names that were used twice').toBe(intents.length);
    expect(fillsIn(join(folder, 'mes-session.db')).sort(), 'fills of the books and of the venue').toEqual(all.map(({ execId }) => execId).sort());
    expect(events.some(({ kind }) => kind === 'modified'), 'a stop that trailed').toBe(true);
    const commands = records.flatMap(({ kind, data }) => (kind === 'command' ? [data as { readonly command: string; readonly by?: string }] : []));
    const ofVenue = commands.filter(({ by }) => by === 'venue').map(({ command }) => command);
    expect(ofVenue.slice(0, 2), 'entries that waited until books and venue had been compared').toEqual(['halt', 'resume']);
    expect(intents.some(({ bracket }) => bracket?.length === 2), 'a bracket').toBe(true);
    expect(commands.filter(({ by }) => by === 'reconciliation'), 'what nothing explains').toEqual([]);
  }, 300_000);
});
