import type { InstrumentId } from '../domain/instrument.js';
import type { DataFeed } from '../ports/data-feed.js';

/** What a feed has beside prices, by instrument. */
export type Carried = Readonly<Record<InstrumentId, { readonly volume: boolean; readonly depth: boolean }>>;

/** Asks a connected feed. */
export function carriedBy(feed: DataFeed, instruments: readonly InstrumentId[]): Carried {
  return Object.fromEntries(
    instruments.map((id) => {
      const { volume, depth } = feed.carries?.(id) ?? feed.capabilities;
      return [id, { volume, depth }];
    }),
  );
}
