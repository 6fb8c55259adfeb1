import type { InstrumentId } from '../domain/instrument.js';
import type { SignalAction } from '../domain/signal.js';
import type { Trade } from '../domain/position.js';
import type { Fraction, UtcMs } from '../domain/units.js';
import type { Logger } from './runtime.js';
import type { Schema } from '../domain/schema.js';

/** The situation a decision is made in. */
export type MarketState = {
  readonly instrument: InstrumentId;
  readonly action: SignalAction;
  readonly confidence: Fraction;
  /** Regime labels by dimension. */
  readonly labels: Readonly<Record<string, string>>;
};

/** What similar past trades came to. */
export type Recollection = {
  readonly sample: number;
  /** Share of winners; 0 when the sample is empty. */
  readonly winRate: Fraction;
};

/** A finished trade with the situation it was entered in. */
export type Episode = { readonly id: string; readonly state: MarketState; readonly enteredAt: UtcMs; readonly trade: Trade };

/** Past trades. Synchronous: it is read on the bar path, for signals only. */
export interface Memory {
  /** Trades that had ended by `asOf`, never a later one. */
  recall(state: MarketState, asOf: UtcMs): Recollection;
  /** Idempotent by the episode's id. */
  remember(episode: Episode): void;
}

export type MemoryContext<Params> = { readonly params: Params; readonly logger: Logger };

export interface MemoryDefinition<Params = unknown> {
  readonly params: Schema<Params>;
  create(context: MemoryContext<Params>): Memory;
}
