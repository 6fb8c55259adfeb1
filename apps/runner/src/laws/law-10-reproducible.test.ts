import { describe, expect, it } from 'vitest';
import { randomBars, reckless, runLaw, textOf, type LawRun } from '../../test-kit/law-run.js';

const run: LawRun = {
  bars: { A: randomBars(2500, 'again-a'), B: randomBars(2000, 'again-b'), C: randomBars(1500, 'again-c') },
  strategy: reckless,
  advise: ({ instrument, time, closes }) => ({ bias: (closes.at(-1) ?? 0) > (closes[0] ?? 0) ? 'bullish' : 'bearish', confidence: 0.8, rationale: instrument, expiresAt: time + 900_000 }),
  account: {
    strategies: [{ use: 'law' }, { use: 'sma-cross', weight: 0.5 }],
    memory: { use: 'in-memory' },
    exits: { stopAtr: 2, rewardRisk: 2, trailing: { distanceAtr: 1.5 }, partialTarget: { atR: 1, fraction: 0.5 } },
    sizing: { use: 'risk-fraction', fraction: 0.002 },
    risk: { maxContracts: 200 }, // so that the sizes are what sizing came to
    broker: { use: 'simulated', config: { commission: { perContract: 0.62 }, slippage: { ticks: 1 }, volumeLimit: 0.5 } },
  },
};

describe('law 10: reproducible numbers', () => {
  it('gives the same result to the last bit: orders, fills, trades, statistics and hash', async () => {
    const first = await runLaw(run);
    expect(first.result.trades.length).toBeGreaterThan(100);
    expect(first.result.ordersHash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(textOf(await runLaw(run))).toBe(textOf(first));
  });

  it('gives another run for another seed', async () => {
    const first = await runLaw(run);
    const other = await runLaw({ ...run, account: { ...run.account, seed: 'another' } });
    expect(other.result.ordersHash).not.toBe(first.result.ordersHash);
  });

  it('does not let one account touch another in the same process', async () => {
    const alone = textOf(await runLaw(run));
    const [together] = await Promise.all([runLaw(run), runLaw({ ...run, account: { ...run.account, seed: 'another' } })]);
    expect(textOf(together)).toBe(alone);
  });
});
