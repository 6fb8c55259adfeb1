import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { GOOD_ACCOUNT, pluginFile, Workbench } from '../../test-kit/captured-io.js';

const bench = new Workbench();
afterAll(() => bench.remove());

const ACCOUNT = `${GOOD_ACCOUNT.replace('fast: 5, slow: 20', 'fast: 3, slow: 8')}exits: { stopPoints: 20, rewardRisk: 2 }\nrisk: { maxContracts: 2 }\n`;
const account = bench.write('account.yaml', ACCOUNT);

type Document = { readonly held: boolean; readonly schedules: number; readonly fills: number; readonly faults: Record<string, number>; readonly haltedShare: number; readonly warnings: readonly string[]; readonly broken: ReadonlyArray<{ readonly seed: string; readonly repeat: string; readonly breaches: ReadonlyArray<{ readonly law: string; readonly at: string; readonly what: string }> }> };

describe('keelson chaos', () => {
  it('finds an account sound that trades under faults and deaths, and says what it went through', async () => {
    const { status, out, err } = await bench.keelson(['chaos', account, '--seeds', '4', '--bars', '120', '--json']);
    const document = JSON.parse(out) as Document;

    expect(err).toBe('');
    expect(document.broken).toEqual([]);
    expect(status).toBe(0);
    expect(document).toMatchObject({ schema: 'keelson.chaos/1', account: 'test', held: true, schedules: 4, partial: false, warnings: [] });
    expect(document.fills).toBeGreaterThan(20);
    expect(document.haltedShare).toBeLessThan(0.5);
    expect(Object.values(document.faults).reduce((sum, times) => sum + times, 0)).toBeGreaterThan(50);
  });

  it('holds an instrument with a cap of its own to that one', async () => {
    const wider = bench.write('wider.yaml', ACCOUNT.replace('risk: { maxContracts: 2 }', 'sizing: { use: fixed-quantity, quantity: 4 }\nrisk: { maxContracts: 2, instruments: { MES: { maxContracts: 4 } } }'));
    const { status, out } = await bench.keelson(['chaos', wider, '--seeds', '2', '--bars', '60', '--json']);
    const { broken, fills } = JSON.parse(out) as Document;
    expect(broken).toEqual([]);
    expect(status).toBe(0);
    expect(fills).toBeGreaterThan(4);
  });

  it('runs one schedule again, to the last record', async () => {
    const runs = await Promise.all(['a.jsonl', 'b.jsonl'].map((name) => bench.keelson(['chaos', account, '--seed', '2', '--bars', '80', '--journal', name])));
    expect(runs.map(({ status }) => status)).toEqual([0, 0]);
    expect(runs[0]?.out).toBe(runs[1]?.out);
    const [one, other] = ['a.jsonl', 'b.jsonl'].map((name) => readFileSync(`${bench.folder}/${name}`, 'utf8'));
    expect(one).toBe(other);
    expect(one?.split('\n').length).toBeGreaterThan(100);
  });

  it('names the law that a strategy with chance of its own breaks, its seed and moment, and the command that repeats it', async () => {
    bench.write('dice.mjs', pluginFile({ create: 'return { onBar({ signal }) { if (Math.random() < 0.3) signal.long({ confidence: Math.random() }); else signal.flat({}); } };' }));
    const dice = bench.write('dice.yaml', `${ACCOUNT.replace('use: sma-cross, params: { fast: 3, slow: 8 }', 'use: mine')}plugins: [./dice.mjs]\n`);
    const { status, out, err } = await bench.keelson(['chaos', dice, '--seeds', '2', '--bars', '60', '--json']);
    const { broken } = JSON.parse(out) as Document;

    expect(status).toBe(1);
    expect(err).toMatch(/^CHS_LAW: test broke a law in 2 of 2 schedules \(seed 1, 2\), expected none to: /);
    expect(broken.map(({ seed }) => seed)).toEqual(['1', '2']);
    for (const { seed, repeat, breaches } of broken) {
      expect(repeat).toBe(`keelson chaos ${dice} --seed ${seed} --bars 60 --grace 12`);
      expect(breaches).toContainEqual({ law: 'replay', at: expect.stringMatching(/^2024-.*Z$/) as string, what: expect.stringMatching(/^record \d+ was .* in the journal and is .* when decided again$/) as string });
    }
    const text = await bench.keelson(['chaos', dice, '--seed', '1', '--bars', '60']);
    expect(text.status).toBe(1);
    expect(text.out).toContain('expected: the journal gives the same decisions again');
  });

  it("lets the account's own faults strike, and reports a wrong one with its place", async () => {
    const own = bench.write('own.yaml', ACCOUNT.replace('slippage: { ticks: 1 }', 'slippage: { ticks: 1 }, faults: { duplicate: 0.5 }'));
    const { status, out } = await bench.keelson(['chaos', own, '--seeds', '2', '--bars', '60', '--json']);
    const { faults, warnings } = JSON.parse(out) as Document;
    expect(status).toBe(0);
    expect(Object.keys(faults)).toEqual(['duplicate']);
    expect(warnings).toEqual(["the account's own faults struck instead of drawn ones"]);

    const wrong = bench.write('wrong.yaml', ACCOUNT.replace('slippage: { ticks: 1 }', 'slippage: { ticks: 1 }, faults: { duplicat: 0.5, drop: 2 }'));
    const { status: refused, err } = await bench.keelson(['chaos', wrong]);
    expect(refused).toBe(2);
    expect(err).toMatch(/broker\.config\.faults\.duplicat was found.*did you mean duplicate\?/);
    expect(err).toMatch(/broker\.config\.faults\.drop was 2, expected a number of at most 1|broker\.config\.faults\.drop was 2/);
  });

  it('says that nothing is shown by an account that does not trade', async () => {
    const idle = bench.write('idle.yaml', ACCOUNT.replace('fast: 3, slow: 8', 'fast: 3, slow: 4900'));
    const { status, out } = await bench.keelson(['chaos', idle, '--seeds', '2', '--bars', '40']);
    expect(status).toBe(0);
    expect(out).toContain('Note: the account does not trade on this data even when nothing goes wrong: this shows nothing.');
  });

  it.each([
    [['--seeds', '0'], /--seeds was "0", expected a whole number/],
    [['--seed', 'x'], /--seed was "x", expected a whole number/],
    [['--from', '2024-02-01', '--to', '2024-01-01'], /expected --from before --to/],
    [['--journal', 'x.jsonl'], /--journal was given without --seed/],
    [['--from', '2031-01-01'], /DATA_EMPTY: .* has 0 bars in this range|DATA_EMPTY/],
  ])('refuses %j with status 2', async (words, message) => {
    const { status, err } = await bench.keelson(['chaos', account, ...words]);
    expect(err).toMatch(message);
    expect(status).toBe(2);
  });

  it('draws its progress on a terminal only', async () => {
    const { err } = await bench.keelson(['chaos', account, '--seeds', '2', '--bars', '40'], { terminal: true });
    expect(err).toContain('schedule 2 of 2');
  });
});
