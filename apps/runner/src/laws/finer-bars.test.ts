import { describe, expect, it } from 'vitest';
import { allocateBars } from '@keelson/core/series';
import { MINUTE, reckless, runLaw } from '../../test-kit/law-run.js';
import { ShadowBook } from '../../test-kit/shadow-book.js';

const CASH = 1_000_000;
const FRAME = 5 * MINUTE;

describe('an account whose venue sees finer bars', () => {
  it.each(Array.from({ length: 8 }, (_, seed) => seed))('fills after decisions only, keeps every position covered, and its money adds up, seed %d', async (seed) => {
    const market = { seed, startPrice: 4000, annualVolatility: 1, start: '2024-01-08', end: '2024-01-12' };
    const shadow = new ShadowBook();
    const decided = new Map<string, number>();
    const faults: string[] = [];
    let inside = 0;
    let held = 0;
    const { result } = await runLaw({
      // the ids alone: both timeframes come from one synthetic path
      bars: { A: allocateBars(0), B: allocateBars(0) },
      strategy: reckless,
      account: {
        seed,
        initialCash: CASH,
        data: { feed: 'synthetic', timeframe: '5m', ...market, detail: { timeframe: '1m', ...market } },
        exits: { stopPoints: 8, rewardRisk: 2 },
        decision: { minConfidence: 0.1 },
        broker: { use: 'simulated', config: { fill: seed % 3 === 0 ? 'same-close' : 'next-open' } },
      },
      onIntent: (intent) => {
        shadow.intent(intent);
        decided.set(intent.clientOrderId, intent.decidedAt);
      },
      onEvent: (event) => {
        shadow.event(event);
        if (event.kind !== 'fill') return;
        const { clientOrderId, time } = event.fill;
        if (time % FRAME !== 0) inside++;
        if (time < (decided.get(clientOrderId) ?? 0)) faults.push(`fill ${clientOrderId} came before its decision`);
      },
      options: {
        observeBar: (_instrument, _bars, close) => {
          for (const id of ['A', 'B']) {
            const position = shadow.position(id);
            if (position !== 0) held++;
            if (position !== 0 && shadow.protectedBy(id) !== Math.abs(position)) faults.push(`${new Date(close).toISOString()} ${id} held ${position} with stops for ${shadow.protectedBy(id)}`);
          }
        },
      },
    });
    expect(faults.slice(0, 5)).toEqual([]);
    expect(held).toBeGreaterThan(100);
    expect(inside).toBeGreaterThan(10);
    const realised = result.trades.reduce((sum, trade) => sum + trade.pnl, 0);
    const unrealised = result.openPositions.reduce((sum, position) => sum + position.unrealizedPnl, 0);
    expect(result.statistics.endEquity - CASH).toBeCloseTo(realised + unrealised, 4);
  });
});
