import { FEATURE, REGIME, STRATEGY, definePlugin } from '@keelson/core/plugin';
import { atr } from './features/atr.js';
import { bollinger } from './features/bollinger.js';
import { ema } from './features/ema.js';
import { macd } from './features/macd.js';
import { rsi } from './features/rsi.js';
import { sma } from './features/sma.js';
import { vwap } from './features/vwap.js';
import { sessionRegime } from './regimes/session-regime.js';
import { rsiMacd } from './strategies/rsi-macd.js';
import { smaCross } from './strategies/sma-cross.js';

export { atr, bollinger, ema, macd, rsi, rsiMacd, sessionRegime, sma, smaCross, vwap };

export default definePlugin({
  name: '@keelson/plugin-strategies',
  version: '0.1.0',
  api: '^1.0.0',
  provides: ['feature', 'regime', 'strategy'],
  register({ add }) {
    add(FEATURE, 'sma', sma);
    add(FEATURE, 'ema', ema);
    add(FEATURE, 'rsi', rsi);
    add(FEATURE, 'macd', macd);
    add(FEATURE, 'atr', atr);
    add(FEATURE, 'bollinger', bollinger);
    add(FEATURE, 'vwap', vwap);
    add(REGIME, 'session', sessionRegime);
    add(STRATEGY, 'sma-cross', smaCross);
    add(STRATEGY, 'rsi-macd', rsiMacd);
  },
});
