import { describe, expect, it } from 'vitest';
import { barsOfCloses } from '@keelson/test-kit/features';
import { runStrategy } from '../../testing/run-strategy.js';
import { smaCross } from './sma-cross.js';

// averages over 1 and 2 bars: the close against the mean of it and the close before
const closes = [10, 9, 8, 11, 11, 12, 9, 9, 10];

describe('sma-cross', () => {
  it('goes long on a cross up and flat on a cross down', () => {
    expect(runStrategy(smaCross, { fast: 1, slow: 2 }, barsOfCloses(closes))).toEqual([
      { bar: 3, action: 'long', confidence: 0.7, reason: 'fast above slow' },
      { bar: 6, action: 'flat', confidence: undefined, reason: 'fast below slow' },
      { bar: 8, action: 'long', confidence: 0.7, reason: 'fast above slow' },
    ]);
  });

  it('goes short on a cross down when it trades both sides', () => {
    expect(runStrategy(smaCross, { fast: 1, slow: 2, side: 'both' }, barsOfCloses(closes)).map(({ bar, action }) => [bar, action])).toEqual([
      [3, 'long'],
      [6, 'short'],
      [8, 'long'],
    ]);
  });

  it('says nothing on ties and on a still market', () => {
    expect(runStrategy(smaCross, { fast: 1, slow: 2 }, barsOfCloses([5, 5, 5, 5, 6, 6, 6, 7]))).toEqual([]);
  });

  it('refuses a fast average that is not faster', () => {
    expect(() => runStrategy(smaCross, { fast: 200, slow: 100 }, barsOfCloses([1]))).toThrow('fast was 200, expected less than slow (100): lower fast or raise slow');
    expect(() => runStrategy(smaCross, { fast: 30, slow: 30 }, barsOfCloses([1]))).toThrow('fast was 30');
  });

  it('refuses an unknown parameter', () => {
    expect(() => runStrategy(smaCross, { fats: 3 }, barsOfCloses([1]))).toThrow('fats');
  });
});
