import type { Trade } from '@keelson/core/domain';

/** What a position brought from its entry to its last exit so far, after costs, in the base currency. */
export type RoundTrip = { readonly instrument: string; readonly entryTime: number; readonly exitTime: number; readonly net: number };

/**
 * Trades put together to round trips, by the time of their last exit. A position that is left in parts, such as at a
 * partial target, gives several trades; as an outcome it counts once. A trade goes on with the round trip before it
 * when its entry lies before that one's exit, on the same side: both were open at once.
 */
export function roundTrips(trades: readonly Trade[]): readonly RoundTrip[] {
  type Open = { readonly side: Trade['side']; readonly instrument: string; readonly entryTime: number; exitTime: number; net: number };
  const all: Open[] = [];
  const last = new Map<string, Open>();
  for (const { instrument, side, entryTime, exitTime, pnl, commission } of trades) {
    const before = last.get(instrument);
    if (before !== undefined && before.side === side && entryTime < before.exitTime) {
      before.exitTime = exitTime;
      before.net += pnl - commission;
      continue;
    }
    const trip: Open = { side, instrument, entryTime, exitTime, net: pnl - commission };
    all.push(trip);
    last.set(instrument, trip);
  }
  return all.sort((a, b) => a.exitTime - b.exitTime);
}

/** Newest time until which one of the moments with `met` holds entries back; −∞ where none does. */
export function pausedUntil(trips: readonly RoundTrip[], pauseMs: number, met: (index: number) => boolean): number {
  for (let i = trips.length - 1; i >= 0; i--) if (met(i)) return (trips[i] as RoundTrip).exitTime + pauseMs;
  return Number.NEGATIVE_INFINITY;
}
