import type { BarColumns, BarWindow, DepthColumns, Timeframe } from '../domain/market-data.js';
import type { Session, SessionCalendar } from '../domain/session-calendar.js';
import { toUtcMs } from '../domain/units.js';
import { ConfigError } from '../errors.js';
import { allocateBars, allocateDepth, copyDepth } from './bar-columns.js';
import type { BarRing } from './bar-ring.js';

/**
 * Builds bars of a higher timeframe from closed base bars, on session boundaries.
 *
 * A session is cut into buckets of the target's length from its open; its close cuts the last one short.
 * `1d` is the whole session. A higher bar's `time` is its bucket's open. It closes with the base bar that
 * closes at the bucket's end, or, where base bars are missing there, before the next base bar is added.
 * A bucket without base bars gives no bar. An open bucket is not visible to anyone.
 * Its depth is that of its last base bar that has one.
 *
 * A base bar that lies outside of any session (faulty data) falls into buckets of UTC time, which end where
 * a session opens.
 *
 * One base bar can close two higher bars: the one that a gap left open, and its own. A caller that must see
 * each (features read the newest row) calls `settle` before `update`:
 *
 * ```ts
 * if (resampler.settle(bars)) onHigherBar();
 * if (resampler.update(bars) > 0) onHigherBar();
 * ```
 *
 * O(1) a base bar, no allocation.
 */
export class Resampler {
  /** The open bucket as one row. */
  private readonly bucket: { -readonly [Key in keyof BarColumns]: BarColumns[Key] } = allocateBars(1);
  private readonly wholeSession: boolean;
  private readonly stepMs: number;
  /** Session of the newest bucket. */
  private session: Session | undefined;
  private end = -Infinity;
  private filled = false;

  /** @throws ConfigError FEA_TIMEFRAME when `target` is not a multiple of `base` */
  constructor(base: Timeframe, target: Timeframe, private readonly calendar: SessionCalendar, private readonly into: BarRing) {
    if (!canResample(base, target)) {
      throw new ConfigError('FEA_TIMEFRAME', `timeframe was ${target.id}, expected a multiple of the bars' ${base.id}`, {
        hint: 'ask for a multiple of data.timeframe, or use finer bars',
      });
    }
    this.wholeSession = target.session;
    this.stepMs = target.ms;
  }

  /** Closes the higher bar that a gap before the newest base bar left open. True when one closed. */
  settle(bars: BarWindow): boolean {
    if (!this.filled || (bars.time[bars.index] as number) < this.end) return false;
    this.close();
    return true;
  }

  /**
   * Adds the newest base bar.
   * @returns how many higher bars closed and were pushed: 0, 1, or 2 when `settle` was not called before
   */
  update(bars: BarWindow): number {
    const row = bars.index;
    const time = bars.time[row] as number;
    const bucket = this.bucket;
    let closed = 0;
    // Also true while nothing is open and after a NaN time: each starts a bucket afresh.
    if (!(time < this.end)) {
      if (this.filled) {
        this.close();
        closed = 1;
      }
      this.openBucket(bars);
    }
    if (this.filled) {
      const high = bars.high[row] as number;
      const low = bars.low[row] as number;
      if (high > (bucket.high[0] as number)) bucket.high[0] = high;
      if (low < (bucket.low[0] as number)) bucket.low[0] = low;
      bucket.volume[0] = (bucket.volume[0] as number) + (bars.volume[row] as number);
    } else {
      bucket.open[0] = bars.open[row] as number;
      bucket.high[0] = bars.high[row] as number;
      bucket.low[0] = bars.low[row] as number;
      bucket.volume[0] = bars.volume[row] as number;
      if (bucket.depth !== undefined) copyDepth(undefined, 0, bucket.depth, 0);
      this.filled = true;
    }
    bucket.close[0] = bars.close[row] as number;
    if (bars.depth !== undefined) this.seeDepth(bars.depth, row);
    if ((bars.closeTime[row] as number) >= this.end) {
      this.close();
      closed++;
    }
    return closed;
  }

  /** Back to the state before the first bar; the ring is the caller's. */
  reset(): void {
    this.end = -Infinity;
    this.filled = false;
  }

  private close(): void {
    const { into } = this;
    into.push(this.bucket, 0);
    into.closeTime[into.index] = this.end;
    this.filled = false;
  }

  private seeDepth(depth: DepthColumns, row: number): void {
    const into = (this.bucket.depth ??= allocateDepth(1));
    const bid = depth.bid[row] as number;
    const ask = depth.ask[row] as number;
    if (bid === bid || ask === ask) copyDepth(depth, row, into, 0);
  }

  // The time is not handed down as a number: each call would box it, for every bucket.
  private openBucket(bars: BarWindow): void {
    const time = bars.time[bars.index] as number;
    let session = this.session;
    if (session === undefined || !(time >= session.open && time < session.close)) {
      session = this.session = this.calendar.sessionAt(toUtcMs(time));
    }
    if (session === undefined) {
      this.openOutside(time);
    } else if (this.wholeSession) {
      this.bucket.time[0] = session.open;
      this.end = session.close;
    } else {
      const start = session.open + Math.floor((time - session.open) / this.stepMs) * this.stepMs;
      this.bucket.time[0] = start;
      this.end = Math.min(start + this.stepMs, session.close);
    }
  }

  private openOutside(time: number): void {
    let start = Math.floor(time / this.stepMs) * this.stepMs;
    let end = start + this.stepMs;
    const previous = this.sessionBeside('previousSession', time);
    const next = this.sessionBeside('nextSession', time);
    if (previous !== undefined) start = Math.max(start, previous.close);
    if (next !== undefined) end = Math.min(end, next.open);
    this.bucket.time[0] = start;
    this.end = end;
  }

  /** Undefined for a time that the calendar cannot place: bad data must not end a run here. */
  private sessionBeside(which: 'previousSession' | 'nextSession', time: number): Session | undefined {
    try {
      return this.calendar[which](toUtcMs(time));
    } catch {
      return undefined;
    }
  }
}

/** True when bars of `target` can be built from bars of `base`: the same, a multiple, or whole sessions from parts. */
export function canResample(base: Timeframe, target: Timeframe): boolean {
  if (base.session) return target.session;
  return target.ms % base.ms === 0;
}
