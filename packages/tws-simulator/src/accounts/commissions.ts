import type { Tradable } from '../matching/tradable.js';

/** What a fill costs, in the contract's currency. */
export interface CommissionRates {
  /** Per futures contract, by symbol. */
  readonly perContract: Readonly<Record<string, number>>;
  /** Per futures contract of any other symbol. */
  readonly perContractDefault: number;
  readonly perShare: number;
  readonly minimumPerStockOrder: number;
  /** Of the notional, for currency pairs. 0.00002 is 0.2 basis points. */
  readonly currencyFraction: number;
  readonly minimumPerCurrencyOrder: number;
}

/** Close to the venue's published rates of 2026, exchange and regulatory fees included. */
export const DEFAULT_COMMISSIONS: CommissionRates = {
  perContract: { MES: 0.62, MNQ: 0.62, MGC: 0.97, M6E: 0.52 },
  perContractDefault: 2.25,
  perShare: 0.005,
  minimumPerStockOrder: 1,
  currencyFraction: 0.00002,
  minimumPerCurrencyOrder: 2,
};

/**
 * The commission of one fill.
 * @param filledBefore how much of the order had filled before: a minimum is charged once an order
 */
export function commissionOf(rates: CommissionRates, contract: Tradable, quantity: number, price: number, filledBefore: number, valueBefore: number): number {
  switch (contract.secType) {
    case 'FUT':
    case 'CONTFUT':
      return quantity * (rates.perContract[contract.symbol] ?? rates.perContractDefault);
    case 'CASH': {
      const cost = (value: number): number => (value === 0 ? 0 : Math.max(rates.minimumPerCurrencyOrder, value * rates.currencyFraction));
      return cost(valueBefore + quantity * price) - cost(valueBefore);
    }
    default: {
      const cost = (shares: number): number => (shares === 0 ? 0 : Math.max(rates.minimumPerStockOrder, shares * rates.perShare));
      return cost(filledBefore + quantity) - cost(filledBefore);
    }
  }
}
