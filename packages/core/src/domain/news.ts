import type { UtcMs } from './units.js';

/** How much an event moves markets, as its source says. */
export type Importance = 'low' | 'medium' | 'high';

/** A headline, or an event of a calendar. Plain data: safe to journal. */
export type NewsEvent = {
  /** The same for the same event, also after it was moved or reworded. */
  readonly id: string;
  /** When it happens or happened; of a headline its publication. */
  readonly time: UtcMs;
  readonly title: string;
  /** What it is about, e.g. `CPI`: words of the account's list that the title holds, and what the source says. */
  readonly keywords: readonly string[];
  /** Absent where the source does not say. */
  readonly importance?: Importance;
  /** Name of the source. */
  readonly source: string;
  /** From then on it could be known: long before `time` for what is scheduled. */
  readonly knownAt: UtcMs;
};

/** Which events are meant. */
export type NewsFilter = {
  /** Any of these, as a keyword or as whole words of the title; absent for every event. */
  readonly keywords?: readonly string[];
  /** At least this important. An event whose source does not say is never excluded by it. */
  readonly minImportance?: Importance;
};
