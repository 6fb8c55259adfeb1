import type { BarWindow, SessionCalendar, Timeframe } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';

/**
 * `relative-volume`: the bar's volume over what is usual at this time of the session: volume is high at the open and the
 * close of any day, and only more than that means something.
 *
 * Unit: ratio. Range: ≥ 0; no value outside of sessions, and where the sessions before had no volume at this time. Warm-up:
 * 1 bar after as many as `sessions` of the longest sessions have, holes or not. Needs: volume.
 *
 * Formula: volume / mean of the volumes of the bars that began as long after their session's open, over the `sessions`
 * sessions before. A session that had bars but none at this time counts 0; one without any bar, and one of which the
 * beginning was not seen, does not count. A bar costs one addition for each session, which is why these are limited to
 * 1,000.
 *
 * Source: J. J. Murphy, *Technical Analysis of the Financial Markets* (1999), chapter 7; intraday patterns of volume: P. C.
 * Jain and G.-H. Joh, "The dependence between hourly prices and trading volume", *Journal of Financial and Quantitative
 * Analysis* 23 (1988).
 */
export const relativeVolume = defineFeature({
  params: z.strictObject({ sessions: z.int().min(1).max(1_000).default(20).describe('Sessions of the mean, the running one not among them.') }),
  outputs: ['relativeVolume'],
  needs: ['volume'],
  ahead: true,
  create: ({ params, calendar, timeframe }) => new RelativeVolume(params.sessions, calendar, timeframe),
});

/** Any fortnight without a holiday: the longest session of a week is in it. */
const FORTNIGHT = Date.UTC(2024, 7, 5);
const DAY_MS = 86_400_000;

/** Bars in a session, in the longest of a fortnight. */
function barsPerSession(calendar: SessionCalendar, timeframe: Timeframe): number {
  if (timeframe.session) return 1;
  let longest = 0;
  for (let time = FORTNIGHT; time < FORTNIGHT + 14 * DAY_MS; ) {
    const { open, close } = calendar.nextSession(toUtcMs(time));
    longest = Math.max(longest, close - open);
    time = Math.max(close, time + 1);
  }
  return Math.ceil(longest / timeframe.ms);
}

class RelativeVolume implements Feature {
  readonly warmupBars: number;
  /**
   * For each time of the session the volumes of the newest sessions, side by side from time to time, as they are needed one
   * after the other. Session n stands at place n modulo `sessions`.
   */
  private volumes = new Float64Array(0);
  /** For each time how many sessions have a volume, or the 0 of one without a bar at it. */
  private counts = new Int32Array(0);
  /** Whole sessions before the running one; −1 outside of them and in one that began unseen. */
  private session = -1;
  private counted = 0;
  private open = NaN;
  private until = -Infinity;
  private isFirst = true;
  private missing: number;

  constructor(
    private readonly sessions: number,
    private readonly calendar: SessionCalendar,
    private readonly timeframe: Timeframe,
  ) {
    this.warmupBars = sessions * barsPerSession(calendar, timeframe) + 1;
    this.missing = this.warmupBars;
  }

  update(bars: BarWindow, out: Float64Array): void {
    const time = bars.time[bars.index];
    if (this.missing > 0) this.missing--;
    if (time >= this.until) this.enter(time);
    if (this.session < 0) {
      out[0] = NaN;
      return;
    }
    const at = this.timeframe.session ? 0 : Math.floor((time - this.open) / this.timeframe.ms);
    if (at >= this.counts.length) this.lengthen(at);
    this.passOver(at);
    const before = this.sum(at);
    out[0] = before > 0 && this.missing === 0 && this.session >= this.sessions ? (bars.volume[bars.index] * this.sessions) / before : NaN;
    this.volumes[at * this.sessions + (this.session % this.sessions)] = bars.volume[bars.index];
    this.counts[at] = this.session + 1;
  }

  reset(): void {
    this.volumes.fill(0);
    this.counts.fill(0);
    this.session = -1;
    this.counted = 0;
    this.open = NaN;
    this.until = -Infinity;
    this.isFirst = true;
    this.missing = this.warmupBars;
  }

  private enter(barTime: number): void {
    const time = toUtcMs(barTime);
    const session = this.calendar.sessionAt(time);
    const isWhole = !this.isFirst || (session !== undefined && barTime - session.open < this.timeframe.ms);
    this.isFirst = false;
    this.session = session && isWhole ? this.counted++ : -1;
    this.open = session ? session.open : NaN;
    this.until = session ? session.close : this.calendar.nextSession(time).open;
  }

  /** Sessions without a bar at this time count 0. */
  private passOver(at: number): void {
    const { sessions, session, volumes } = this;
    for (let missed = Math.max(this.counts[at], session - sessions); missed < session; missed++) volumes[at * sessions + (missed % sessions)] = 0;
  }

  private sum(at: number): number {
    const { volumes, sessions } = this;
    const start = at * sessions;
    // two sums at once: neither waits for the other
    let sum = (sessions & 1) === 1 ? volumes[start + sessions - 1] : 0;
    let others = 0;
    for (let i = start + 1; i < start + sessions; i += 2) {
      sum += volumes[i - 1];
      others += volumes[i];
    }
    return sum + others;
  }

  private lengthen(at: number): void {
    const length = Math.max(at + 1, 2 * this.counts.length);
    const [volumes, counts] = [new Float64Array(length * this.sessions), new Int32Array(length)];
    volumes.set(this.volumes);
    counts.set(this.counts);
    this.volumes = volumes;
    this.counts = counts;
  }
}
