import type { BarSeries, BarStoreDefinition, KeptFeature } from '@keelson/core/ports';
import type { Configured } from '../../lab/params-cards.js';
import type { Place } from '../../lab/place.js';

/** What others read beside a kept bar: features that have a value, and how many bars they had seen. */
export type KeptRow = { readonly time: number; readonly seen: number } & Readonly<Partial<Record<KeptFeature, number>>>;

/** Does to a store what disks, people and other programs do. Each is optional: a card that needs one that is missing is skipped, unless `BarStoreSubject.cannot` says why. */
export type BarStoreControl = {
  /** Spoils what is kept, as a disk would that fails; the store is closed. */
  damage?(): void | Promise<void>;
  /** Puts something in the place of the store that no store wrote. */
  replace?(): void | Promise<void>;
  /** From now on nothing can be written, as on a full disk; the store is open. */
  fill?(): void | Promise<void>;
  makeRoom?(): void | Promise<void>;
  /** Bars of a timeframe, built from those of `base`, that have features: as another program reads them, oldest first. */
  features?(base: BarSeries, timeframe: string): readonly KeptRow[] | Promise<readonly KeptRow[]>;
};

/** Where a store lies. */
export type BarStorePlace = Place<BarStoreControl>;

/** A store of bars, and how it is tried. */
export type BarStoreSubject = Configured & {
  readonly definition: BarStoreDefinition;
  /** Called for each card, by some more than once. */
  place(): BarStorePlace;
  /** What can never be done to it, each with the reason. The cards that need it have nothing to hold, and pass with that note. */
  readonly cannot?: Readonly<Partial<Record<keyof BarStoreControl, string>>>;
};
