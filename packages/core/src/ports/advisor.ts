import type { InstrumentId } from '../domain/instrument.js';
import type { NewsEvent } from '../domain/news.js';
import type { PositionView } from '../domain/position.js';
import type { Fraction, UtcMs } from '../domain/units.js';
import type { Regime } from './regime.js';
import type { Clock, Logger } from './runtime.js';
import type { Schema } from '../domain/schema.js';

/** An opinion. It carries no quantity, price or action, so it can change none. */
export type Advice = {
  readonly bias: 'bullish' | 'bearish' | 'neutral';
  /** 0…1. */
  readonly confidence: Fraction;
  readonly rationale: string;
  /** From this time on the advice counts as absent. */
  readonly expiresAt: UtcMs;
};

/** What an advisor is told. Copies: it holds nothing of the kernel. */
export type AdvisorRequest = {
  readonly instrument: InstrumentId;
  readonly time: UtcMs;
  /** Newest closes, oldest first. */
  readonly closes: readonly number[];
  readonly regime: Regime;
  readonly position: Readonly<Pick<PositionView, 'quantity' | 'averagePrice'>>;
  /** The series of `context:` that have a value now. */
  readonly context: Readonly<Record<string, { readonly value: number; readonly ageMs: number }>>;
  /** Recent and upcoming events that are known now, in order of time. */
  readonly events: readonly NewsEvent[];
  /** The event that it is asked because of; absent when it is asked by its schedule. */
  readonly trigger?: NewsEvent;
};

/** Asked off the bar path; the path reads the latest unexpired advice and waits for none. */
export interface Advisor {
  /** How often to ask, per instrument; and how long an answer takes to count in a historical run. */
  readonly schedule: { readonly everyMs: number; readonly latencyMs: number };
  /** Undefined for no opinion. A rejection is reported and counts as neutral. */
  refresh(request: AdvisorRequest, cancel: AbortSignal): Promise<Advice | undefined>;
}

export type AdvisorContext<Params> = { readonly params: Params; readonly clock: Clock; readonly logger: Logger };

export interface AdvisorDefinition<Params = unknown> {
  readonly params: Schema<Params>;
  create(context: AdvisorContext<Params>): Advisor;
}
