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
  /** The idea is void once a bar closes here or farther against it: the position is left. */
  readonly invalidation?: number;
};

/** One strategy's say on one bar, kept for the trace. */
export type Vote = {
  readonly strategy: string;
  readonly action: SignalAction;
  readonly confidence: Fraction;
  /** Static, as the account gives it. */
  readonly weight: number;
  /** As it counted on this bar. */
  readonly effectiveWeight: number;
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
  readonly invalidation?: Price;
};

/** All votes on one bar, without holds, and what they came to before memory, advice and the gate looked at it. */
export type Ballot = {
  readonly instrument: InstrumentId;
  readonly time: UtcMs;
  readonly action: SignalAction;
  /** Absent for a hold. */
  readonly confidence?: Fraction;
  /** Strategy whose reason and prices the signal took; absent for a hold. */
  readonly leader?: string;
  /** False for an entry that fewer agree on than `decision.ensemble.minAgreement` asks for. */
  readonly agreed: boolean;
  readonly votes: readonly Vote[];
};

/** Who stood behind an entry, by name; it goes with the entry's order. */
export type Backers = {
  /** Strategy whose reason and prices the entry took. */
  readonly leader: string;
  /** All strategies that voted for it, each once. */
  readonly voters: readonly string[];
};
