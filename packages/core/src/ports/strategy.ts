import type { Instrument } from '../domain/instrument.js';
import type { BarWindow } from '../domain/market-data.js';
import type { PositionView } from '../domain/position.js';
import type { SignalDetails } from '../domain/signal.js';
import type { UtcMs } from '../domain/units.js';
import type { UseContext } from './context.js';
import type { UseFeature } from './feature-handle.js';
import type { Regime } from './regime.js';
import type { Random } from './runtime.js';
import type { Schema } from '../domain/schema.js';

/** Says what the strategy wants; the last call on a bar counts, no call is a hold. */
export interface SignalWriter {
  long(details?: SignalDetails): void;
  short(details?: SignalDetails): void;
  flat(details?: SignalDetails): void;
}

/** What a strategy sees on a closed bar. The object is reused: take what you need, keep nothing. */
export interface BarContext {
  /** Close time of the bar: now. */
  readonly time: UtcMs;
  readonly bars: BarWindow;
  readonly position: PositionView;
  readonly regime: Regime;
  readonly signal: SignalWriter;
}

/** One strategy on one instrument. Synchronous: a returned promise is an error. */
export interface Strategy {
  /** Called for each closed bar once every feature in use is warm. */
  onBar(context: BarContext): void;
}

export type StrategyContext<Params> = {
  readonly params: Params;
  readonly instrument: Instrument;
  readonly use: UseFeature;
  readonly context: UseContext;
  readonly random: Random;
};

/** What a plugin adds under a strategy's id; `create` is called once per instrument. */
export interface StrategyDefinition<Params = unknown> {
  readonly params: Schema<Params>;
  create(context: StrategyContext<Params>): Strategy;
}
