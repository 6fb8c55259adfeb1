import type { BarColumns } from '@keelson/core/domain';
import { randomBars } from '@keelson/test-kit/bars';
import { describe, expect, it } from 'vitest';
import { inDays } from '../../testing/in-days.js';
import { obedient, runStrategy, type Holding } from '../../testing/run-strategy.js';
import { vwapReversion } from './vwap-reversion.js';

const bars = inDays(randomBars(61, 9000), 240);
type Step = readonly [bar: number, action: string, stop: number | undefined, target: number | undefined];
type Params = { window?: 'session' | 'bars'; period?: number; deviations?: number; stopDeviations?: number; quietMinutes?: number; noEntryMinutes?: number; flatMinutes?: number; side?: string };

/** Average by volume and its deviation over some bars, from the definitions. */
function averageOf({ high, low, close, volume }: BarColumns, from: number, to: number): readonly [mean: number, deviation: number] {
  let [sum, weight] = [0, 0];
  const price = (i: number): number => (high[i] + low[i] + close[i]) / 3;
  for (let i = from; i <= to; i++) [sum, weight] = [sum + price(i) * volume[i], weight + volume[i]];
  const mean = sum / weight;
  let squares = 0;
  for (let i = from; i <= to; i++) squares += volume[i] * (price(i) - mean) ** 2;
  return [mean, Math.sqrt(squares / weight)];
}

/** The rule bar by bar, for a position that follows every signal at once. */
function expected(data: BarColumns, params: Params): Step[] {
  const { window = 'session', period = 50, deviations = 2, stopDeviations = 1, quietMinutes = 30, noEntryMinutes = 60, flatMinutes = 5, side = 'both' } = params;
  const { time, close, length } = data;
  const steps: Step[] = [];
  let [held, beyond, first] = [0, 0, 0];
  for (let i = 0; i < length; i++) {
    const minute = (time[i] / 60_000) % 1440;
    const begins = i > 0 && Math.floor(time[i] / 86_400_000) !== Math.floor(time[i - 1] / 86_400_000);
    const inSession = window === 'session';
    if (begins) first = i;
    if (begins && inSession) beyond = 0;
    if (!inSession && i < period - 1) continue;
    const [mean, deviation] = averageOf(data, inSession ? first : i + 1 - period, i);
    const left = 1440 - minute - 1;
    let step: Step | undefined;
    if (inSession && held !== 0 && (begins || left <= flatMinutes)) step = [i, 'flat', undefined, undefined];
    if (!inSession || minute + 1 > quietMinutes) {
      if (held !== 0 && (close[i] - mean) * held >= 0) step = [i, 'flat', undefined, undefined];
      const edge = deviations * deviation;
      const from = beyond;
      beyond = close[i] < mean - edge ? -1 : close[i] > mean + edge ? 1 : 0;
      const turned = from !== 0 && beyond === 0 && (!inSession || left > noEntryMinutes) && (close[i] - mean) * from > 0;
      if (turned && side !== (from < 0 ? 'short' : 'long')) step = [i, from < 0 ? 'long' : 'short', mean + from * (edge + stopDeviations * deviation), mean];
    }
    if (step === undefined) continue;
    steps.push(step);
    held = { long: 1, short: -1, flat: 0 }[step[1]] as number;
  }
  return steps;
}

const run = (params: Params, data = bars, holding: Holding = obedient): unknown[] => runStrategy(vwapReversion, params, data, { holding }).map(({ bar, action, stop, target }) => [bar, action, stop, target]);
const near = (steps: readonly Step[]): unknown[] => steps.map(([bar, action, stop, target]) => [bar, action, ...[stop, target].map((price) => (price === undefined ? undefined : expect.closeTo(price, 8)))]);

describe('vwap-reversion', () => {
  it.each([
    ['by default', {}],
    ['for longs', { side: 'long' }],
    ['for shorts', { side: 'short' }],
    ['with other parameters', { deviations: 1, stopDeviations: 0.5, quietMinutes: 200, noEntryMinutes: 300, flatMinutes: 100 }],
    ['over a window of bars', { window: 'bars' }],
    ['over a shorter one', { window: 'bars', period: 20, deviations: 1.5 }],
  ] as ReadonlyArray<[string, Params]>)('enters when price comes back into the band, and leaves at the average or with the session, %s', (_title, params) => {
    const steps = run(params);
    expect(steps).toEqual(near(expected(bars, params)));
    expect(steps.length).toBeGreaterThan(40);
  });

  it('forgets at the session\'s first bar where price stood before, and holds nothing over night', () => {
    const early = inDays(randomBars(62, 9000), 240, 720);
    expect(run({ quietMinutes: 0 }, early)).toEqual(near(expected(early, { quietMinutes: 0 })));
    expect(run({ quietMinutes: 0, side: 'long' }, early).length).toBeGreaterThan(40);
  });

  it("says nothing in a still market, and nothing of another strategy's position", () => {
    expect(run({}, inDays(randomBars(1, 1000, { step: 0 }), 240))).toEqual([]);
    expect(run({ deviations: 100 }, bars, (bar) => (bar > 5 ? 1 : 0))).toEqual([]);
  });

  it('refuses an end of entries after the end of positions', () => {
    expect(() => run({ flatMinutes: 61 })).toThrow('flatMinutes was 61, expected at most noEntryMinutes (60): lower flatMinutes or raise noEntryMinutes');
  });
});
