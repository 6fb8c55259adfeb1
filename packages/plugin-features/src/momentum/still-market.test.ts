import { barsOfCloses, createFeature, runFeature } from '@keelson/test-kit/features';
import { describe, expect, it } from 'vitest';
import { momentum } from './index.js';

/** What each output says where nothing has moved since the window began. */
const STILL: Readonly<Record<keyof typeof momentum, readonly number[]>> = {
  rsi: [50],
  macd: [0, 0, 0],
  stochastic: [50, 50],
  'stoch-rsi': [50, 50],
  roc: [0],
  momentum: [0],
  cci: [0],
  'williams-r': [-50],
  mfi: [50],
  ppo: [0, 0, 0],
  cmo: [0],
  trix: [0, 0],
  tsi: [0, 0],
  'ultimate-oscillator': [50],
  'awesome-oscillator': [0],
  dpo: [0],
};
/** Those that forget what was before the window; the others, smoothed without end, do not. */
const FORGETFUL = ['stochastic', 'stoch-rsi', 'roc', 'momentum', 'cci', 'williams-r', 'mfi', 'cmo', 'ultimate-oscillator', 'awesome-oscillator', 'dpo'] as const;

const lastOf = (id: keyof typeof momentum, closes: readonly number[], tickSize: number): number[] =>
  runFeature(createFeature(momentum[id], {}, { tickSize }), barsOfCloses(closes), momentum[id].outputs.length).map((column) => column[closes.length - 1] as number);

describe.each([
  { name: 'on the grid', price: 1.10775, tickSize: 0.00005 },
  { name: 'off the grid', price: 1 / 3, tickSize: 0.01 },
])('a market that stands still, $name', ({ price, tickSize }) => {
  const still = Array.from({ length: 120 }, () => price);

  it.each(Object.keys(STILL) as Array<keyof typeof momentum>)('%s is neutral, exactly', (id) => {
    expect(lastOf(id, still, tickSize)).toEqual(STILL[id]);
  });

  it.each(FORGETFUL)('%s is neutral, exactly, once the moves before have left the window', (id) => {
    expect(lastOf(id, [...Array.from({ length: 80 }, (_, i) => price * (1 + Math.sin(i) / 10)), ...still], tickSize)).toEqual(STILL[id]);
  });
});

describe('at the ends of the range', () => {
  const rising = Array.from({ length: 120 }, (_, i) => 100 + 0.01 * i);
  const falling = rising.toReversed();

  it.each(['rsi', 'stochastic', 'mfi', 'cmo', 'tsi', 'ultimate-oscillator'] as const)('%s is at its top when every bar rose', (id) => {
    expect(lastOf(id, rising, 0.01)[0]).toBeCloseTo(100, 9);
  });

  it.each([['rsi', 0], ['stochastic', 0], ['mfi', 0], ['cmo', -100], ['tsi', -100], ['ultimate-oscillator', 0], ['williams-r', -100]] as const)('%s is %s when every bar fell', (id, bottom) => {
    expect(lastOf(id, falling, 0.01)[0]).toBeCloseTo(bottom, 9);
  });
});

describe('parameters', () => {
  it('refuses windows in the wrong order', () => {
    expect(() => createFeature(momentum['ultimate-oscillator'], { medium: 7 })).toThrow('fast was 7, expected less than medium (7): lower fast or raise medium');
    expect(() => createFeature(momentum.ppo, { slow: 12 })).toThrow('fast was 12, expected less than slow (12): lower fast or raise slow');
    expect(() => createFeature(momentum['awesome-oscillator'], { fast: 40 })).toThrow('fast was 40, expected less than slow (34): lower fast or raise slow');
  });

  it('refuses a period of the commodity channel index that would slow every bar down', () => {
    expect(() => createFeature(momentum.cci, { period: 1_001 })).toThrow();
  });
});
