import type { InstrumentId } from './instrument.js';
import type { Fraction, Price, UtcMs } from './units.js';

/** What a strategy wants of its instrument. `hold` leaves the target as it is. */
export type SignalAction = 'long' | 'short' | 'flat' | 'hold';

/** What a strategy may say with a signal; every field is optional. */
export type SignalDetails = {
  /** 0…1; default 1. */
  readonly confidence?: number;
  readonly reason?: string;
  /** Limit price to enter at; a market order where absent. */
  readonly entry?: number;
  /** Protective stop price. */
  readonly stop?: number;
  /** Take-profit price. */
  readonly target?: number;
};

/** One strategy's say on one bar, kept for the trace. */
export type Vote = {
  readonly strategy: string;
  readonly action: SignalAction;
  readonly confidence: Fraction;
  readonly weight: number;
  readonly reason: string;
};

/** The one signal per instrument that the votes came to. */
export type Signal = {
  readonly instrument: InstrumentId;
  readonly time: UtcMs;
  readonly action: SignalAction;
  readonly confidence: Fraction;
  readonly reason: string;
  readonly entry?: Price;
  readonly stop?: Price;
  readonly target?: Price;
};
