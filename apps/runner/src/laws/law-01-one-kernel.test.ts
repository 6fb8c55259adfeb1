import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { randomBars, reckless, runLaw, textOf } from '../../test-kit/law-run.js';

const CORE = fileURLToPath(new URL('../../../../packages/core/src', import.meta.url));

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.ts$/.test(name) && !/\.test\.ts$/.test(name) ? [path] : [];
  });
}

describe('law 1: one kernel', () => {
  it.each(['pipeline', 'execution', 'portfolio'])('has no word for the kind of run in %s', (folder) => {
    const files = sources(join(CORE, folder));
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) expect(readFileSync(file, 'utf8'), file).not.toMatch(/backtest|\bpaper\b|\bmode\b|isLive|liveTrading|capabilities\.venue|historical/i);
  });

  it('decides the same whatever the chunks that the bars arrive in', async () => {
    const bars = { A: randomBars(1500, 'chunks-a'), B: randomBars(1400, 'chunks-b') };
    const account = { exits: { stopAtr: 2, rewardRisk: 2 }, data: { feed: 'law-bars', timeframe: '1m', higherTimeframes: ['5m', '1h'] } };
    const whole = await runLaw({ bars, strategy: reckless, account });
    expect(whole.intents.length).toBeGreaterThan(100);
    for (const chunk of [1, 7, 256, 1399]) expect(textOf(await runLaw({ bars, strategy: reckless, account, chunk }))).toBe(textOf(whole));
  });
});
