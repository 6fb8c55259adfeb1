import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Timer } from '@keelson/core/ports';
import { afterAll, describe, expect, it } from 'vitest';
import { GOOD_ACCOUNT, Workbench } from '../../test-kit/captured-io.js';
import { silentLogger } from '../logger.js';
import { machineTimer } from '../machine-timer.js';
import { HistoryTelemetry } from './history-telemetry.js';
import { LiveTelemetry } from './live-telemetry.js';

const bench = new Workbench();
afterAll(() => bench.remove());

const ACCOUNT = `${GOOD_ACCOUNT.replace('bars: 5000', 'bars: 1500')}telemetry: { path: told.jsonl }\njournal: { use: sqlite, config: { path: runs.db, existing: replace } }\n`;
const read = (name: string): string => readFileSync(join(bench.folder, name), 'utf8');
const RUN = '{"schema":"keelson.telemetry/1","kind":"run","account":"test","mode":"paper","baseCurrency":"USD","instruments":[]}\n';

/** Tries again at once. */
const impatient: Timer = { after: (ms, call) => (ms > 1_000 ? machineTimer.after(ms, call) : (void Promise.resolve().then(call), () => undefined)) };

function live(name: string, options: { readonly timer?: Timer; readonly most?: number; readonly log?: string[] } = {}): LiveTelemetry {
  const { timer = machineTimer, most, log = [] } = options;
  const note = (text: string): void => void log.push(text);
  return new LiveTelemetry({ path: join(bench.folder, name), account: 'test', mode: 'paper' }, timer, { ...silentLogger, warn: note, error: note }, (text) => text.replaceAll('secret', '***'), most);
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await setImmediate();
};

describe('telemetry of a backtest', () => {
  it('is written anew by each run, and by a replay of its journal to the byte', async () => {
    bench.write('account.yaml', ACCOUNT);
    for (let run = 0; run < 2; run++) expect(await bench.keelson(['backtest', 'account.yaml', '--json'])).toMatchObject({ status: 0, err: '' });
    expect(await bench.keelson(['replay', 'runs.db', '--telemetry', 'again.jsonl'])).toMatchObject({ status: 0, err: '' });
    expect(read('told.jsonl')).toBe(read('again.jsonl'));
    expect(read('told.jsonl').match(/"kind":"run"/g)).toHaveLength(1);
    expect(read('told.jsonl').match(/"kind":"fill"/g)?.length).toBeGreaterThan(20);
  });

  it('tells of every bar where that is asked for', async () => {
    bench.write('account.yaml', ACCOUNT);
    await bench.keelson(['backtest', 'account.yaml', '--set', 'telemetry.every=bar']);
    expect(read('told.jsonl').match(/"trigger":"bar"/g)).toHaveLength(1500);
  });

  it.each([
    ['a file that is no telemetry', 'notes of mine\n', /^RUN_OUTPUT: .*told\.jsonl holds something else, expected a new file or telemetry of account test with mode: backtest: set telemetry\.path/],
    ['telemetry of a paper run', RUN, /^RUN_OUTPUT: .*holds lines of account test with mode: paper, expected/],
    ['telemetry of another account', RUN.replace('"test"', '"other"').replace('paper', 'backtest'), /^RUN_OUTPUT: .*holds lines of account other with mode: backtest, expected/],
  ])('leaves %s alone', async (_what, content, line) => {
    bench.write('account.yaml', ACCOUNT);
    writeFileSync(join(bench.folder, 'told.jsonl'), content);
    const { status, out, err } = await bench.keelson(['backtest', 'account.yaml']);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toMatch(line);
    expect(read('told.jsonl')).toBe(content);
    rmSync(join(bench.folder, 'told.jsonl'));
  });

  it('says so when its folder is missing, before anything runs', async () => {
    bench.write('account.yaml', ACCOUNT);
    expect((await bench.keelson(['backtest', 'account.yaml', '--set', 'telemetry.path=none/told.jsonl'])).err).toMatch(/^RUN_OUTPUT: the telemetry .*none\/told\.jsonl could not be written \(ENOENT/);
  });
});

describe('telemetry of a played run', () => {
  it('is there as soon as the process has a moment', async () => {
    const sink = new HistoryTelemetry({ path: join(bench.folder, 'played.jsonl'), account: 'test', mode: 'paper' }, 'append', (text) => text);
    sink.open();
    sink.write('1\n');
    await until(() => read('played.jsonl') === '1\n');
    sink.write('2\n');
    await sink.close();
    expect(read('played.jsonl')).toBe('1\n2\n');
  });
});

describe('telemetry of a live run', () => {
  it('goes on at the end of the file, behind half a line of a process that was killed, and without secrets', async () => {
    writeFileSync(join(bench.folder, 'on.jsonl'), `${RUN}{"kind":"deci`);
    const sink = live('on.jsonl');
    sink.open();
    sink.write('{"a":"my secret"}\n');
    await sink.close();
    expect(read('on.jsonl')).toBe(`${RUN}{"kind":"deci\n{"a":"my ***"}\n`);
  });

  it('begins the file again when it was moved away', async () => {
    const sink = live('moved.jsonl');
    sink.open();
    sink.write('1\n');
    await until(() => read('moved.jsonl') === '1\n');
    renameSync(join(bench.folder, 'moved.jsonl'), join(bench.folder, 'moved.jsonl.1'));
    sink.write('2\n');
    await sink.close();
    expect([read('moved.jsonl.1'), read('moved.jsonl')]).toEqual(['1\n', '2\n']);
  });

  it('keeps lines while nothing can be written, counts what it has no room for, and says both once', async () => {
    const log: string[] = [];
    const path = join(bench.folder, 'full.jsonl');
    const sink = live('full.jsonl', { timer: impatient, most: 4, log });
    mkdirSync(path); // what is a folder cannot be written to
    for (const line of ['1\n', '2\n', '3\n', '4\n']) sink.write(line);
    await until(() => log.length > 0);
    rmSync(path, { recursive: true });
    await until(() => log.length > 1);
    sink.write('5\n');
    await sink.close();
    expect(read('full.jsonl')).toBe('1\n2\n{"kind":"lost","lines":2}\n5\n');
    expect(log).toEqual([expect.stringMatching(/full\.jsonl cannot be written: EISDIR/), 'telemetry is written again: 2 lines were left out']);
  });

  it('does not hold up the end of a process for a disk that fails for good', async () => {
    const path = join(bench.folder, 'gone.jsonl');
    mkdirSync(path);
    const sink = live('gone.jsonl', { timer: impatient });
    sink.write('1\n');
    await sink.close();
    appendFileSync(join(path, 'still-a-folder'), '');
  });
});
