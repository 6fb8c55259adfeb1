import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BrokerEvent, Fill, OrderIntent } from '@keelson/core/domain';
import { createRandom } from '@keelson/core/engine';
import { recordsOf } from '@keelson/plugin-journal';
import { afterAll, describe, expect, it } from 'vitest';
import { Workbench } from '../../test-kit/captured-io.js';

const BIN = fileURLToPath(new URL('../../bin/keelson.js', import.meta.url));
const KIT = fileURLToPath(new URL('../../test-kit/remote/', import.meta.url));
const built = existsSync(new URL('../../dist/main.js', import.meta.url));
/** More of them by `KEELSON_KILLS=200 npx vitest run apps/runner/src/live/killed-at-random`. */
const KILLS = Number(process.env['KEELSON_KILLS'] ?? 12);
const SEED = process.env['KEELSON_SEED'] ?? 'kills';
const CAP = 4;
/** Of the machine's time; a bar counts a second. */
const BAR_MS = 40;
/** Bars that a position may stand bare: the longest life without a trader, and the start of the next one. */
const GRACE_MS = 20_000;

const bench = new Workbench();
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  bench.remove();
});

type Report = { readonly submits: Record<string, string>; readonly repeats: readonly string[]; readonly fills: readonly Fill[]; readonly position: number; readonly highest: number; readonly capBroken: readonly Fill[]; readonly longestBare: number; readonly bars: number };

function ask(port: number, op: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${JSON.stringify({ op, n: 1 })}\n`));
    let text = '';
    socket.setEncoding('utf8').on('error', reject).on('data', (part: string) => {
      text += part;
      if (!text.includes('\n')) return;
      socket.end();
      resolve((JSON.parse(text) as { readonly answer: unknown }).answer);
    });
  });
}

async function startVenue(): Promise<number> {
  const start = Math.floor(Date.now() / 1000) * 1000 - 86_400_000; // its time runs faster than the machine's, and must not overtake it
  const child = spawn(process.execPath, [join(KIT, 'venue-process.mjs'), JSON.stringify({ seed: SEED, barMs: BAR_MS, start, cap: CAP })], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return new Promise((resolve, reject) => child.on('error', reject).stdout.setEncoding('utf8').once('data', (text: string) => resolve(Number(text))));
}

type Life = { readonly child: ChildProcess; readonly ended: Promise<number | null>; err: string };

function live(): Life {
  const child = spawn(process.execPath, [BIN, 'run', 'account.yaml', '--json'], { cwd: bench.folder, env: { PATH: process.env['PATH'] ?? '' } });
  children.push(child);
  const life: Life = { child, err: '', ended: new Promise((resolve) => child.on('close', (code) => resolve(code))) };
  child.stdout.resume();
  child.stderr.setEncoding('utf8').on('data', (text: string) => (life.err += text));
  return life;
}

async function until(what: () => boolean, limitMs: number): Promise<boolean> {
  for (let waited = 0; waited < limitMs; waited += 20) {
    if (what()) return true;
    await pass(20);
  }
  return what();
}

/** Fills that a journal has, also while it is written; one that was said twice counts once. */
function booksOf(journal: string): Map<string, Fill> {
  const events = [...recordsOf(journal)].flatMap(({ kind, data }) => (kind === 'broker-event' ? [data as BrokerEvent] : []));
  return new Map(events.flatMap((event) => (event.kind === 'fill' ? [[event.fill.executionId, event.fill]] : [])));
}

describe.skipIf(!built)('a trader whose process is killed again and again', () => {
  it(`loses and doubles nothing at a venue that lives on (${KILLS} kills)`, async () => {
    const port = await startVenue();
    copyFileSync(join(KIT, 'remote-plugin.mjs'), join(bench.folder, 'remote.mjs'));
    bench.write('account.yaml', `account: hunted
mode: paper
initialCash: 1000000
plugins: [./remote.mjs]
instruments:
  - { id: X, venue: TEST, type: future, currency: USD, multiplier: 5, tickSize: 0.25, calendar: 24/7 }
data: { feed: remote, port: ${port}, timeframe: 1s }
broker: { use: remote, config: { port: ${port} } }
strategies: [ { use: restless } ]
sizing: { use: fixed-quantity, quantity: 3 }
exits: { stopPoints: 6, rewardRisk: 1.5, trailing: { afterR: 0.5, distanceAtr: 1 } }
risk: { maxContracts: ${CAP}, allowOrders: true }
# the venue's day passes in minutes
watch: { staleAfterBars: 1000, warnClockDrift: 9999d, maxClockDrift: 9999d }
journal: { use: sqlite, config: { path: ./hunted.db } }
`);
    const random = createRandom(SEED);
    let ready = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const life = live();
      // a third dies on the way up, the others at some moment of trading
      if (random.next() < 0.33) await pass(200 + random.int(900));
      else {
        if (!(await until(() => life.err.includes('running') || life.child.exitCode !== null, 60_000))) expect.fail(`life ${kill} did not get ready:\n${life.err}`);
        await pass(random.int(900));
      }
      if (life.err.includes('running')) ready++;
      if (life.child.exitCode !== null) expect.fail(`life ${kill} ended by itself with status ${life.child.exitCode}:\n${life.err}`);
      life.child.kill('SIGKILL');
      await life.ended;
    }
    expect(ready).toBeGreaterThan(KILLS / 3);

    const last = live();
    await until(() => last.err.includes('running'), 60_000);
    await pass(1_000);
    await ask(port, 'halt');
    const { fills: traded } = (await ask(port, 'report')) as Report;
    await until(() => booksOf(join(bench.folder, 'hunted.db')).size >= traded.length, 60_000);
    last.child.kill('SIGTERM');
    expect([await last.ended, last.err]).toEqual([0, expect.stringContaining('running')]);

    const venue = (await ask(port, 'report')) as Report;
    const records = [...recordsOf(join(bench.folder, 'hunted.db'))];
    const intents = records.filter(({ kind }) => kind === 'intent').map(({ data }) => data as OrderIntent);
    const once = booksOf(join(bench.folder, 'hunted.db'));
    const names = (fills: Iterable<Fill>): string[] => [...fills].map(({ executionId, clientOrderId, quantity, price }) => `${executionId} ${clientOrderId} ${quantity} ${price}`).sort();

    if (process.env['KEELSON_KILLS'] !== undefined) console.log(`${KILLS} kills, ${ready} of them while trading; ${venue.bars} bars, ${Object.keys(venue.submits).length} orders at the venue of ${intents.length} written, ${venue.fills.length} fills; longest without a stop: ${venue.longestBare} bars`);
    expect(venue.fills.length).toBeGreaterThan(KILLS);
    expect(venue.repeats, 'orders that were sent twice').toEqual([]);
    expect(new Set(intents.map(({ clientOrderId }) => clientOrderId)).size, 'client order ids that were used twice').toBe(intents.length);
    const written = new Set(intents.map(({ clientOrderId }) => clientOrderId));
    expect(Object.keys(venue.submits).filter((id) => !written.has(id)), 'orders at the venue that the journal does not have').toEqual([]);
    expect(names(once.values()), 'fills of the venue and of the journal').toEqual(names(venue.fills));
    expect(venue.capBroken, 'fills beyond the cap').toEqual([]);
    expect(venue.longestBare * BAR_MS, 'time that a position stood without its stop, ms').toBeLessThan(GRACE_MS);
    expect(records.filter(({ kind, data }) => kind === 'command' && (data as { command: string }).command === 'halt'), 'halts').toEqual([]);
  }, 60_000 + KILLS * 6_000);
});
