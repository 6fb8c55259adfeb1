import type { BarColumns } from '@keelson/core/domain';
import { families } from '@keelson/plugin-features';
import { randomBars } from '@keelson/test-kit/bars';
import { barsOfCloses, createFeature, runFeature } from '@keelson/test-kit/features';
import { describe, expect, it } from 'vitest';
import { obedient, runStrategy, type Holding } from '../../testing/run-strategy.js';
import { momentumReversal } from './momentum-reversal.js';

const bars = randomBars(11, 3000);
// bars of a random walk with long shadows move little for their ATR
const stretch = 0.5;
type Entry = { bar: number; action: string; stop: number; target: number };

/** The entries of the rule, written out over whole columns. */
function entries(data: BarColumns, lookback = 20, size = stretch, patience = 3, stopAtr = 0.5, rewardRisk = 1.5): Entry[] {
  const { high, low, close, length } = data;
  const [atr] = runFeature(createFeature(families.volatility.atr), data) as [Float64Array];
  const moves = Array.from({ length }, (_, i) => (i < lookback ? NaN : (close[i] - close[i - lookback]) / (atr[i] * Math.sqrt(lookback))));
  const found: Entry[] = [];
  for (let bar = 14; bar < length; bar++) {
    const recent = moves.slice(Math.max(0, bar - patience), bar + 1);
    if (close[bar] > high[bar - 1] && recent.some((move) => move <= -size)) {
      const stop = Math.min(...low.slice(bar - patience, bar + 1)) - stopAtr * atr[bar];
      found.push({ bar, action: 'long', stop, target: close[bar] + rewardRisk * (close[bar] - stop) });
    } else if (close[bar] < low[bar - 1] && recent.some((move) => move >= size)) {
      const stop = Math.max(...high.slice(bar - patience, bar + 1)) + stopAtr * atr[bar];
      found.push({ bar, action: 'short', stop, target: close[bar] - rewardRisk * (stop - close[bar]) });
    }
  }
  return found;
}

const plain = (said: ReturnType<typeof runStrategy>): Entry[] => said.map(({ bar, action, stop, target }) => ({ bar, action, stop: stop as number, target: target as number }));

describe('momentum-reversal', () => {
  it('enters on the first strength after a fall that went too far, and the first weakness after such a rise', () => {
    const said = runStrategy(momentumReversal, { stretch }, bars);
    expect(plain(said)).toEqual(entries(bars));
    expect(said.filter(({ action }) => action === 'long').length).toBeGreaterThan(20);
    expect(said.filter(({ action }) => action === 'short').length).toBeGreaterThan(20);
    expect(said[0]).toMatchObject({ confidence: 0.6 });
  });

  it('follows its parameters', () => {
    const params = { lookback: 5, stretch: 0.8, patience: 0, stopAtr: 2, rewardRisk: 3 };
    expect(plain(runStrategy(momentumReversal, params, bars))).toEqual(entries(bars, 5, 0.8, 0, 2, 3));
  });

  it.each([
    ['long', 'long'],
    ['short', 'short'],
  ])('opens only %s positions for side %s', (side, action) => {
    expect(plain(runStrategy(momentumReversal, { stretch, side }, bars))).toEqual(entries(bars).filter((entry) => entry.action === action));
  });

  it('leaves the position it asked for on the bar on which the move crosses zero in its favour', () => {
    const { close } = bars;
    const said = runStrategy(momentumReversal, { stretch, side: 'long' }, bars, { holding: obedient });
    expect(said.filter(({ action }) => action === 'flat').length).toBeGreaterThan(10);
    let open = false;
    let sign = 0;
    for (let i = 20; i < close.length; i++) {
      const action = said.find(({ bar }) => bar === i)?.action;
      const move = close[i] - close[i - 20];
      expect(action === 'flat', `bar ${i}`).toBe(open && action !== 'long' && move > 0 && sign < 0);
      if (action !== undefined) open = action === 'long';
      if (move !== 0) sign = Math.sign(move);
    }
  });

  it("leaves another strategy's position alone, but takes over what is open at the start", () => {
    const exits = (holding: Holding) => runStrategy(momentumReversal, { stretch: 100 }, bars, { holding }).map(({ action }) => action);
    expect(exits((bar) => (bar > 100 ? 1 : 0))).toEqual([]);
    expect(exits(() => 1).length).toBeGreaterThan(20);
    expect(new Set(exits(() => 1))).toEqual(new Set(['flat']));
  });

  it('takes 20 bars, 1.5, 3 bars, half an ATR and 1.5 where nothing is said', () => {
    const wild = barsOfCloses(Float64Array.from({ length: 3000 }, (_, i) => 100 + 10 * Math.sin(i / 15) + Math.sin(i)));
    const said = runStrategy(momentumReversal, {}, wild);
    expect(plain(said)).toEqual(entries(wild, 20, 1.5, 3, 0.5, 1.5));
    expect(said.length).toBeGreaterThan(50);
  });

  it('says nothing in a still market, and before the bars of the move have been seen', () => {
    const still = randomBars(1, 100, { step: 0 });
    expect(runStrategy(momentumReversal, { patience: 50 }, still, { holding: () => 1 })).toEqual([]);
    expect(runStrategy(momentumReversal, { lookback: 200, stretch: 0.01 }, bars)[0].bar).toBeGreaterThanOrEqual(200);
  });

  it('refuses parameters out of their bounds', () => {
    for (const params of [{ lookback: 1 }, { patience: 51 }, { stretch: 0 }, { patience: -1 }, { stopAtr: -1 }, { rewardRisk: 0 }, { side: 'up' }]) {
      expect(() => runStrategy(momentumReversal, params, bars)).toThrow();
    }
  });
});
