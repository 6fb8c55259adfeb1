import type { BrokerEvent, Fill } from '../domain/events.js';
import type { NewsEvent } from '../domain/news.js';
import type { OrderIntent } from '../domain/order.js';
import type { Plan, Target } from '../domain/plan.js';
import type { Trade } from '../domain/position.js';
import type { Ballot, Signal } from '../domain/signal.js';
import type { ProposalVerdict } from '../ports/proposal.js';
import type { UtcMs } from '../domain/units.js';

/** Told, isolated: a throw is reported and changes nothing. */
export interface ObserveHooks {
  start: { readonly time: UtcMs };
  /** All votes of a bar on which anybody voted, and what they came to. */
  votes: Ballot;
  /** What became of a proposal from outside. */
  proposal: ProposalVerdict;
  signal: Signal;
  intent: OrderIntent;
  refusal: { readonly intent: OrderIntent; readonly reason: string; readonly time: UtcMs };
  'broker-event': BrokerEvent;
  fill: Fill;
  trade: Trade;
  /** An event that has just become known, or has changed. */
  news: NewsEvent;
  stop: { readonly time: UtcMs };
}

/** Chained and synchronous: each handler gets what the one before returned. */
export interface TransformHooks {
  /** The action must stay as it is; confidence and reason may change. */
  signal: Signal;
  /** The quantity may only shrink. */
  target: Target;
  /** The plan of an open position, on each bar. Stop, invalidation and time limit may only tighten; the target may move on the winning side; the rest stays. */
  plan: Plan;
}

/** May veto with a reason; a throw is a veto. Return undefined to let it pass. */
export interface ReviewHooks {
  /** Entries only: what reduces exposure is not up for review. */
  order: OrderIntent;
}

export type HookOrder = 'pre' | 'normal' | 'post';

/** What a plugin registers its hooks with; a name that is not in the maps does not compile. */
export interface Hooks {
  observe<Name extends keyof ObserveHooks>(name: Name, handler: (value: ObserveHooks[Name]) => void): void;
  transform<Name extends keyof TransformHooks>(name: Name, handler: (value: TransformHooks[Name]) => TransformHooks[Name], order?: HookOrder): void;
  review<Name extends keyof ReviewHooks>(name: Name, handler: (value: ReviewHooks[Name]) => string | undefined): void;
}
