import { describe, expect, it } from 'vitest';
import { nearest } from './nearest.js';

describe('nearest', () => {
  it.each([
    ['maxContract', ['maxOrderQuantity', 'maxContracts'], 'maxContracts'],
    ['strategeis', ['strategies', 'regimes'], 'strategies'],
    ['max-contracts', ['maxContracts'], 'maxContracts'],
    ['sma-corss', ['rsi-macd', 'sma-cross'], 'sma-cross'],
    ['MODE', ['mode'], 'mode'],
    ['zzz', ['mode', 'risk'], undefined],
    ['x', ['y'], undefined],
    ['anything', [], undefined],
  ] as const)('answers %s among %j with %s', (word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
  });

  it('counts swapped neighbours as one slip', () => {
    expect(nearest('fsat', ['fast'])).toBe('fast');
  });
});
