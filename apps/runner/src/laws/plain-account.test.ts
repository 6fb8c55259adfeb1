import { MemoryJournal } from '@keelson/core/engine';
import { describe, expect, it } from 'vitest';
import { randomBars, reckless, runLaw, textOf, type LawRun } from '../../test-kit/law-run.js';

const ACCOUNTS: ReadonlyArray<{ readonly what: string; readonly account: LawRun['account'] }> = [
  { what: 'market orders', account: {} },
  { what: 'brackets', account: { exits: { stopPoints: 8, rewardRisk: 2 }, broker: { use: 'simulated', config: { commission: { fraction: 0.0002 }, volumeLimit: 0.5 } } } },
  { what: 'exits that follow the market', account: { exits: { stopAtr: 2, rewardRisk: 3, trailing: { afterR: 0.5, distanceAtr: 1 }, breakEvenAfterR: 1, partialTarget: { atR: 0.5, fraction: 0.5 }, maxHoldMinutes: 25 } } },
  { what: 'loss limits that are met, and fills on the close', account: { initialCash: 20_000, risk: { maxContracts: 10, maxDailyLossFraction: 0.002, lossStreak: { losses: 2, pauseMinutes: 7 } }, broker: { use: 'simulated', config: { fill: 'same-close' } } } },
  { what: 'margin that runs out', account: { initialCash: 5_000, sizing: { use: 'fixed-quantity', quantity: 8 }, risk: { maxContracts: 10 }, broker: { use: 'simulated', config: { margin: { initial: 600, maintenance: 500 } } } } },
];

describe('an account of one source and nothing beside it', () => {
  // with a journal nothing is left out of a moment
  it.each(ACCOUNTS)('comes to what it comes to with a journal: $what', async ({ account }) => {
    for (const seed of [1, 2, 3]) {
      const run: LawRun = { bars: { A: randomBars(1500, `plain-${seed}`) }, strategy: reckless, account: { ...account, seed } };
      const plain = await runLaw(run);
      expect(plain.result.orders).toBeGreaterThan(5);
      expect(textOf(plain)).toBe(textOf(await runLaw({ ...run, journal: new MemoryJournal() })));
    }
  });
});
