import { REGIME, STRATEGY, definePlugin } from '@keelson/core/plugin';
import { sessionRegime } from './regimes/session-regime.js';
import { momentumReversal } from './strategies/momentum-reversal.js';
import { pairsSpread } from './strategies/pairs-spread.js';
import { rsiMacd } from './strategies/rsi-macd.js';
import { smaCross } from './strategies/sma-cross.js';

export { momentumReversal, pairsSpread, rsiMacd, sessionRegime, smaCross };

export default definePlugin({
  name: '@keelson/plugin-strategies',
  version: '0.1.0',
  api: '^1.0.0',
  provides: ['regime', 'strategy'],
  register({ add }) {
    add(REGIME, 'session', sessionRegime);
    add(STRATEGY, 'sma-cross', smaCross);
    add(STRATEGY, 'rsi-macd', rsiMacd);
    add(STRATEGY, 'momentum-reversal', momentumReversal);
    add(STRATEGY, 'pairs-spread', pairsSpread);
  },
});
