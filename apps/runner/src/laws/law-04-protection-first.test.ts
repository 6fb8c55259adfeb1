import { describe, expect, it } from 'vitest';
import type { OrderIntent } from '@keelson/core/domain';
import type { BarContext, StrategyContext } from '@keelson/core/ports';
import { randomBars, reckless, runLaw, type LawRun } from '../../test-kit/law-run.js';
import { ShadowBook } from '../../test-kit/shadow-book.js';

const RUNS: ReadonlyArray<{ readonly title: string; readonly account: Record<string, unknown> }> = [
  { title: 'a fixed stop', account: { exits: { stopPoints: 8 } } },
  { title: 'stop and target', account: { exits: { stopPoints: 8, rewardRisk: 1.5 } } },
  { title: 'ATR stop, trailing, break-even and a partial target', account: { exits: { stopAtr: 2, rewardRisk: 3, trailing: { afterR: 0.5, distanceAtr: 1 }, breakEvenAfterR: 1, partialTarget: { atR: 0.5, fraction: 0.5 } } } },
  { title: 'a chandelier stop and partial targets', account: { exits: { stopAtr: 2, trailing: { chandelier: { period: 10, multiplier: 2 } }, partialTargets: [{ atR: 0.3, fraction: 0.4 }, { atR: 0.6, fraction: 0.5 }] }, broker: { use: 'simulated', config: { volumeLimit: 0.2 } } } },
  { title: 'a trailing fraction, stale entries and conviction', account: { exits: { stopPoints: 12, trailing: { distanceFraction: 0.001 }, entryExpiryMinutes: 3, conviction: { min: 0.3, decayPerHour: 6, closePositions: true } } } },
  { title: 'scaling in and out', account: { exits: { stopAtr: 3, rewardRisk: 3, atrPeriod: 4, scaling: { tolerance: 0.2, scaleIn: true } }, risk: { maxContracts: 9 }, broker: { use: 'simulated', config: { volumeLimit: 0.2 } } } },
  { title: 'time limits and a disaster stop', account: { exits: { stopPoints: 12, maxHoldMinutes: 20, disasterStop: { lossFraction: 0.0001 } } } },
  { title: 'partial fills', account: { exits: { stopPoints: 8, rewardRisk: 2 }, broker: { use: 'simulated', config: { volumeLimit: 0.2 } } } },
  {
    title: 'partial fills of everything',
    account: { exits: { stopAtr: 2, rewardRisk: 3, trailing: { afterR: 0.5, distanceAtr: 1 }, partialTarget: { atR: 0.3, fraction: 0.5 }, maxHoldMinutes: 15 }, broker: { use: 'simulated', config: { volumeLimit: 0.1, latency: { bars: 1 } } } },
  },
  { title: 'latency', account: { exits: { stopPoints: 8, rewardRisk: 2 }, broker: { use: 'simulated', config: { latency: { bars: 1 } } } } },
  { title: 'fills at the same close', account: { exits: { stopPoints: 8, rewardRisk: 2 }, broker: { use: 'simulated', config: { fill: 'same-close' } } } },
  { title: 'halts', account: { exits: { stopPoints: 8 }, risk: { maxDrawdownFraction: 0.0005, maxTradesPerDay: 40, maxDailyLossFraction: 0.0004 } } },
];

/** Signals without prices of their own now and then: the account's exits give every stop. */
function bare(context: StrategyContext<unknown>): (context: BarContext) => void {
  const { random } = context;
  return ({ signal }) => {
    const roll = random.next();
    if (roll < 0.2) signal.long();
    else if (roll < 0.4) signal.short();
    else if (roll < 0.45) signal.flat();
  };
}

