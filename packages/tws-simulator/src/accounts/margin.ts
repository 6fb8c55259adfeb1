import type { Tradable } from '../matching/tradable.js';

/** Money per contract, or a fraction of the notional. */
export interface MarginRate {
  readonly initial: number;
  readonly maintenance: number;
}

/** What a position must be backed by. */
export interface MarginRates {
  /** Money per futures contract, by symbol. */
  readonly perContract: Readonly<Record<string, MarginRate>>;
  /** Fractions of the notional, for futures without an amount. */
  readonly futureFraction: MarginRate;
  readonly stockFraction: MarginRate;
  readonly currencyFraction: MarginRate;
}

/** Round numbers near those of 2026: they show how margin works, not what the venue asks today. */
export const DEFAULT_MARGINS: MarginRates = {
  perContract: {
    ES: { initial: 24_000, maintenance: 21_800 },
    MES: { initial: 2_400, maintenance: 2_180 },
    NQ: { initial: 34_000, maintenance: 30_900 },
    MNQ: { initial: 3_400, maintenance: 3_090 },
    GC: { initial: 16_500, maintenance: 15_000 },
    EUR: { initial: 2_900, maintenance: 2_600 },
    GBP: { initial: 2_500, maintenance: 2_250 },
    AUD: { initial: 2_000, maintenance: 1_800 },
  },
  futureFraction: { initial: 0.1, maintenance: 0.09 },
  stockFraction: { initial: 0.5, maintenance: 0.25 },
  currencyFraction: { initial: 0.03, maintenance: 0.025 },
};

/** Margin of a position of that quantity, either sign, in the contract's currency. */
export function marginOf(rates: MarginRates, contract: Tradable, quantity: number, price: number): MarginRate {
  const size = Math.abs(quantity);
  const notional = size * Math.abs(price) * contract.multiplier;
  const amounts = contract.secType === 'FUT' ? rates.perContract[contract.symbol] : undefined;
  if (amounts !== undefined) return { initial: size * amounts.initial, maintenance: size * amounts.maintenance };
  const fraction = contract.secType === 'FUT' ? rates.futureFraction : contract.secType === 'CASH' ? rates.currencyFraction : rates.stockFraction;
  return { initial: notional * fraction.initial, maintenance: notional * fraction.maintenance };
}
