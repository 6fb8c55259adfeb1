import type { DepthColumns } from '../domain/market-data.js';
import type { UtcMs } from '../domain/units.js';
import type { JournalRecord } from '../ports/journal.js';
import { allocateBars } from '../series/bar-columns.js';
import type { BarRing } from '../series/bar-ring.js';
import type { ArrivedBar } from './kernel.js';

/** One bar in the journal; times are UtcMs, `detail` is 1 for a finer bar of the venue. `depth` is absent where the feed has none. */
export type JournalBar = readonly [instrument: number, detail: 0 | 1, time: number, closeTime: number, open: number, high: number, low: number, close: number, volume: number, depth?: JournalDepth];

/** Null where the book was empty. */
type JournalDepth = readonly [bid: number | null, ask: number | null, bidSize: number | null, askSize: number | null];

/** All bars of one moment. `warmup`: they were looked at, not decided on. */
export type BarsData = { readonly bars: readonly JournalBar[]; readonly warmup?: true };

/** The journal's record of a moment's bars. */
export function barsRecord(now: UtcMs, taken: readonly ArrivedBar[], count: number, warmup: boolean): JournalRecord {
  const bars: JournalBar[] = [];
  for (let i = 0; i < count; i++) {
    const { instrument, detail, ring } = taken[i] as ArrivedBar;
    const row = ring.index;
    const of = (column: Float64Array): number => column[row] as number;
    const prices = [instrument, detail ? 1 : 0, of(ring.time), of(ring.closeTime), of(ring.open), of(ring.high), of(ring.low), of(ring.close), of(ring.volume)] as const;
    bars.push(ring.depth === undefined ? prices : [...prices, depthOf(ring.depth, row)]);
  }
  const data: BarsData = warmup ? { bars, warmup } : { bars };
  return { kind: 'bars', time: now, data };
}

/** Puts a bar of the journal into its ring. */
export function pushJournalBar([, , time, closeTime, open, high, low, close, volume, depth]: JournalBar, ring: BarRing): void {
  const bars = allocateBars(1, depth !== undefined);
  bars.time[0] = time;
  bars.open[0] = open;
  bars.high[0] = high;
  bars.low[0] = low;
  bars.close[0] = close;
  bars.volume[0] = volume;
  if (depth !== undefined && bars.depth !== undefined) {
    bars.depth.bid[0] = depth[0] ?? Number.NaN;
    bars.depth.ask[0] = depth[1] ?? Number.NaN;
    bars.depth.bidSize[0] = depth[2] ?? Number.NaN;
    bars.depth.askSize[0] = depth[3] ?? Number.NaN;
  }
  ring.push(bars, 0);
  ring.closeTime[ring.index] = closeTime;
}

function depthOf({ bid, ask, bidSize, askSize }: DepthColumns, row: number): JournalDepth {
  const of = (column: Float64Array): number | null => {
    const value = column[row] as number;
    return value === value ? value : null;
  };
  return [of(bid), of(ask), of(bidSize), of(askSize)];
}
