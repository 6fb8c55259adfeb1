import { calendarById, toUtcMs, type SessionCalendar } from '@keelson/core/domain';
import type { FeatureHandle, Regime, RegimeDefinition, UseFeature } from '@keelson/core/ports';
import { BarRing, allocateBars } from '@keelson/core/series';
import { instrumentWith, parse } from '@keelson/test-kit/features';
import { describe, expect, it } from 'vitest';
import { combinedRegime } from './combined-regime.js';
import { liquidityRegime } from './liquidity-regime.js';
import { trendRegime } from './trend-regime.js';
import { volatilityRegime } from './volatility-regime.js';

/** What a feature gives on a bar; `undefined` is not warm, and a feature that is not named is unavailable. */
type Values = Readonly<Record<string, number | undefined>>;

const SUDDEN = { margin: 0, holdBars: 1, dwellBars: 1 };

/** Classifies bars on which features have the given values; features are told apart by name, then period. */
function classify(definition: RegimeDefinition, params: Record<string, unknown>, bars: readonly Values[]): Regime[] {
  let bar = 0;
  const use: UseFeature = (name, settings = {}) => {
    const keys = [`${name} ${String(settings['period'])}`, name];
    const of = (at: number): number | undefined => keys.map((key) => bars[at]?.[key]).find((value) => value !== undefined);
    const handle = {
      get value() { return of(bar); },
      get unavailable() { return bars.some((values) => keys.some((key) => key in values)) ? undefined : 'the feed has none'; },
      at: (back: number) => of(bar - back),
    };
    return handle as unknown as FeatureHandle;
  };
  const classifier = definition.create({ params: parse(definition.params, params), instrument: instrumentWith(0.01), calendar: calendarById('24/7') as SessionCalendar, use, context: (() => undefined) as never });
  const ring = new BarRing(4);
  const row = allocateBars(1);
  return bars.map((_, i) => {
    bar = i;
    row.time[0] = (12 * 60 + i) * 60_000;
    ring.push(row, 0);
    return classifier.classify(ring, toUtcMs((12 * 60 + i + 1) * 60_000));
  });
}

const labelsOf = (regimes: readonly Regime[], name: string): Array<string | undefined> => regimes.map(({ labels }) => labels[name]);

describe('volatility', () => {
  it('names the bucket of the percentile, and nothing before there is one', () => {
    const values = [undefined, 0.1, 0.25, 0.74, 0.75, 0.94, 0.95, 0.1].map((rank) => ({ 'volatility-rank': rank }));
    expect(labelsOf(classify(volatilityRegime, SUDDEN, values), 'volatility')).toEqual([undefined, 'low', 'normal', 'normal', 'high', 'high', 'extreme', 'low']);
  });

  it('is not tradable with a label to avoid, with the reason, and returns the same object while nothing changes', () => {
    const regimes = classify(volatilityRegime, { ...SUDDEN, avoid: ['extreme', 'low'] }, [0.5, 0.6, 0.99, 0.98, 0.5].map((rank) => ({ 'volatility-rank': rank })));
    expect(regimes.map(({ tradable, reason }) => [tradable, reason])).toEqual([[true, ''], [true, ''], [false, 'volatility is extreme'], [false, 'volatility is extreme'], [true, '']]);
    expect(regimes[1]).toBe(regimes[0]);
    expect(regimes[3]).toBe(regimes[2]);
  });

  it('refuses a margin with which its outermost labels are out of reach', () => {
    expect(() => parse(volatilityRegime.params, { extreme: 0.99 })).toThrow('expected at most 1 less extreme (0.99), or it is hardly ever said: lower margin or extreme');
    expect(() => parse(volatilityRegime.params, { normal: 0.02 })).toThrow('expected less than normal (0.02), or what is below it is never said again: lower margin or raise normal');
    expect(() => parse(liquidityRegime.params, { margin: 0.2 })).toThrow('lower margin or raise normal');
    expect(() => parse(combinedRegime.params, { volatility: { extreme: 0.99 } })).toThrow('lower margin or extreme');
    expect(() => parse(volatilityRegime.params, { extreme: 0.99, margin: 0.01 })).not.toThrow();
  });

  it('does not flicker by default', () => {
    const values = Array.from({ length: 60 }, (_, i) => ({ 'volatility-rank': i % 2 === 0 ? 0.74 : 0.76 }));
    expect(new Set(labelsOf(classify(volatilityRegime, {}, values), 'volatility'))).toEqual(new Set(['normal']));
  });

  it.each([
    [{ normal: 0.8 }, 'high'],
    [{ extreme: 0.7 }, 'extreme'],
    [{ period: 500 }, 'lookback'],
    [{ avoid: ['wild'] }, 'expected one of'],
    [{ holdBars: 0 }, 'expected number to be >=1'],
  ])('refuses %o', (params, path) => {
    expect(() => parse(volatilityRegime.params, params)).toThrow(path);
  });
});

