import { describe, expect, it } from 'vitest';
import type { BarColumns, Fill } from '@keelson/core/domain';
import type { BarContext, FeatureHandle, StrategyContext } from '@keelson/core/ports';
import { MINUTE, closeOf, firstBars, randomBars, reckless, runLaw, type LawResult, type LawRun } from '../../test-kit/law-run.js';

/** Crosses between timeframes, and a filter by the hour: uses every way in which a later bar could show early. */
function layered({ use, instrument }: StrategyContext<unknown>): (context: BarContext) => void {
  const other = instrument.id === 'A' ? 'B' : 'A';
  const fast = use('sma', { period: 3 });
  const slow = use('sma', { period: 4 }, { timeframe: '5m' });
  const hour = use('ema', { period: 2 }, { timeframe: '1h' });
  const abroad = use('sma', { period: 3 }, { instrument: other });
  const day = (handle: FeatureHandle): number => handle.value ?? 0;
  return ({ signal, bars }) => {
    const close = bars.close[bars.index] as number;
    if (fast.crossedAbove(slow)) signal.long({ reason: `above ${day(hour)}`, stop: close - 20 });
    else if (fast.crossedBelow(slow)) signal.short({ reason: `below ${day(hour)}`, target: close - 30 });
    else if (abroad.crossedAbove(fast) || hour.crossedAbove(close)) signal.flat();
  };
}

const CASES: ReadonlyArray<{ readonly title: string; readonly strategy: NonNullable<LawRun['strategy']>; readonly account: Record<string, unknown> }> = [
  { title: 'one timeframe', strategy: reckless, account: { exits: { stopAtr: 2, rewardRisk: 2, trailing: { distanceAtr: 1 } } } },
  { title: 'higher timeframes', strategy: layered, account: { exits: { stopAtr: 2 }, data: { feed: 'law-bars', timeframe: '1m', higherTimeframes: ['5m', '1h', '1d'] } } },
  { title: 'partial fills and latency', strategy: reckless, account: { exits: { stopPoints: 9 }, broker: { use: 'simulated', config: { volumeLimit: 0.3, latency: { bars: 1 } } } } },
];

const BARS = { A: randomBars(1500, 'ahead-a'), B: randomBars(1500, 'ahead-b') };

/** The same bars up to a row, and a different future. */
function otherFuture(bars: BarColumns, row: number): BarColumns {
  const other = randomBars(bars.length, 'another future');
  const joined = firstBars(bars, bars.length);
  const copy = { length: bars.length, time: joined.time, open: bars.open.slice(), high: bars.high.slice(), low: bars.low.slice(), close: bars.close.slice(), volume: bars.volume.slice() };
  for (const column of ['open', 'high', 'low', 'close', 'volume'] as const) copy[column].set(other[column].subarray(row), row);
  return copy;
}

/** Orders and executions of a run up to a time. */
function until({ intents, events }: LawResult, time: number): string {
  const fills = events.flatMap((event): Fill[] => (event.kind === 'fill' ? [event.fill] : []));
  return JSON.stringify([intents.filter((intent) => intent.decidedAt <= time), fills.filter((fill) => fill.time < time)]);
}

describe('law 6: no look-ahead', () => {
  it.each(CASES)('gives the same orders up to any cut when the data ends there, with $title', async ({ strategy, account }) => {
    const full = await runLaw({ bars: BARS, strategy, account });
    expect(full.intents.length).toBeGreaterThan(50);
    for (const cut of [1, 2, 61, 299, 300, 301, 360, 777, 1200, 1439, 1499]) {
      // cut both series at one moment: a decision may use everything that was known by then
      const time = closeOf(BARS.A, cut - 1);
      const rows = BARS.B.time.filter((open) => open + MINUTE <= time).length;
      const short = await runLaw({ bars: { A: firstBars(BARS.A, cut), B: firstBars(BARS.B, rows) }, strategy, account });
      expect(until(short, time), `cut at ${cut}`).toBe(until(full, time));
    }
  });

  it.each(CASES)('gives the same orders up to any cut when another future follows, with $title', async ({ strategy, account }) => {
    const full = await runLaw({ bars: BARS, strategy, account });
    for (const cut of [100, 640, 1111]) {
      const time = closeOf(BARS.A, cut - 1);
      const rows = BARS.B.time.filter((open) => open + MINUTE <= time).length;
      const other = await runLaw({ bars: { A: otherFuture(BARS.A, cut), B: otherFuture(BARS.B, rows) }, strategy, account });
      expect(until(other, time), `cut at ${cut}`).toBe(until(full, time));
      expect(until(other, Infinity)).not.toBe(until(full, Infinity));
    }
  });

  it('fills a market order at the open of a later bar, never at a price or time that it was decided on', async () => {
    const { intents, events } = await runLaw({ bars: BARS, strategy: reckless, account: { exits: { stopPoints: 9 } } });
    const orders = new Map(intents.map((intent) => [intent.clientOrderId, intent]));
    let checked = 0;
    for (const event of events) {
      if (event.kind !== 'fill') continue;
      const order = orders.get(event.fill.clientOrderId);
      if (order?.type !== 'market') continue;
      const bars = BARS[order.instrument as 'A' | 'B'];
      const row = bars.time.findIndex((open) => open >= order.decidedAt);
      expect(event.fill.price).toBe(bars.open[row]);
      expect(event.fill.time).toBeGreaterThanOrEqual(order.decidedAt);
      checked++;
    }
    expect(checked).toBeGreaterThan(100);
  });

  it('shows a strategy no bar before its close, and a higher bar no earlier', async () => {
    let seen = 0;
    await runLaw({
      bars: BARS,
      account: { data: { feed: 'law-bars', timeframe: '1m' } },
      strategy: ({ use, instrument }) => {
        const hour = use('sma', { period: 1 }, { timeframe: '1h' });
        const bars = BARS[instrument.id as 'A' | 'B'];
        return (context) => {
          seen++;
          const last = context.bars.time[context.bars.index] as number;
          expect(context.time).toBe(last + MINUTE);
          // the newest hour that can be known: its last minute, or a minute after it, has closed by now
          const hourStart = Math.floor(context.time / 3_600_000) * 3_600_000;
          const row = bars.time.findLastIndex((open) => open < hourStart);
          const previous = bars.close[row];
          if (hour.value !== previous) {
            // a gap at the hour's end keeps it open until the next bar is there, never the other way round
            const before = bars.time.findLastIndex((open) => open < hourStart - 3_600_000);
            expect(hour.value).toBe(bars.close[before]);
            throw new Error(`at ${context.time} the hour was ${hour.value}, expected ${previous}`);
          }
        };
      },
    });
    expect(seen).toBeGreaterThan(1000);
  });
});
