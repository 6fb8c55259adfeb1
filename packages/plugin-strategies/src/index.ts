import { FEATURE, STRATEGY, definePlugin } from '@keelson/core/plugin';
import { atr } from './features/atr.js';
import { ema } from './features/ema.js';
import { macd } from './features/macd.js';
import { rsi } from './features/rsi.js';
import { sma } from './features/sma.js';
import { rsiMacd } from './strategies/rsi-macd.js';
import { smaCross } from './strategies/sma-cross.js';

export { atr, ema, macd, rsi, rsiMacd, sma, smaCross };

export default definePlugin({
  name: '@keelson/plugin-strategies',
  version: '0.1.0',
  api: '^1.0.0',
  provides: ['feature', 'strategy'],
  register({ add }) {
    add(FEATURE, 'sma', sma);
    add(FEATURE, 'ema', ema);
    add(FEATURE, 'rsi', rsi);
    add(FEATURE, 'macd', macd);
    add(FEATURE, 'atr', atr);
    add(STRATEGY, 'sma-cross', smaCross);
    add(STRATEGY, 'rsi-macd', rsiMacd);
  },
});
