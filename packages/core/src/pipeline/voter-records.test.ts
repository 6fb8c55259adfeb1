import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kernel } from '../../testing/kernel.js';

type Voter = 'long' | 'short' | undefined;

/** Positions entered by the given votes and left at `outcome` points; gives the factors afterwards. */
function factorsAfter(performance: Record<string, unknown>, rounds: ReadonlyArray<{ readonly voters: readonly Voter[]; readonly points: number; readonly parts?: number }>, commission = 0): number[] {
  const count = rounds[0]?.voters.length ?? 0;
  const kernel = new Kernel({ config: { sizing: { use: 'fixed-quantity', quantity: 2 }, decision: { minConfidence: 0, ensemble: { performance } } }, voters: Array.from({ length: count }, (_, i) => `strategy-${i + 1}`), initialCash: 1e9 });
  let now: readonly Voter[] = [];
  for (let i = 0; i < count; i++) kernel.seat(({ signal }) => (now[i] === undefined ? undefined : signal[now[i] as 'long']({ confidence: 1 - i / 10 })));
  for (const { voters, points, parts = 1 } of rounds) {
    now = voters;
    const entry = kernel.step(1000).find(({ role }) => role === 'entry');
    now = [];
    if (entry === undefined) continue; // long and short tied
    kernel.accept(entry.clientOrderId);
    kernel.fill(entry.clientOrderId, 2, 1000);
    for (let part = 0; part < parts; part++) kernel.fill('given', 2 / parts, 1000 + points, { side: entry.side === 'buy' ? 'sell' : 'buy', commission: commission as never });
  }
  return [...(kernel.account.ensemble?.records?.factors ?? [])];
}

describe('weights by performance', () => {
  it('start at the static weight, and follow what became of the positions that a strategy voted for', () => {
    // one win of one: e = 1, z = 1 / (1 + 3)
    expect(factorsAfter({ shrinkTrades: 3 }, [{ voters: ['long', undefined], points: 5 }])).toEqual([1.25, 1]);
    // 5 and −15: e = −0.5, z = 2 / (2 + 3)
    expect(factorsAfter({ shrinkTrades: 3 }, [{ voters: ['long', undefined], points: 5 }, { voters: ['long', undefined], points: -15 }])[0]).toBeCloseTo(0.8, 12);
    // a short gains when the price falls
    expect(factorsAfter({ shrinkTrades: 3 }, [{ voters: ['short'], points: -5 }])).toEqual([1.25]);
  });

  it('count a position to all that voted for it, and to the one that led where that is asked for', () => {
    const round = [{ voters: ['long', 'long', 'short'] as const, points: 5 }];
    expect(factorsAfter({ shrinkTrades: 3 }, round)).toEqual([1.25, 1.25, 1]);
    expect(factorsAfter({ shrinkTrades: 3, attribution: 'leader' }, round)).toEqual([1.25, 1, 1]);
  });

  it('count a position once, however many exits it took', () => {
    expect(factorsAfter({ shrinkTrades: 3 }, [{ voters: ['long'], points: 5, parts: 2 }])).toEqual([1.25]);
  });

  it('count what is left after commission', () => {
    expect(factorsAfter({ shrinkTrades: 3 }, [{ voters: ['long'], points: 5 }], 11)).toEqual([0.75]);
  });

  it('forget what lies further back than the lookback', () => {
    const rounds = [{ voters: ['long'] as const, points: -50 }, { voters: ['long'] as const, points: 5 }];
    expect(factorsAfter({ shrinkTrades: 3, lookbackTrades: 1 }, rounds)).toEqual([1.25]);
  });

  it('are never below 0, stay within their bounds, and near the static weight while the sample is small', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ voters: fc.tuple(fc.constantFrom('long' as const, 'short' as const), fc.constantFrom('long' as const, 'short' as const, undefined)), points: fc.integer({ min: -200, max: 200 }) }), { minLength: 1, maxLength: 12 }),
        fc.record({ minFactor: fc.double({ min: 0.01, max: 1, noNaN: true }), maxFactor: fc.double({ min: 1, max: 10, noNaN: true }), sensitivity: fc.double({ min: 0.1, max: 10, noNaN: true }), shrinkTrades: fc.integer({ min: 0, max: 100 }) }),
        (rounds, performance) => {
          for (const factor of factorsAfter(performance, rounds)) {
            expect(factor).toBeGreaterThanOrEqual(performance.minFactor);
            expect(factor).toBeLessThanOrEqual(performance.maxFactor);
            const reach = performance.sensitivity * (rounds.length / (rounds.length + performance.shrinkTrades));
            expect(Math.abs(factor - 1)).toBeLessThanOrEqual(reach + 1e-12);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