describe('law 4: protection first', () => {
  it.each(RUNS)('covers every position by live stops of exactly its quantity at every moment of a run with $title', async ({ account }) => {
    for (const strategy of [bare, reckless]) {
      const book = new ShadowBook();
      let held = 0;
      const bad: string[] = [];
      const run: LawRun = {
        bars: { A: randomBars(3000, 'protect-a'), B: randomBars(3000, 'protect-b') },
        strategy,
        account: { sizing: { use: 'fixed-quantity', quantity: 4 }, decision: { minConfidence: 0.1 }, ...account },
        onIntent: (intent) => book.intent(intent),
        onEvent: (event) => book.event(event),
        options: {
          observeBar: (_instrument, _bars, close) => {
            for (const id of ['A', 'B']) {
              const position = book.position(id);
              if (position === 0) continue;
              held++;
              if (book.protectedBy(id) !== Math.abs(position)) bad.push(`${new Date(close).toISOString()} ${id}: position ${position}, protected ${book.protectedBy(id)}`);
            }
          },
        },
      };
      await runLaw(run);
      expect(held).toBeGreaterThan(100);
      expect(bad).toEqual([]);
    }
  });

  it.each(Array.from({ length: 16 }, (_, seed) => seed))('covers it also when entries and exits fill in pieces, with latency and flips in between, seed %d', async (seed) => {
    const book = new ShadowBook();
    const bad: string[] = [];
    let held = 0;
    await runLaw({
      bars: { A: randomBars(1200, `pieces-${seed}`) },
      strategy: bare,
      account: {
        seed,
        sizing: { use: 'fixed-quantity', quantity: 4 },
        exits: { stopAtr: 2, rewardRisk: 3, trailing: { afterR: 0.5, distanceAtr: 1 }, partialTarget: { atR: 0.3, fraction: 0.5 }, ...(seed % 2 === 0 ? {} : { maxHoldMinutes: 15 }) },
        broker: { use: 'simulated', config: { volumeLimit: seed % 3 === 0 ? 0.25 : 0.1, ...(seed % 5 === 0 ? {} : { latency: { bars: 1 } }) } },
      },
      onIntent: (intent) => book.intent(intent),
      onEvent: (event) => book.event(event),
      options: {
        observeBar: (_instrument, _bars, close) => {
          const position = book.position('A');
          if (position === 0) return;
          held++;
          if (book.protectedBy('A') !== Math.abs(position)) bad.push(`${new Date(close).toISOString()}: position ${position}, protected ${book.protectedBy('A')}`);
        },
      },
    });
    expect(held).toBeGreaterThan(100);
    expect(bad.slice(0, 5)).toEqual([]);
  });

  it.each([
    { title: 'whole', account: { exits: { stopPoints: 8, rewardRisk: 1.5 }, broker: { use: 'plain', config: {} } } },
    { title: 'in pieces', account: { exits: { stopAtr: 2, rewardRisk: 3, trailing: { afterR: 0.5, distanceAtr: 1 }, partialTarget: { atR: 0.3, fraction: 0.5 }, maxHoldMinutes: 15 }, broker: { use: 'plain', config: { volumeLimit: 0.1 } } } },
  ])('covers every position by stops, or leaves it where the market has passed them, on a venue that links no orders and fills $title', async ({ account }) => {
    for (const strategy of [bare, reckless]) {
      const book = new ShadowBook();
      let held = 0;
      let stopped = 0;
      const bad: string[] = [];
      await runLaw({
        bars: { A: randomBars(3000, 'plain-a'), B: randomBars(3000, 'plain-b') },
        strategy,
        account: { sizing: { use: 'fixed-quantity', quantity: 4 }, decision: { minConfidence: 0.1 }, ...account },
        onIntent: (intent) => book.intent(intent),
        onEvent: (event) => book.event(event),
        options: {
          observeBar: (_instrument, _bars, close) => {
            for (const id of ['A', 'B']) {
              const position = Math.abs(book.position(id));
              if (position === 0) continue;
              held++;
              const stops = book.protectedBy(id);
              if (stops === position) stopped++;
              if (stops > position || stops + book.leaving(id) < position) bad.push(`${new Date(close).toISOString()} ${id}: position ${position}, stops for ${stops}, exits for ${book.leaving(id)}`);
            }
          },
        },
      });
      expect(bad).toEqual([]);
      expect(stopped / held).toBeGreaterThan(0.9);
    }
  });

  it.each(RUNS)('puts exits before entries at every moment of a run with $title, and refuses none', async ({ account }) => {
    const refused: string[] = [];
    const { intents } = await runLaw({
      bars: { A: randomBars(3000, 'order-a') },
      strategy: bare,
      account: { ...account, sizing: { use: 'fixed-quantity', quantity: 4 } },
      onRefusal: (intent, reason) => void (intent.role !== 'entry' && refused.push(`${intent.role}: ${reason}`)),
    });
    const both = [...groupByMoment(intents).values()].filter((each) => each.includes('entry') && each.includes('exit'));
    for (const roles of groupByMoment(intents).values()) expect(roles.lastIndexOf('exit')).toBeLessThan(roles.includes('entry') ? roles.indexOf('entry') : Infinity);
    expect(both.length).toBeGreaterThan(0);
    expect(refused).toEqual([]);
  });

  it('leaves a halted account flat when its strategy says so', async () => {
    const { result } = await runLaw({
      bars: { A: randomBars(2000, 'halt') },
      strategy: () => {
        let bar = 0;
        return ({ signal }) => (bar++ < 1900 ? signal.long() : signal.flat());
      },
      account: { risk: { maxDrawdownFraction: 0.00001 }, sizing: { use: 'fixed-quantity', quantity: 5 } },
    });
    expect(result.halted).toContain('maxDrawdownFraction');
    expect(result.openPositions).toEqual([]);
    expect(result.trades.length).toBeGreaterThan(0);
  });
});

function groupByMoment(intents: readonly OrderIntent[]): Map<number, string[]> {
  const moments = new Map<number, string[]>();
  for (const { decidedAt, role } of intents) moments.set(decidedAt, [...(moments.get(decidedAt) ?? []), role]);
  return moments;
}
