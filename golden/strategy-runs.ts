/** A strategy on one of the accounts in golden/accounts; `params` where it needs others than its defaults there. */
export type StrategyRun = { readonly strategy: string; readonly data: string; readonly params?: string };

/** The accounts, and what their bars are. */
export const DATA: Readonly<Record<string, string>> = {
  'goog-1d': 'GOOG, daily, 2004 to 2013',
  '6e-1m': 'Euro FX future, 1 minute, January 2024',
  'btc-1m': 'BTC perpetual, 1 minute, January 2022',
};

const EVERYWHERE = ['sma-cross', 'donchian-trend', 'trend-pullback', 'breakout-volatility', 'rsi-macd', 'momentum-reversal'];

export const RUNS: readonly StrategyRun[] = [
  ...EVERYWHERE.flatMap((strategy) => Object.keys(DATA).map((data) => ({ strategy, data }))),
  // daily bars have no part of a session to average, nor an opening range
  { strategy: 'vwap-reversion', data: 'goog-1d', params: '{ window: bars }' },
  ...['vwap-reversion', 'opening-range-breakout'].flatMap((strategy) => ['6e-1m', 'btc-1m'].map((data) => ({ strategy, data }))),
];

/** Strategies without a run, and why. */
export const NO_RUN: Readonly<Record<string, string>> = {
  'pairs-spread': 'each of these files holds one instrument, and no two overlap in time, so there is no pair in them; `examples/pairs` runs it on generated bars',
};
