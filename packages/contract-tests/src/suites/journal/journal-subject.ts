import type { JournalDefinition } from '@keelson/core/ports';
import type { Configured } from '../../lab/params-cards.js';
import type { Place } from '../../lab/place.js';

/** Does to a journal what disks and people do. Each is optional: a card that needs one that is missing is skipped, unless `JournalSubject.cannot` says why. */
export type JournalControl = {
  /** Changes what a record says, counted from 1, behind the back of the journal, which is closed. */
  damage?(record: number): void | Promise<void>;
  /** Takes a record out of the middle, in the same way. */
  remove?(record: number): void | Promise<void>;
  /** Takes off all that stands behind a record, in the same way. */
  cutOff?(record: number): void | Promise<void>;
  /** Puts something in the place of the journal that no journal wrote. */
  replace?(): void | Promise<void>;
  /** From now on nothing can be written, as on a full disk; the journal is open. */
  fill?(): void | Promise<void>;
  makeRoom?(): void | Promise<void>;
};

/** Where a journal lies. */
export type JournalPlace = Place<JournalControl>;

/** A journal, and how it is tried. */
export type JournalSubject = Configured & {
  readonly definition: JournalDefinition;
  /** Called for each card, by some more than once. */
  place(): JournalPlace;
  /** What can never be done to it, each with the reason. The cards that need it have nothing to hold, and pass with that note. */
  readonly cannot?: Readonly<Partial<Record<keyof JournalControl, string>>>;
};
