import type { BarColumns } from '@keelson/core/domain';
import { randomBars } from '@keelson/test-kit/bars';
import { describe, expect, it } from 'vitest';
import { obedient, runStrategy } from '../../testing/run-strategy.js';
import { openingRangeBreakout } from './opening-range-breakout.js';
import { inDays } from '../../testing/in-days.js';

const bars = inDays(randomBars(51, 9000), 180);
type Step = readonly [bar: number, action: string, stop: number | undefined, target: number | undefined];
type Params = { minutes?: number; stopFraction?: number; rewardRisk?: number; noEntryMinutes?: number; flatMinutes?: number; side?: string };

/** The rule day by day, for a position that follows every signal at once. */
function expected({ time, high, low, close, length }: BarColumns, params: Params): Step[] {
  const { minutes = 30, stopFraction = 1, rewardRisk = 2, noEntryMinutes = 60, flatMinutes = 5, side = 'both' } = params;
  const steps: Step[] = [];
  const minuteOf = (i: number): number => (time[i] / 60_000) % 1440;
  const dayOf = (i: number): number => Math.floor(time[i] / 86_400_000);
  let held = 0;
  for (let first = 0; first < length; ) {
    let next = first;
    while (next < length && dayOf(next) === dayOf(first)) next++;
    const range = Array.from({ length: next - first }, (_, k) => first + k).filter((i) => minuteOf(i) < minutes);
    const [top, bottom] = [Math.max(...range.map((i) => high[i])), Math.min(...range.map((i) => low[i]))];
    const done = { long: side === 'short', short: side === 'long' };
    for (let i = first; i < next; i++) {
      if (i + 1 < minutes) continue; // the range's warm-up is counted in bars
      const left = 1440 - minuteOf(i) - 1;
      if (held !== 0 && ((i === first && i > 0) || left <= flatMinutes)) {
        steps.push([i, 'flat', undefined, undefined]);
        held = 0;
      } else if (range.length > 0 && minuteOf(i) + 1 >= minutes && left > noEntryMinutes) {
        const sign = !done.long && close[i] > top ? 1 : !done.short && close[i] < bottom ? -1 : 0;
        if (sign === 0) continue;
        const stop = sign > 0 ? top - stopFraction * (top - bottom) : bottom + stopFraction * (top - bottom);
        steps.push([i, sign > 0 ? 'long' : 'short', stop, close[i] + rewardRisk * (close[i] - stop)]);
        done[sign > 0 ? 'long' : 'short'] = true;
        held = sign;
      }
    }
    first = next;
  }
  return steps;
}

const run = (params: Params, data = bars): unknown[] => runStrategy(openingRangeBreakout, params, data, { holding: obedient }).map(({ bar, action, stop, target }) => [bar, action, stop, target]);
const near = (steps: readonly Step[]): unknown[] => steps.map(([bar, action, stop, target]) => [bar, action, ...[stop, target].map((price) => (price === undefined ? undefined : expect.closeTo(price, 9)))]);

describe('opening-range-breakout', () => {
  it.each([
    ['by default', {}],
    ['for longs', { side: 'long' }],
    ['for shorts', { side: 'short' }],
    ['with other parameters', { minutes: 60, stopFraction: 0.5, rewardRisk: 1, noEntryMinutes: 700, flatMinutes: 500 }],
  ] as ReadonlyArray<[string, Params]>)('goes once a session with the first close beyond its opening range, and is flat at its end, %s', (_title, params) => {
    const steps = run(params);
    expect(steps).toEqual(near(expected(bars, params)));
    expect(steps.length).toBeGreaterThan(50);
  });

  it('is flat on the first bar of the next session where there was none at the end of the last', () => {
    const early = inDays(randomBars(52, 9000), 180, 600);
    const steps = run({}, early);
    expect(steps).toEqual(near(expected(early, {})));
    const flats = runStrategy(openingRangeBreakout, {}, early, { holding: obedient }).filter(({ action }) => action === 'flat');
    expect(flats.length).toBeGreaterThan(20);
    expect(new Set(flats.map(({ bar }) => bar % 180))).toEqual(new Set([0]));
  });

  it("says nothing while the range forms, of closes at its edge, or of another strategy's position", () => {
    const still = inDays(randomBars(1, 1000, { step: 0 }), 180);
    expect(run({}, still)).toEqual([]);
    const steps = runStrategy(openingRangeBreakout, {}, bars, { holding: obedient });
    expect(Math.min(...steps.filter(({ action }) => action !== 'flat').map(({ bar }) => (bars.time[bar] / 60_000) % 1440))).toBeGreaterThanOrEqual(29);
    expect(runStrategy(openingRangeBreakout, { noEntryMinutes: 1440 }, bars, { holding: (bar) => (bar > 60 ? 1 : 0) })).toEqual([]);
  });

  it('refuses bars that do not divide the range, and an end of entries after the end of positions', () => {
    expect(() => run({ flatMinutes: 61 })).toThrow('flatMinutes was 61, expected at most noEntryMinutes (60): lower flatMinutes or raise noEntryMinutes');
    expect(() => run({ minutes: 0 })).toThrow();
  });
});
