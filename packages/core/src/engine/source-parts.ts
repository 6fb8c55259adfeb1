import type { Clock, Timer } from '../ports/runtime.js';

/** What the desks that ask sources outside have in common. */
export type SourceParts = {
  readonly clock: Clock;
  /** Bounds the wait for an answer; without one it is not bounded. */
  readonly timer: Timer | undefined;
  /** The clock follows the bars: answers are waited for between them, and sources must know the past. */
  readonly overHistory: boolean;
};
