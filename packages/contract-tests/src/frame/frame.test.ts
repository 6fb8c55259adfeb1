import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrokerError } from '@keelson/core/errors';
import { afterAll, describe, expect, it } from 'vitest';
import { VirtualTime } from '../fakes/virtual-time.js';
import { BOTH_TIERS, OFFLINE, type Suite } from './card.js';
import { declareSuite, type TestContext } from './declare-suite.js';
import { expectEqual, expectError, needed, skipUnless, vacuousUnless } from './expectations.js';
import { runCard, runSuite } from './run-suite.js';

type Subject = { readonly value: number };

const why = 'the tests of this frame need it';
const suite: Suite<Subject> = {
  name: 'thing',
  prefix: 'THG',
  about: 'Things.',
  cards: [
    { id: 'THG-010', title: 'is one', why, tiers: BOTH_TIERS, run: ({ value }) => expectEqual(value, 1, 'value') },
    { id: 'THG-020', title: 'is small', why, tiers: OFFLINE, run: async ({ value }) => skipUnless(value < 5, 'it is large') },
    { id: 'THG-030', title: 'does not throw', why, tiers: OFFLINE, run: ({ value }) => { if (value === 3) throw new TypeError('three\n  lines'); } },
  ],
};

const brief = async (value: number, options = {}): Promise<string[]> =>
  (await runSuite(suite, { value }, options)).results.map((card) => `${card.id} ${card.result}${card.result === 'failed' ? `: ${card.message}` : card.result === 'skipped' ? `: ${card.reason}` : ''}`);

describe('runSuite', () => {
  it('gives a result for every card, and says what was found and expected', async () => {
    expect(await brief(1)).toEqual(['THG-010 passed', 'THG-020 passed', 'THG-030 passed']);
    expect(await brief(7)).toEqual(['THG-010 failed: value was 7, expected 1', 'THG-020 skipped: it is large', 'THG-030 passed']);
    expect((await brief(3))[2]).toBe('THG-030 failed: threw TypeError: three lines');
    expect((await runSuite(suite, { value: 7 })).passed).toBe(false);
    expect((await runSuite(suite, { value: 1 })).passed).toBe(true);
  });

  it('passes a card that has nothing to hold, with a note of what is not there', async () => {
    const of = (run: () => void) => runCard({ id: 'THG-050', title: 'holds', why, tiers: OFFLINE, run }, {});
    expect(await of(() => vacuousUnless(false, 'it declares no colour'))).toMatchObject({ result: 'passed', note: 'nothing to hold: it declares no colour' });
    expect(await of(() => needed(undefined, 'no brush', 'it has no colour'))).toMatchObject({ result: 'passed', note: 'nothing to hold: it has no colour' });
    expect(await of(() => needed(undefined, 'no brush'))).toMatchObject({ result: 'skipped', reason: 'no brush' });
    expect(await of(() => undefined)).not.toHaveProperty('note');
  });

  it('runs nothing against a paper account unless that was asked for', async () => {
    expect((await brief(1, { tier: 'paper', paper: false }))[0]).toBe('THG-010 skipped: sends orders to a paper account: set KEELSON_PAPER=1 to allow it');
    expect(await brief(1, { tier: 'paper', paper: true })).toEqual(['THG-010 passed', 'THG-020 skipped: needs a scripted venue: runs offline only', 'THG-030 skipped: needs a scripted venue: runs offline only']);
  });

  it('fails a card that hangs, where it has a timer', async () => {
    const timer = new VirtualTime();
    const card = { id: 'THG-040', title: 'ends', why, tiers: OFFLINE, run: () => new Promise<void>(() => undefined) };
    const running = runCard(card, {}, { timer, timeoutMs: 500 });
    await Promise.resolve();
    timer.turnBy(500);
    expect(await running).toMatchObject({ result: 'failed', message: 'it did not end within 500 ms, expected an end' });
    await runCard({ ...card, run: () => undefined }, {}, { timer });
    expect(timer.waiting).toBe(0);
  });
});

