import { anyPeriod, anySource, describeFeatureLaws, exponentialOf, pricesOf, wilderOf } from '@keelson/test-kit/feature-laws';
import fc from 'fast-check';
import { macd } from './macd.js';
import { rsi } from './rsi.js';

const [period, source] = [anyPeriod, anySource];

describeFeatureLaws([
  {
    name: 'rsi',
    definition: rsi,
    // not the means of several prices: where those are equal on paper, the plain formula sees moves of one rounding
    params: fc.record({ period, source: fc.constantFrom('close', 'open', 'high', 'low') }),
    batch(bars, p) {
      const changes = pricesOf(bars, p['source']).map((price, i, prices) => price - (prices[i - 1] ?? NaN));
      const up = wilderOf(changes.map((change) => Math.max(change, 0)), Number(p['period']));
      const down = wilderOf(changes.map((change) => Math.max(-change, 0)), Number(p['period']));
      return [up.map((rise, i) => (rise + down[i] === 0 ? 50 : 100 - 100 / (1 + rise / down[i])))];
    },
  },
  {
    name: 'macd',
    definition: macd,
    params: fc.record({ fast: fc.integer({ min: 1, max: 12 }), slow: fc.integer({ min: 13, max: 30 }), signal: fc.integer({ min: 1, max: 10 }), source }),
    batch(bars, p) {
      const prices = pricesOf(bars, p['source']);
      const slow = exponentialOf(prices, Number(p['slow']));
      const line = exponentialOf(prices, Number(p['fast'])).map((fast, i) => fast - slow[i]);
      const signal = exponentialOf(line, Number(p['signal']));
      return [signal.map((value, i) => (Number.isNaN(value) ? NaN : line[i])), signal, signal.map((value, i) => line[i] - value)];
    },
  },
]);
