import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { verifyJournal } from './read-journal.js';

const folder = mkdtempSync(join(tmpdir(), 'keelson-killed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const built = fileURLToPath(new URL('../dist/index.js', import.meta.url));
const KILLS = Number(process.env['KEELSON_KILLS'] ?? 12);

/** Appends records without end, and says after each sync how many the disk must hold. */
const WRITER = `
const [entry, path] = process.argv.slice(-2);
const { SqliteJournal } = await import(entry);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const journal = new SqliteJournal({ path, account: 'killed', purpose: 'live', existing: 'set-aside', logger: quiet });
let n = [...journal.read()].length;
const { writeSync } = await import('node:fs');
writeSync(1, 'ready\\n');
for (;;) {
  for (let i = 0; i < 1 + (n % 7); i++) journal.append({ kind: i === 0 ? 'intent' : 'bars', time: ++n, data: { n, text: 'x'.repeat(n % 900) } });
  if (n % 3 === 0) {
    journal.sync();
    writeSync(1, n + '\\n');
  }
  await new Promise(setImmediate);
}
`;

/** Lets the writer run for a while after it opened the journal, and kills it; gives the last number that it said. */
function killed(path: string, turns: number): Promise<number> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, '--', built, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  let said = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    said += text.split('\n').length - 1;
    if (said > turns) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', () => resolve(Number(out.split('\n').slice(0, -1).filter((line) => line !== 'ready').at(-1) ?? 0)));
  });
}

it.skipIf(!existsSync(built))('leaves a whole chain with every synced record when its writer is killed', { timeout: 120_000 }, async () => {
  const path = join(folder, 'killed.db');
  let before = 0;
  for (let life = 0; life < KILLS; life++) {
    const said = await killed(path, (life * 37) % 23);
    const report = verifyJournal(path);
    expect(report.damage).toBeUndefined();
    expect(report.sequence).toBeGreaterThanOrEqual(Math.max(said, before));
    before = report.sequence;
  }
  expect(before).toBeGreaterThan(KILLS);
});
