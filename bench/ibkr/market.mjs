/** Sunday's opening of the futures markets, and a quarter of an hour into Monday's session of stocks. */
export const SUNDAY = '2026-05-03T22:00:00Z';
export const MONDAY = '2026-05-04T13:45:00Z';

export const QUIET = { debug() {}, info() {}, warn() {}, error: (...args) => console.error(...args) };

/** Stocks that the simulator lists besides its own. */
export function listings(count) {
  return Array.from({ length: count }, (_, i) => ({ symbol: `K${String(i).padStart(3, '0')}`, price: 20 + i }));
}

/** The same as instruments of an account. */
export function stocks(count) {
  return listings(count).map(({ symbol }) => ({ id: symbol, venue: 'NASDAQ', type: 'stock', currency: 'USD', multiplier: 1, tickSize: 0.01, lotSize: 1, calendar: 'us-equity', symbols: {} }));
}

export const FUTURES = [['MES', 5], ['ES', 50], ['NQ', 20], ['MNQ', 2]].map(([id, multiplier]) => ({ id, venue: 'CME', type: 'future', currency: 'USD', multiplier, tickSize: 0.25, lotSize: 1, calendar: 'cme-equity-index', symbols: {} }));
