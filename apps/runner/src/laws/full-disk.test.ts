import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { BarColumns, BrokerEvent, OrderIntent } from '@keelson/core/domain';
import { SqliteJournal, recordsOf, verifyJournal } from '@keelson/plugin-journal';
import { afterAll, expect, it } from 'vitest';
import { lawOptions, MINUTE, randomBars, reckless, replayLaw, START, type LawRun } from '../../test-kit/law-run.js';
import { HandFeed, LiveLife, VirtualTime } from '../../test-kit/live-run.js';

const folder = mkdtempSync(join(tmpdir(), 'keelson-full-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('halts entries when the disk is full, keeps the exits, says so, and enters again once there is room and somebody resumes', async () => {
  const run: LawRun = {
    bars: { A: randomBars(900, 'full-disk') },
    strategy: reckless,
    account: { decision: { minConfidence: 0.3 }, exits: { stopAtr: 2, rewardRisk: 2, maxHoldMinutes: 30 }, risk: { maxContracts: 4, maxTradesPerDay: 1000 } },
  };
  const path = join(folder, 'full.db');
  const said: string[] = [];
  const intents: OrderIntent[] = [];
  const events: BrokerEvent[] = [];
  const logger = { debug() {}, info() {}, warn() {}, error: (message: string) => void said.push(message) };
  const journal = new SqliteJournal({ path, account: 'law', purpose: 'live', existing: 'set-aside', logger, mostPages: 60 });
  const feed = new HandFeed();
  const time = new VirtualTime();
  const life = new LiveLife({ ...lawOptions({ ...run, live: (handlers) => void (feed.handlers = handlers) }, intents, events), logger }, journal, time, feed);
  await life.start();

  let minute = 0;
  while (said.length === 0 && minute < 400) await life.play(run.bars, START + minute * MINUTE, START + ++minute * MINUTE);
  const entries = (): number => intents.filter(({ role }) => role === 'entry').length;
  const before = entries();
  expect(before).toBeGreaterThan(5);
  for (const message of said) expect(message).toMatch(/^the journal cannot be written: full\.db could not be written \(disk full\)/);
  const exitsBefore = events.filter(({ kind }) => kind === 'fill').length;
  await life.play(run.bars, START + minute * MINUTE, START + (minute + 120) * MINUTE);
  expect(entries()).toBe(before);
  expect(events.filter(({ kind }) => kind === 'fill').length).toBeGreaterThan(exitsBefore); // what was open has left

  (journal as unknown as { readonly db: { pragma(text: string): void } }).db.pragma('max_page_count = 100000');
  await turn(); // written as soon as the process has a moment
  life.engine.command({ command: 'resume', reason: 'there is room' });
  await life.play(run.bars, START + (minute + 120) * MINUTE, START + (minute + 300) * MINUTE);
  expect(entries()).toBeGreaterThan(before);
  const result = await life.end();
  expect(result.halted).toBeUndefined();
  const report = verifyJournal(path);
  expect(report.damage).toBeUndefined();
  expect(await replayLaw(run, recordsOf(path))).toMatchObject({ lives: 1, difference: undefined });
  expect(report.kinds['bars']).toBe((run.bars['A'] as BarColumns).time.filter((open) => open + MINUTE <= START + (minute + 300) * MINUTE).length); // none was lost
});
