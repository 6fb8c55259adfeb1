import type { UtcMs } from '../domain/units.js';
import type { JournalRecord } from '../ports/runtime.js';
import type { BarRing } from '../series/bar-ring.js';
import type { ArrivedBar } from './kernel.js';

/** One bar in the journal: instrument's index, 1 for a finer bar of the venue, open time, close time (UtcMs), open, high, low, close, volume. */
export type JournalBar = readonly [instrument: number, detail: 0 | 1, time: number, closeTime: number, open: number, high: number, low: number, close: number, volume: number];

/** All bars of one moment. `warmup`: they were looked at, not decided on. */
export type BarsData = { readonly bars: readonly JournalBar[]; readonly warmup?: true };

/** The journal's record of a moment's bars. */
export function barsRecord(now: UtcMs, taken: readonly ArrivedBar[], count: number, warmup: boolean): JournalRecord {
  const bars: JournalBar[] = [];
  for (let i = 0; i < count; i++) {
    const { instrument, detail, ring } = taken[i] as ArrivedBar;
    const row = ring.index;
    const of = (column: Float64Array): number => column[row] as number;
    bars.push([instrument, detail ? 1 : 0, of(ring.time), of(ring.closeTime), of(ring.open), of(ring.high), of(ring.low), of(ring.close), of(ring.volume)]);
  }
  const data: BarsData = warmup ? { bars, warmup } : { bars };
  return { kind: 'bars', time: now, data };
}

/** Puts a bar of the journal into its ring. */
export function pushJournalBar([, , time, closeTime, open, high, low, close, volume]: JournalBar, ring: BarRing): void {
  ring.pushBar(time, open, high, low, close, volume);
  ring.closeTime[ring.index] = closeTime;
}
