import type { Strategy } from '../ports/strategy.js';
import type { DeskContext } from './desk-context.js';
import type { BankFeatureHandle } from './feature-handle.js';
import type { VoteSlot } from './vote.js';

/** A strategy at work on one instrument. */
export type StrategySeat = {
  readonly strategy: Strategy;
  readonly vote: VoteSlot;
  readonly context: DeskContext;
  /** Features that must be warm before it is asked. */
  readonly features: readonly BankFeatureHandle[];
  warm: boolean;
  /** Where among them is the one that is waited for: those before it are warm. */
  awaited: number;
  /** Name of the plugin that the strategy comes from, for messages. */
  readonly plugin: string;
};
