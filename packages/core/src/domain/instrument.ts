import type { Price, Quantity, UtcMs } from './units.js';
import { toPrice, toQuantity } from './units.js';

export type InstrumentType = 'future' | 'stock' | 'spot' | 'perpetual' | 'forex';

/** Name of an instrument within its account, e.g. `MES`. */
export type InstrumentId = string;

/** What is traded. Plain data: safe to journal and to compare. */
export type Instrument = {
  readonly id: InstrumentId;
  readonly venue: string;
  readonly type: InstrumentType;
  /** ISO-4217 code, or a coin's code: the currency of price and profit. */
  readonly currency: string;
  /** The coin or currency that a spot or forex trade receives; money of that currency can be converted through it. */
  readonly baseCurrency?: string;
  /** Money per 1.0 of price for a quantity of 1. */
  readonly multiplier: number;
  /** Smallest price step. */
  readonly tickSize: number;
  /** Smallest quantity step. */
  readonly lotSize: number;
  /** Id of a session calendar, e.g. `cme-equity-index` or `24/7`. */
  readonly calendar: string;
  /** Last trading moment of a future. */
  readonly expiry?: UtcMs;
  /** A vendor's own names for the instrument, keyed by plugin (`ibkr`, `ccxt`). */
  readonly symbols: Readonly<Record<string, unknown>>;
};

/** True where only profit and loss is exchanged, not the notional: futures, perpetuals and margined forex. */
export function isMarginSettled(type: InstrumentType): boolean {
  return type === 'future' || type === 'perpetual' || type === 'forex';
}

/**
 * Prices as whole ticks and quantities as whole lots, both ways.
 *
 * A tick size is a decimal in the configuration, so `n` ticks are computed as `n × numerator / denominator`
 * with whole numbers: one rounding, which gives the very double that the text of the price would parse to.
 */
export class StepGrid {
  private readonly numerator: number;
  private readonly denominator: number;
  /** Steps in 1.0. */
  readonly perUnit: number;

  constructor(readonly step: number) {
    if (!(step > 0) || !Number.isFinite(step)) throw new RangeError(`step was ${step}, expected a positive number`);
    let denominator = 1;
    while (denominator < 1e12 && Math.abs(Math.round(step * denominator) - step * denominator) > 1e-9 * step * denominator) denominator *= 10;
    this.numerator = Math.round(step * denominator);
    this.denominator = denominator;
    this.perUnit = denominator / this.numerator;
  }

  /** Nearest whole number of steps. */
  nearest(value: number): number {
    return Math.round((value * this.denominator) / this.numerator);
  }

  /** Fewest whole steps at or above `value`; a value within 1e-6 of a step counts as on it. */
  up(value: number): number {
    const exact = (value * this.denominator) / this.numerator;
    const near = Math.round(exact);
    return Math.abs(exact - near) < 1e-6 ? near : Math.ceil(exact);
  }

  /** Most whole steps at or below `value`; a value within 1e-6 of a step counts as on it. */
  down(value: number): number {
    const exact = (value * this.denominator) / this.numerator;
    const near = Math.round(exact);
    return Math.abs(exact - near) < 1e-6 ? near : Math.floor(exact);
  }

  /** The number that `steps` steps stand for. */
  value(steps: number): number {
    return (steps * this.numerator) / this.denominator;
  }

  /** Steps of a value: a whole number when it lies on a step (within 1e-6 of one), else with its fraction. */
  count(value: number): number {
    const exact = value * this.perUnit; // once per bar and position: no division
    const near = Math.round(exact);
    return Math.abs(exact - near) < 1e-6 ? near : exact;
  }

  /** True when `value` lies on a step (within 1e-6 of one). */
  holds(value: number): boolean {
    const exact = (value * this.denominator) / this.numerator;
    return Math.abs(exact - Math.round(exact)) < 1e-6;
  }
}

/** Tick and lot grids of one instrument; build once, use on the hot path. */
export class InstrumentGrid {
  readonly ticks: StepGrid;
  readonly lots: StepGrid;

  constructor(readonly instrument: Instrument) {
    this.ticks = new StepGrid(instrument.tickSize);
    this.lots = new StepGrid(instrument.lotSize);
  }

  priceUp(value: number): Price {
    return toPrice(this.ticks.value(this.ticks.up(value)));
  }

  priceDown(value: number): Price {
    return toPrice(this.ticks.value(this.ticks.down(value)));
  }

  priceNearest(value: number): Price {
    return toPrice(this.ticks.value(this.ticks.nearest(value)));
  }

  quantityDown(value: number): Quantity {
    return toQuantity(this.lots.value(this.lots.down(value)));
  }
}
