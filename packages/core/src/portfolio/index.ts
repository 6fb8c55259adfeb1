export { CompensatedSum } from './compensated-sum.js';
export { CurrencyRates } from './currency-rates.js';
export type { TradeListener } from './ledger.js';
export { Ledger } from './ledger.js';
export { Position } from './position.js';
