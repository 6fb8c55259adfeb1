import type { SignalAction } from '@keelson/core/domain';
import { toFraction, toMoney, toPrice, toQuantity, toUtcMs } from '@keelson/core/domain';
import type { Episode, MarketState } from '@keelson/core/ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, silentLogger } from '../../testing/support.js';
import { inMemoryMemory } from './in-memory-memory.js';

const create = (params: unknown = {}) => inMemoryMemory.create({ params: parse(inMemoryMemory.params, params), logger: silentLogger });

function state(action: SignalAction = 'long', labels: Record<string, string> = {}, instrument = 'MES'): MarketState {
  return { instrument, action, confidence: toFraction(0.6), labels };
}

function episode(id: string, endedAt: number, pnl: number, of: MarketState = state(), commission = 1): Episode {
  return {
    id,
    state: of,
    enteredAt: toUtcMs(endedAt - 10),
    trade: {
      instrument: of.instrument,
      side: 'long',
      quantity: toQuantity(1),
      entryTime: toUtcMs(endedAt - 10),
      entryPrice: toPrice(100),
      exitTime: toUtcMs(endedAt),
      exitPrice: toPrice(101),
      pnl: toMoney(pnl),
      commission: toMoney(commission),
      entryReason: '',
      exitReason: '',
    },
  };
}

describe('in-memory', () => {
  it('recalls nothing at first', () => {
    expect(create().recall(state(), toUtcMs(1e12))).toEqual({ sample: 0, winRate: 0 });
  });

  it('counts winners after commission among trades of the same instrument and action', () => {
    const memory = create();
    memory.remember(episode('a', 100, 5));
    memory.remember(episode('b', 200, 1));
    memory.remember(episode('c', 300, 5, state('short')));
    memory.remember(episode('d', 400, 5, state('long', {}, 'GC')));
    expect(memory.recall(state(), toUtcMs(1_000))).toEqual({ sample: 2, winRate: 0.5 });
    expect(memory.recall(state('short'), toUtcMs(1_000))).toEqual({ sample: 1, winRate: 1 });
  });

  it('never recalls a trade that ended later than it is asked for', () => {
    const memory = create();
    memory.remember(episode('late', 300, 5));
    memory.remember(episode('early', 100, -5));
    memory.remember(episode('middle', 200, 5));
    expect([99, 100, 199, 200, 300].map((time) => memory.recall(state(), toUtcMs(time)))).toEqual([
      { sample: 0, winRate: 0 },
      { sample: 1, winRate: 0 },
      { sample: 1, winRate: 0 },
      { sample: 2, winRate: 0.5 },
      { sample: 3, winRate: 2 / 3 },
    ]);
  });

  it('takes an episode once', () => {
    const memory = create();
    memory.remember(episode('a', 100, 5));
    memory.remember(episode('a', 100, 5));
    expect(memory.recall(state(), toUtcMs(1_000)).sample).toBe(1);
  });

  it('tells labels apart only when they are configured', () => {
    const high = state('long', { volatility: 'high', session: 'open' });
    const low = state('long', { volatility: 'low', session: 'open' });
    const [plain, labelled] = [create(), create({ labels: ['volatility'] })];
    for (const memory of [plain, labelled]) {
      memory.remember(episode('a', 100, 5, high));
      memory.remember(episode('b', 100, -5, low));
    }
    expect(plain.recall(high, toUtcMs(1_000))).toEqual({ sample: 2, winRate: 0.5 });
    expect(labelled.recall(high, toUtcMs(1_000))).toEqual({ sample: 1, winRate: 1 });
    expect(labelled.recall(state(), toUtcMs(1_000)).sample).toBe(0);
  });

  it('keeps the trades that ended last, and does not take a forgotten one in again', () => {
    const memory = create({ capacity: 2 });
    memory.remember(episode('a', 100, 5));
    memory.remember(episode('b', 200, -5));
    memory.remember(episode('c', 300, 5));
    memory.remember(episode('a', 100, 5));
    expect(memory.recall(state(), toUtcMs(1_000))).toEqual({ sample: 2, winRate: 0.5 });
    expect(memory.recall(state(), toUtcMs(150)).sample).toBe(0);
  });

  it('recalls what a plain list would, whatever the order, repeats and capacity', () => {
    const arbitrary = fc.array(fc.record({ id: fc.nat(40), end: fc.nat(30), won: fc.boolean(), action: fc.constantFrom<SignalAction>('long', 'short') }), { maxLength: 80 });
    fc.assert(
      fc.property(arbitrary, fc.integer({ min: 1, max: 50 }), fc.nat(30), (rows, capacity, asOf) => {
        const memory = create({ capacity });
        let kept: typeof rows = [];
        for (const row of rows) {
          memory.remember(episode(String(row.id), row.end, row.won ? 5 : -5, state(row.action)));
          if (kept.some(({ id }) => id === row.id)) continue;
          if (kept.length === capacity && row.end < Math.min(...kept.map(({ end }) => end))) continue;
          if (kept.length === capacity) kept = kept.toSorted((a, b) => a.end - b.end).slice(1);
          kept.push(row);
        }
        for (const action of ['long', 'short'] as const) {
          const similar = kept.filter((row) => row.action === action && row.end <= asOf);
          const { sample, winRate } = memory.recall(state(action), toUtcMs(asOf));
          expect(sample).toBe(similar.length);
          expect(winRate * sample).toBeCloseTo(similar.filter(({ won }) => won).length, 9);
        }
      }),
    );
  });
});
