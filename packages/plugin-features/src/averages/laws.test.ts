import { anyPeriod, anySource, describeFeatureLaws, exponentialOf, meanOf, pricesOf, rollingOf } from '@keelson/test-kit/feature-laws';
import fc from 'fast-check';
import { ema } from './ema.js';
import { sma } from './sma.js';
import { vwap } from './vwap.js';

const [period, source] = [anyPeriod, anySource];

describeFeatureLaws([
  { name: 'sma', definition: sma, params: fc.record({ period, source }), batch: (bars, p) => [rollingOf(pricesOf(bars, p['source']), Number(p['period']), meanOf)] },
  { name: 'ema', definition: ema, params: fc.record({ period, source }), batch: (bars, p) => [exponentialOf(pricesOf(bars, p['source']), Number(p['period']))] },
  {
    name: 'vwap',
    definition: vwap,
    params: fc.record({ window: fc.constantFrom('bars', 'session'), period, source }),
    batch(bars, p) {
      const prices = pricesOf(bars, p['source']);
      return [
        prices.map((_, i) => {
          const [end, start] = [i + 1, p['window'] === 'session' ? 0 : i + 1 - Number(p['period'])];
          if (start < 0) return NaN;
          const volumes = Array.from(bars.volume.slice(start, end));
          return volumes.reduce((sum, volume, k) => sum + volume * prices[start + k], 0) / volumes.reduce((a, b) => a + b, 0);
        }),
      ];
    },
  },
]);
