import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { randomBars, reckless, runLaw } from '../../test-kit/law-run.js';
import { ShadowBook } from '../../test-kit/shadow-book.js';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** Packages that no trading process loads: a suite that tests a broker has to hand it orders. */
const TOOLS_OF_TESTS = ['contract-tests'];

function productFiles(): string[] {
  const walk = (folder: string): string[] =>
    readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return walk(path);
      return /\.ts$/.test(name) && !/\.test(-d)?\.ts$/.test(name) ? [path] : [];
    });
  return ['packages', 'apps'].flatMap((kind) => readdirSync(join(ROOT, kind)).filter((name) => !TOOLS_OF_TESTS.includes(name)).flatMap((name) => walk(join(ROOT, kind, name, 'src'))));
}

const matching = (pattern: RegExp): string[] => productFiles().filter((file) => pattern.test(readFileSync(file, 'utf8'))).map((file) => basename(file));

describe('law 3: one door to the market', () => {
  it('makes an approval in approve-orders.ts and nowhere else', () => {
    expect(matching(/\bas\s+(unknown\s+as\s+)?RiskApproved\b|<RiskApproved<[^>]+>>\s*[a-z{(]/)).toEqual(['approve-orders.ts']);
    // a way around the type would be to cast the venue, or the argument
    expect(matching(/\bas\s+(never|any)\b[^;]*\bsubmit|submit\([^)]*\bas\s+(never|any|unknown)\b/)).toEqual([]);
  });

  it('keeps the approval that contract tests forge out of everything that they export, and out of what trades', async () => {
    const exported = await Promise.all([import('@keelson/contract-tests'), import('@keelson/contract-tests/fakes')]);
    expect(exported.flatMap((names) => Object.keys(names)).filter((name) => /forge|approv/i.test(name))).toEqual([]);
    expect(matching(/from '@keelson\/contract-tests/)).toEqual([]);
  });

  it('submits in route-orders.ts and nowhere else', () => {
    expect(matching(/\bbroker\.(submit|modify)\(/)).toEqual(['route-orders.ts']);
  });

  it.each([
    { maxContracts: 3, maxOrderQuantity: 3 },
    { maxContracts: 5, maxOrderQuantity: 2 },
    { maxContracts: 1, maxOrderQuantity: 1 },
  ])('keeps every position within maxContracts $maxContracts at every instant of a run, whatever is signalled', async (risk) => {
    const book = new ShadowBook();
    let instants = 0;
    let largest = 0;
    const check = (): void => {
      for (const id of ['A', 'B']) {
        const position = book.position(id);
        instants++;
        largest = Math.max(largest, Math.abs(position));
        if (Math.abs(position) > risk.maxContracts) throw new Error(`position of ${position}`);
        if (Math.max(0, position) + book.entering(id, 1) > risk.maxContracts) throw new Error('long entries beyond maxContracts');
        if (Math.max(0, -position) + book.entering(id, -1) > risk.maxContracts) throw new Error('short entries beyond maxContracts');
      }
    };
    let largestOrder = 0;
    const failures: unknown[] = [];
    const guarded = (run: () => void): void => {
      try {
        run();
      } catch (thrown) {
        failures.push(thrown); // hooks are isolated: keep it for later
      }
    };
    const { intents } = await runLaw({
      bars: { A: randomBars(4000, 'door-a'), B: randomBars(4000, 'door-b') },
      strategy: reckless,
      account: {
        risk: { ...risk, maxOpenOrders: 12 },
        sizing: { use: 'fixed-quantity', quantity: 50 },
        decision: { minConfidence: 0 },
        strategies: [{ use: 'law' }, { use: 'law', weight: 3 }],
        broker: { use: 'simulated', config: { volumeLimit: 0.2 } },
      },
      onIntent: (intent) =>
        guarded(() => {
          book.intent(intent);
          if (intent.role === 'entry') largestOrder = Math.max(largestOrder, intent.quantity);
          check();
        }),
      onEvent: (event) =>
        guarded(() => {
          book.event(event);
          check();
        }),
    });
    expect(failures.slice(0, 3)).toEqual([]);
    expect(instants).toBeGreaterThan(4000);
    expect(intents.filter((intent) => intent.role === 'entry').length).toBeGreaterThan(200);
    expect(largestOrder).toBe(risk.maxOrderQuantity);
    expect(largest).toBeGreaterThan(0);
  });

  it('holds 200 signals of one moment to a cap of 5 over all instruments, and keeps to it at every instant of an aggressive run', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => `I${i}`);
    const book = new ShadowBook();
    const failures: string[] = [];
    let largest = 0;
    const check = (): void => {
      const held = ids.reduce((sum, id) => sum + Math.abs(book.position(id)), 0);
      const possible = ids.reduce((sum, id) => sum + Math.max(Math.max(0, book.position(id)) + book.entering(id, 1), Math.max(0, -book.position(id)) + book.entering(id, -1)), 0);
      largest = Math.max(largest, held);
      if (held > 5 || possible > 5) failures.push(`${held} held, ${possible} possible`);
    };
    const first = new Map<number, number>();
    const { intents } = await runLaw({
      bars: Object.fromEntries(ids.map((id) => [id, randomBars(250, `cap/${id}`)])),
      strategy: reckless,
      account: {
        risk: { maxContracts: 5, maxTotalContracts: 5, maxOpenOrders: 200 },
        sizing: { use: 'fixed-quantity', quantity: 3 },
        decision: { minConfidence: 0 },
        strategies: Array.from({ length: 10 }, (_, i) => ({ use: 'law', weight: i + 1 })),
        broker: { use: 'simulated', config: { volumeLimit: 0.5 } },
      },
      onIntent: (intent) => {
        if (intent.role === 'entry') first.set(intent.decidedAt, (first.get(intent.decidedAt) ?? 0) + intent.quantity);
        book.intent(intent);
        check();
      },
      onEvent: (event) => {
        book.event(event);
        check();
      },
    });
    expect(failures.slice(0, 3)).toEqual([]);
    expect([...first.values()][0]).toBe(5); // 200 votes of the first moment
    expect(largest).toBe(5);
    expect(intents.filter(({ role }) => role === 'entry').length).toBeGreaterThan(100);
  });
});