describe('trend', () => {
  const bars = (adx: number, moves: readonly number[], line = 'vwap'): Values[] => {
    let price = 100;
    return moves.map((move) => ({ adx, atr: 2, sma: 100, [line]: (price += move) }));
  };
  const PARAMS = { ...SUDDEN, slopeBars: 1, slope: 0.5 };

  it('says where the average goes when the ADX is high and the move is large enough', () => {
    // half an ATR of 2 is 1
    expect(labelsOf(classify(trendRegime, PARAMS, bars(25, [0, 1, 0.99, 5, -0.99, -1, -3, 0])), 'trend')).toEqual([undefined, 'up', 'range', 'up', 'range', 'down', 'down', 'range']);
  });

  it('is a range with a low ADX, however far it moves', () => {
    expect(labelsOf(classify(trendRegime, PARAMS, bars(24.9, [0, 9, -9])), 'trend')).toEqual([undefined, 'range', 'range']);
  });

  it('takes the plain average where there is no volume', () => {
    expect(labelsOf(classify(trendRegime, PARAMS, bars(30, [0, 3, -3], 'sma')), 'trend')).toEqual([undefined, 'up', 'down']);
  });
});

describe('liquidity', () => {
  const PARAMS = { ...SUDDEN, period: 20, lookback: 500 };
  const label = (values: Values): string | undefined => classify(liquidityRegime, PARAMS, [values])[0]?.labels['liquidity'];

  it('goes by the worst of what the feed shows', () => {
    expect(label({ 'volume-percentile': 0.9 })).toBe('deep');
    expect(label({ 'volume-percentile': 0.9, 'depth-percentile': 0.5 })).toBe('normal');
    expect(label({ 'volume-percentile': 0.9, 'depth-percentile': 0.1 })).toBe('thin');
    expect(label({ 'volume-percentile': 0.14, 'depth-percentile': 0.9 })).toBe('thin');
  });

  it('compares the median spread with the usual one', () => {
    const spread = (now: number): Values => ({ 'median-spread 20': now, 'median-spread 500': 2 });
    expect([0, 1, 2, 6, 7].map((now) => label(spread(now)))).toEqual(['deep', 'deep', 'normal', 'normal', 'thin']);
  });

  it('says nothing where the feed has neither volume nor depth', () => {
    expect(classify(liquidityRegime, { ...PARAMS, avoid: ['thin'] }, [{}])[0]).toEqual({ tradable: true, reason: '', labels: {} });
  });
});

describe('combined', () => {
  const QUICK = { volatility: SUDDEN, trend: { ...SUDDEN, slopeBars: 1 }, liquidity: SUDDEN };
  const calm: Values = { 'volatility-rank': 0.5, adx: 30, atr: 1, vwap: 100, 'volume-percentile': 0.5 };

  it('puts all labels together, and names every reason against trading', () => {
    const regimes = classify(combinedRegime, QUICK, [calm, { ...calm, vwap: 104 }, { ...calm, vwap: 104, 'volatility-rank': 0.99, 'volume-percentile': 0.01 }, calm]);
    expect(regimes[1]).toEqual({ tradable: true, reason: '', labels: { volatility: 'normal', trend: 'up', liquidity: 'normal', session: 'open' } });
    expect(regimes[2]).toEqual({ tradable: false, reason: 'volatility is extreme; liquidity is thin', labels: { volatility: 'extreme', trend: 'range', liquidity: 'thin', session: 'open' } });
    expect(regimes[3]?.tradable).toBe(true);
  });

  it('avoids what it is told to avoid, and nothing else', () => {
    const [regime] = classify(combinedRegime, { ...QUICK, avoid: { volatility: ['normal'], liquidity: [], session: ['open'] } }, [{ ...calm, 'volume-percentile': 0 }]);
    expect([regime?.tradable, regime?.reason]).toEqual([false, 'volatility is normal; session is open']);
  });

  it('trades or waits while a label is not known, as it is told', () => {
    const unknown = { ...calm, 'volatility-rank': undefined };
    expect(classify(combinedRegime, { ...QUICK, trend: false }, [unknown])[0]).toMatchObject({ tradable: true });
    expect(classify(combinedRegime, { ...QUICK, trend: false, whileUnknown: 'wait' }, [unknown, calm])).toMatchObject([{ tradable: false, reason: 'volatility is not known yet' }, { tradable: true }]);
  });

  it('leaves out a dimension that is false', () => {
    const [regime] = classify(combinedRegime, { volatility: false, trend: false, liquidity: SUDDEN, session: false }, [calm]);
    expect(regime?.labels).toEqual({ liquidity: 'normal' });
  });

  it('returns the same object while nothing changes', () => {
    const regimes = classify(combinedRegime, QUICK, Array.from({ length: 50 }, () => calm));
    expect(new Set(regimes.slice(1)).size).toBe(1);
  });

  it.each([[{ volatility: { normal: 0.9 } }], [{ avoid: { volatility: ['thin'] } }], [{ avoid: { weather: [] } }], [{ trend: true }], [{ liquidity: { period: 900 } }]])('refuses %o', (params) => {
    expect(() => parse(combinedRegime.params, params)).toThrow();
  });
});
