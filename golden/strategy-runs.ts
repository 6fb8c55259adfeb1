/** Which strategy runs on which of the accounts in golden/accounts. */
export type StrategyRun = { readonly strategy: string; readonly data: string };

/** The accounts, and what their bars are. */
export const DATA: Readonly<Record<string, string>> = {
  'goog-1d': 'GOOG, daily, 2004 to 2013',
  '6e-1m': 'Euro FX future, 1 minute, January 2024',
  'btc-1m': 'BTC perpetual, 1 minute, January 2022',
};

const EVERYWHERE = Object.keys(DATA);

const WHERE: Readonly<Record<string, readonly string[]>> = {
  'sma-cross': EVERYWHERE,
  'rsi-macd': EVERYWHERE,
  'momentum-reversal': EVERYWHERE,
};

export const RUNS: readonly StrategyRun[] = Object.entries(WHERE).flatMap(([strategy, accounts]) => accounts.map((data) => ({ strategy, data })));
