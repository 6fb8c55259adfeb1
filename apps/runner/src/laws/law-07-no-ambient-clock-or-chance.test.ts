import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { randomBars, reckless, runLaw, textOf } from '../../test-kit/law-run.js';

const PACKAGES = fileURLToPath(new URL('../../../../packages', import.meta.url));
const AMBIENT = /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\)|\bsetTimeout\b|\bsetInterval\b|\bMath\.random\b|\bperformance\.now\b|\bprocess\.(hrtime|uptime)\b|\brandomUUID\b|\brandomBytes\b|\bgetRandomValues\b|timers\/promises'\)?;?\s*\/\/\s*delay/;

/** Names what it watches for: the contract suites catch a plugin that reads the machine's clock or chance. */
const WATCHER = join(PACKAGES, 'contract-tests/src/lab/ambient.ts');

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return walk(path);
    return /\.ts$/.test(name) && !/\.test(-d)?\.ts$/.test(name) ? [path] : [];
  });
}

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('law 7: no ambient clock, no ambient chance', () => {
  it('has neither in the source of any package', () => {
    const files = readdirSync(PACKAGES).flatMap((name) => walk(join(PACKAGES, name, 'src'))).filter((file) => file !== WATCHER);
    expect(files.length).toBeGreaterThan(80);
    const found = files.flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, i) => (AMBIENT.test(line) && !/^\s*(\*|\/\/|\/\*)/.test(line) ? [`${relative(PACKAGES, file)}:${i + 1}: ${line.trim()}`] : [])),
    );
    expect(found).toEqual([]);
  });

  it('gives the same run at another date, with another source of chance in the process', async () => {
    const run = async (): Promise<string> => textOf(await runLaw({ bars: { A: randomBars(1200, 'clock') }, strategy: reckless, account: { exits: { stopAtr: 2 } }, advise: ({ time }) => ({ bias: 'bullish', confidence: 1, rationale: '', expiresAt: time + 600_000 }) }));
    const first = await run();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(1999, 11, 31) });
    vi.spyOn(Math, 'random').mockReturnValue(0.123);
    expect(await run()).toBe(first);
  });
});
