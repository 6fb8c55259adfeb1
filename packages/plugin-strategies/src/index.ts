import { REGIME, STRATEGY, definePlugin } from '@keelson/core/plugin';
import { combinedRegime } from './regimes/combined-regime.js';
import { liquidityRegime } from './regimes/liquidity-regime.js';
import { sessionRegime } from './regimes/session-regime.js';
import { trendRegime } from './regimes/trend-regime.js';
import { volatilityRegime } from './regimes/volatility-regime.js';
import { breakoutVolatility } from './strategies/breakout-volatility.js';
import { donchianTrend } from './strategies/donchian-trend.js';
import { momentumReversal } from './strategies/momentum-reversal.js';
import { openingRangeBreakout } from './strategies/opening-range-breakout.js';
import { pairsSpread } from './strategies/pairs-spread.js';
import { rsiMacd } from './strategies/rsi-macd.js';
import { smaCross } from './strategies/sma-cross.js';
import { trendPullback } from './strategies/trend-pullback.js';
import { vwapReversion } from './strategies/vwap-reversion.js';

export { breakoutVolatility, combinedRegime, donchianTrend, liquidityRegime, momentumReversal, openingRangeBreakout, pairsSpread, rsiMacd, sessionRegime, smaCross, trendPullback, trendRegime, volatilityRegime, vwapReversion };

export default definePlugin({
  name: '@keelson/plugin-strategies',
  version: '0.1.0',
  api: '^1.0.0',
  provides: ['regime', 'strategy'],
  register({ add }) {
    add(REGIME, 'session', sessionRegime);
    add(REGIME, 'volatility', volatilityRegime);
    add(REGIME, 'trend', trendRegime);
    add(REGIME, 'liquidity', liquidityRegime);
    add(REGIME, 'combined', combinedRegime);
    add(STRATEGY, 'sma-cross', smaCross);
    add(STRATEGY, 'donchian-trend', donchianTrend);
    add(STRATEGY, 'trend-pullback', trendPullback);
    add(STRATEGY, 'breakout-volatility', breakoutVolatility);
    add(STRATEGY, 'opening-range-breakout', openingRangeBreakout);
    add(STRATEGY, 'rsi-macd', rsiMacd);
    add(STRATEGY, 'momentum-reversal', momentumReversal);
    add(STRATEGY, 'vwap-reversion', vwapReversion);
    add(STRATEGY, 'pairs-spread', pairsSpread);
  },
});
