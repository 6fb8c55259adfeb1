import type { Instrument } from '../domain/instrument.js';

/**
 * Values of currencies in the account's base currency: from an instrument of the account that trades the
 * pair, else from fixed rates. Currencies are numbered once, so that the hot path reads an array.
 */
export class CurrencyRates {
  readonly currencies: readonly string[];
  private readonly rates: Float64Array;
  /** By instrument: the currency that its price sets, or -1. */
  private readonly pricedBy: Int32Array;
  private readonly inverted: Uint8Array;

  constructor(
    readonly base: string,
    instruments: readonly Instrument[],
    fixed: Readonly<Record<string, number>>,
  ) {
    const names = new Set([base]);
    for (const instrument of instruments) {
      names.add(instrument.currency);
      if (instrument.baseCurrency !== undefined) names.add(instrument.baseCurrency);
    }
    for (const name of Object.keys(fixed)) names.add(name);
    this.currencies = [...names];
    this.rates = new Float64Array(this.currencies.length).fill(Number.NaN);
    this.rates[0] = 1;
    for (const [name, rate] of Object.entries(fixed)) if (name !== base) this.rates[this.index(name)] = rate;
    this.pricedBy = new Int32Array(instruments.length).fill(-1);
    this.inverted = new Uint8Array(instruments.length);
    instruments.forEach((instrument, i) => {
      if ((instrument.type !== 'forex' && instrument.type !== 'spot') || instrument.baseCurrency === undefined) return;
      const priced = instrument.currency === base ? instrument.baseCurrency : instrument.baseCurrency === base ? instrument.currency : undefined;
      if (priced === undefined || priced === base || this.pricedBy.includes(this.index(priced))) return;
      this.pricedBy[i] = this.index(priced);
      this.inverted[i] = instrument.currency === base ? 0 : 1;
    });
  }

  /** Number of a currency; -1 for one that the account does not know. */
  index(currency: string): number {
    return this.currencies.indexOf(currency);
  }

  /** Units of base currency for one unit of the currency; NaN until a price was seen. */
  rate(index: number): number {
    return this.rates[index] as number;
  }

  /** True when a rate is fixed or will come from an instrument. */
  canConvert(currency: string): boolean {
    const index = this.index(currency);
    return index >= 0 && (!Number.isNaN(this.rates[index]) || this.pricedBy.includes(index));
  }

  /** True for an instrument whose price is the rate of a currency. */
  follows(instrument: number): boolean {
    return (this.pricedBy[instrument] as number) >= 0;
  }

  /**
   * Takes over a new price of an instrument; cheap for those that set no rate.
   * @returns whether a rate changed
   */
  mark(instrument: number, price: number): boolean {
    const currency = this.pricedBy[instrument] as number;
    if (currency < 0) return false;
    this.rates[currency] = this.inverted[instrument] === 1 ? 1 / price : price;
    return true;
  }
}
