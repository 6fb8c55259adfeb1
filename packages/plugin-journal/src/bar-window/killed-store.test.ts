import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { SqliteBarStore } from './sqlite-bar-store.js';

const folder = mkdtempSync(join(tmpdir(), 'keelson-killed-bars-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const built = fileURLToPath(new URL('../../dist/bar-window/sqlite-bar-store.js', import.meta.url));
const KILLS = Number(process.env['KEELSON_KILLS'] ?? 6);
const HOUR = 3_600_000;
const SERIES = { source: 'feed', instrument: 'ES', timeframe: '1h' };

/** Goes on with an hour after the other, without end: bars, their features, and files as days become complete. It says each hour once it is kept. */
const WRITER = `
const [entry, folder] = process.argv.slice(-2);
const { SqliteBarStore } = await import(entry);
const { allocateBars } = await import('@keelson/core/series');
const { writeSync } = await import('node:fs');
const store = new SqliteBarStore(folder + '/bars.db', folder + '/days');
await store.open();
const series = { source: 'feed', instrument: 'ES', timeframe: '1h' };
const [span] = await store.spans(series);
writeSync(1, 'ready\\n');
for (let hour = (span?.to ?? 0) / 3600000; ; hour += 5) {
  const bars = allocateBars(5);
  for (let i = 0; i < 5; i++) {
    bars.time[i] = (hour + i) * 3600000;
    for (const name of ['open', 'high', 'low', 'close', 'volume']) bars[name][i] = hour + i + 1 / 3;
  }
  await store.write(series, { from: hour * 3600000, to: (hour + 5) * 3600000 }, bars);
  const column = () => bars.close.slice();
  await store.keepFeatures(series, [{ timeframe: '1h', bars, seen: column(), features: { atr: column(), realisedVolatility: column(), vwap: column(), volumeTrend: column(), spread: column(), imbalance: column() } }]);
  writeSync(1, hour + 5 + '\\n');
}
`;

/** Lets the writer go on for a while, and kills it after a delay that differs each time; gives the last hour that it said. */
function killed(life: number): Promise<number> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, '--', built, folder], { cwd: fileURLToPath(new URL('../..', import.meta.url)), stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (out.split('\n').length > 8 + ((life * 37) % 29)) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', () => resolve(Number(out.split('\n').slice(0, -1).filter((line) => line !== 'ready').at(-1) ?? 0)));
  });
}

it.skipIf(!existsSync(built))('keeps every bar that was written, once, when its writer is killed', { timeout: 120_000 }, async () => {
  let before = 0;
  for (let life = 0; life < KILLS; life++) {
    const said = await killed(life);
    const store = new SqliteBarStore(join(folder, 'bars.db'), join(folder, 'days'));
    await store.open();
    const spans = await store.spans(SERIES);
    const hours: number[] = [];
    for await (const { time, close } of store.read(SERIES, { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY })) {
      for (const [i, each] of time.entries()) {
        hours.push(each / HOUR);
        expect(close[i]).toBe(each / HOUR + 1 / 3);
      }
    }
    expect(spans).toEqual([{ from: 0, to: hours.length * HOUR }]);
    expect(hours).toEqual(hours.map((_, i) => i));
    expect(hours.length).toBeGreaterThanOrEqual(Math.max(said, before));
    before = hours.length;
    await store.close();
  }
  expect(before).toBeGreaterThan(KILLS * 24);
  expect(readdirSync(join(folder, 'days', 'feed', 'ES')).length).toBeGreaterThanOrEqual(Math.floor(before / 24) - 2);
});
