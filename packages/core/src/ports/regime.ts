import type { Instrument } from '../domain/instrument.js';
import type { BarWindow } from '../domain/market-data.js';
import type { SessionCalendar } from '../domain/session-calendar.js';
import type { UtcMs } from '../domain/units.js';
import type { UseContext } from './context.js';
import type { UseFeature } from './feature-handle.js';
import type { Schema } from '../domain/schema.js';

/** What the market is like now. Absent fields mean that the classifier does not say. */
export type Regime = {
  readonly tradable: boolean;
  /** Why not tradable; empty when it is. */
  readonly reason: string;
  /** Labels by dimension, e.g. `{ volatility: 'high', session: 'open' }`. */
  readonly labels: Readonly<Record<string, string>>;
};

/** Classifies one instrument's market on each closed bar. Return the same object while nothing changed. */
export interface RegimeClassifier {
  /** The labels that it can say, by dimension; absent for one that cannot tell beforehand. No two classifiers say one dimension. */
  readonly labels?: Readonly<Record<string, readonly string[]>>;
  classify(bars: BarWindow, close: UtcMs): Regime;
}

export type RegimeContext<Params> = {
  readonly params: Params;
  readonly instrument: Instrument;
  readonly calendar: SessionCalendar;
  readonly use: UseFeature;
  readonly context: UseContext;
};

export interface RegimeDefinition<Params = unknown> {
  readonly params: Schema<Params>;
  create(context: RegimeContext<Params>): RegimeClassifier;
}
