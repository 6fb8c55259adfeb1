import { createRandom } from '@keelson/core/engine';
import type { BarColumns } from '@keelson/core/domain';
import { describe, expect, it } from 'vitest';
import { chaosRun, type ChaosOutcome, type ChaosPlan } from '../chaos/chaos-run.js';
import { drawFaults } from '../chaos/draw-faults.js';
import { lawOptions, MINUTE, randomBars, reckless, type LawRun } from '../../test-kit/law-run.js';

const BARS = 90;

const timed = (columns: BarColumns): ChaosPlan['bars'][number] => ({ columns, closes: columns.time.map((time) => time + MINUTE) });

/** What one seed stands for: bars, a reckless strategy, exits of all kinds, weather and deaths. */
export function schedule(seed: string): ChaosPlan {
  const random = createRandom(`schedule ${seed}`);
  const instruments = random.next() < 0.3 ? ['A', 'B'] : ['A'];
  const bars = Object.fromEntries(instruments.map((id) => [id, randomBars(BARS, `${seed}/${id}`)]));
  const maybe = <T>(value: T): T | undefined => (random.next() < 0.5 ? value : undefined);
  const run: LawRun = {
    bars,
    strategy: reckless,
    account: {
      seed,
      decision: { minConfidence: 0.2 },
      sizing: { use: 'fixed-quantity', quantity: 3 },
      exits: { stopPoints: 12, rewardRisk: maybe(2), trailing: maybe({ afterR: 0.5, distanceAtr: 1.5 }), breakEvenAfterR: maybe(0.5), partialTarget: maybe({ atR: 0.5, fraction: 0.5 }), maxHoldMinutes: maybe(15), disasterStop: maybe({ lossFraction: 0.002 }) },
      risk: { maxContracts: 4 },
      // an account that is halted shows little: it goes on trying, and takes gaps in the bars for what they are
      watch: { reconnectAttempts: 1_000, staleAfterBars: 200 },
      broker: { use: 'simulated', config: { slippage: { ticks: 1 }, commission: { perContract: 0.62 } } },
    },
  };
  const { config, plugins, baseDir, logger } = lawOptions(run, [], []);
  return {
    seed,
    config,
    plugins,
    baseDir,
    logger,
    bars: instruments.map((id) => timed(bars[id] as BarColumns)),
    warmupBars: 20,
    faults: drawFaults(random),
    deaths: random.int(4),
    graceBars: 12,
  };
}

const COUNT = Number(process.env['KEELSON_CHAOS'] ?? 150);
/** Where a large run begins: `KEELSON_CHAOS=10000 KEELSON_CHAOS_FROM=10001` tries ten thousand others. */
const FROM = Number(process.env['KEELSON_CHAOS_FROM'] ?? 1);
const ONLY = process.env['KEELSON_CHAOS_SEED'];

describe('an account under faults and deaths', () => {
  it(`keeps every law over ${ONLY ?? COUNT} seeded schedules`, { timeout: 3_600_000 }, async () => {
    const seeds = ONLY === undefined ? Array.from({ length: COUNT }, (_, i) => `s${FROM + i}`) : [ONLY];
    const totals = { lives: 0, orders: 0, fills: 0, faults: 0, idle: 0, halted: 0 };
    const failed: ChaosOutcome[] = [];
    for (const seed of seeds) {
      const outcome = await chaosRun(schedule(seed));
      totals.lives += outcome.lives;
      totals.orders += outcome.orders;
      totals.fills += outcome.fills;
      totals.faults += outcome.faults.length;
      totals.idle += outcome.fills === 0 ? 1 : 0;
      totals.halted += outcome.haltedShare;
      if (outcome.broken.length > 0) failed.push(outcome);
    }
    const lines = failed.slice(0, 10).map(({ seed, broken }) => `KEELSON_CHAOS_SEED=${seed} npx vitest run apps/runner/src/laws/chaos\n    ${broken.map(({ law, what }) => `${law}: ${what}`).join('\n    ')}`);
    expect(failed.length, `${failed.length} of ${seeds.length} schedules broke a law:\n${lines.join('\n')}`).toBe(0);
    if (ONLY !== undefined) return;
    // laws that nothing tries hold for nothing: there is trading in nearly every schedule, and for most of its time
    expect(totals.fills / seeds.length).toBeGreaterThan(8);
    expect(totals.idle / seeds.length).toBeLessThan(0.1);
    expect(totals.halted / seeds.length).toBeLessThan(0.35);
    expect(totals.faults / seeds.length).toBeGreaterThan(10);
    expect(totals.lives / seeds.length).toBeGreaterThan(1.5);
    if (process.env['KEELSON_CHAOS'] !== undefined) console.log(JSON.stringify({ schedules: seeds.length, ...totals }));
  });

  // What nobody heard, and the venue forgot before it could be read, cannot be known: nothing may be made up for it.
  it('takes nothing for taken back that its venue may have forgotten', { timeout: 600_000 }, async () => {
    const told: string[] = [];
    for (let i = 1; i <= 40; i++) {
      const outcome = await chaosRun({ ...schedule(`s${i}`), memoryMs: 70 * MINUTE });
      for (const { law, what } of outcome.broken) told.push(`s${i} ${law}: ${what}`);
    }
    expect(told).toEqual([]);
  });
});