describe('declareSuite', () => {
  it('declares a test for each card, which fails, passes or is skipped with the reason', async () => {
    const tests: Array<{ readonly name: string; readonly body: (context: TestContext) => Promise<void> }> = [];
    const groups: string[] = [];
    const runner = { describe: (name: string, body: () => void) => { groups.push(name); body(); }, it: (name: string, body: (context: TestContext) => Promise<void>) => tests.push({ name, body }) };
    declareSuite(suite, runner, { value: 7 }, { of: 'seven' });
    expect(groups).toEqual(['seven keeps the contract of thing (offline)']);
    expect(tests.map(({ name }) => name)).toEqual(['THG-010 is one', 'THG-020 is small', 'THG-030 does not throw']);
    const skipped: Array<string | undefined> = [];
    const ends = await Promise.allSettled(tests.map(({ body }) => body({ skip: (reason) => void skipped.push(reason) })));
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(String((ends[0] as PromiseRejectedResult).reason)).toBe(`Error: THG-010: value was 7, expected 1 (${why})`);
    expect(skipped).toEqual(['it is large']);
  });
});

describe('a card with nothing to hold', () => {
  it('is noted by the runner, in its own way', async () => {
    const vacuous: Suite<object> = { ...suite, cards: [{ id: 'THG-060', title: 'holds', why, tiers: OFFLINE, run: () => vacuousUnless(false, 'it declares none') }] };
    let body: (context: TestContext) => Promise<void> = async () => undefined;
    declareSuite(vacuous, { describe: (_name, group) => group(), it: (_name, test) => void (body = test) }, {});
    const notes: string[] = [];
    await body({ skip: () => notes.push('skipped'), annotate: (note) => notes.push(`annotated ${note}`) });
    await body({ skip: () => notes.push('skipped'), diagnostic: (note) => notes.push(`told ${note}`) });
    expect(notes).toEqual(['annotated nothing to hold: it declares none', 'told nothing to hold: it declares none']);
  });
});

describe('expectError', () => {
  it('takes a KeelsonError of the code, and nothing else', async () => {
    const codes = ['BRK_REJECTED'] as const;
    const refusal = new BrokerError('BRK_REJECTED', 'no');
    expect(await expectError(() => Promise.reject(refusal), codes, 'the call')).toBe(refusal);
    await expect(expectError(() => undefined, codes, 'the call')).rejects.toThrow('the call passed, expected an error with the code BRK_REJECTED');
    await expect(expectError(() => { throw new Error('plain'); }, codes, 'the call')).rejects.toThrow("the call threw 'Error: plain', expected a KeelsonError");
    await expect(expectError(() => { throw new BrokerError('BRK_MARGIN', 'poor'); }, codes, 'the call')).rejects.toThrow('the call threw BRK_MARGIN: poor, expected the code BRK_REJECTED');
  });
});

describe('under node:test', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keelson-node-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('gives a test for each card, with the same ids', () => {
    const file = join(folder, 'suite.test.mjs');
    const entry = new URL('../../dist/index.js', import.meta.url).href;
    const stranger = "{ name: 'p', version: '0.0.1', api: '^1.0.0', provides: [], register: () => undefined }";
    writeFileSync(file, `import { describe, it } from 'node:test';\nimport { declareSuite, pluginSuite } from '${entry}';\ndeclareSuite(pluginSuite, { describe, it }, { plugin: ${stranger} });\n`);
    const { NODE_TEST_CONTEXT: _nested, ...env } = process.env;
    const { stdout } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', file], { encoding: 'utf8', env });
    expect(stdout).toMatch(/^\s*not ok \d+ - PLG-010 the default export is what definePlugin made/m);
    expect(stdout).toMatch(/^\s*ok \d+ - PLG-020 .* # SKIP the subject has no packageJson/m);
    expect(stdout).toMatch(/^\s*ok \d+ - PLG-070 /m);
  });
});
