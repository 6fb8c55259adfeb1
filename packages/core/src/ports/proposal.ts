import type { InstrumentId } from '../domain/instrument.js';
import type { Fraction, Price, UtcMs } from '../domain/units.js';
import type { Clock, Logger } from './runtime.js';
import type { Schema } from '../domain/schema.js';

/** What somebody outside proposes to do. It is no signal: tested rules of the account have to confirm it first. */
export type Proposal = {
  /** Unique within its source: a proposal counts once, however often it is given. */
  readonly id: string;
  readonly instrument: InstrumentId;
  readonly action: 'long' | 'short' | 'flat';
  /** Limit price to enter at; a market order where absent. */
  readonly entry?: Price;
  readonly stop?: Price;
  readonly target?: Price;
  /** 0…1. */
  readonly confidence: Fraction;
  readonly rationale: string;
  /** Who proposes: 1 to 40 letters, digits, dots, dashes or underscores. */
  readonly origin: string;
  readonly createdAt: UtcMs;
  /** From this time on it is refused. */
  readonly expiresAt: UtcMs;
};

/** What became of a proposal. */
export type ProposalVerdict = {
  readonly time: UtcMs;
  readonly source: string;
  readonly proposal: Proposal;
  readonly verdict: 'confirmed' | 'refused';
  /** Names of the strategies that confirmed it. */
  readonly confirmedBy: readonly string[];
  /** Why it was refused; empty when it was not. */
  readonly reasons: readonly string[];
};

/** Where proposals come from. Asked off the bar path; the path sees what has arrived and waits for nothing. */
export interface ProposalSource {
  /** How often to ask; and how long after its making, and after the question, a proposal arrives. */
  readonly schedule: { readonly everyMs: number; readonly latencyMs: number };
  /** Proposals since the last call; earlier ones may be among them. A rejection is reported and counts as silence. */
  poll(now: UtcMs, cancel: AbortSignal): Promise<readonly Proposal[]>;
}

/** `baseDir` is the folder of the account file. */
export type ProposalSourceContext<Params> = { readonly params: Params; readonly baseDir: string; readonly clock: Clock; readonly logger: Logger };

export interface ProposalSourceDefinition<Params = unknown> {
  readonly params: Schema<Params>;
  create(context: ProposalSourceContext<Params>): ProposalSource;
}
