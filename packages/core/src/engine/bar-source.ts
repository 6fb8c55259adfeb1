import type { BarColumns, Timeframe } from '../domain/market-data.js';
import type { SessionCalendar } from '../domain/session-calendar.js';
import { isoTime, toUtcMs } from '../domain/units.js';
import { DataError } from '../errors.js';
import type { ComingBars } from '../pipeline/feature-block.js';
import type { BarRing } from '../series/bar-ring.js';

const HOUR_MS = 3_600_000;

/** Bars of one instrument on their way in: knows when the next one closes, and hands it over then. */
export class BarSource implements ComingBars {
  /** Close of the next bar; infinite when there is none. */
  nextClose = Number.POSITIVE_INFINITY;
  /** The chunk is used up: {@link fill} before asking again. */
  empty = true;
  private chunk: BarColumns | undefined;
  private row = 0;
  private lastClose = Number.NEGATIVE_INFINITY;
  private sessionOpen = Number.POSITIVE_INFINITY;
  private sessionClose = Number.NEGATIVE_INFINITY;
  private readonly followsSessions: boolean;

  constructor(
    /** Index of the instrument in the account's order. */
    readonly instrument: number,
    readonly name: string,
    /** Finer bars for the venue only; strategies do not see them. */
    readonly detail: boolean,
    readonly ring: BarRing,
    private readonly timeframe: Timeframe,
    private readonly calendar: SessionCalendar,
    private readonly chunks: AsyncIterator<BarColumns>,
  ) {
    // bars of an hour and more may be cut short by the end of the session
    this.followsSessions = timeframe.session || timeframe.ms >= HOUR_MS;
  }

  /** Gets the next chunk that holds bars. */
  async fill(): Promise<void> {
    for (;;) {
      const next = await this.chunks.next();
      if (next.done === true) {
        this.chunk = undefined;
        this.nextClose = Number.POSITIVE_INFINITY;
        this.empty = false;
        return;
      }
      if (next.value.length === 0) continue;
      this.chunk = next.value;
      this.row = 0;
      this.empty = false;
      this.nextClose = this.closeOf(next.value.time[0] as number);
      return;
    }
  }

  /** Puts the bar that closes at `nextClose` into the ring. */
  take(): void {
    const chunk = this.chunk as BarColumns;
    const { ring } = this;
    ring.push(chunk, this.row);
    ring.closeTime[ring.index] = this.nextClose;
    this.lastClose = this.nextClose;
    this.row++;
    if (this.row < chunk.length) this.nextClose = this.closeOf(chunk.time[this.row] as number);
    else this.empty = true;
  }

  /** The bar that was taken last and those after it in the same chunk, as far as their times are in order. */
  preview(ring: BarRing, most: number): number {
    const chunk = this.chunk as BarColumns;
    const first = this.row - 1;
    const end = Math.min(first + most, chunk.length);
    let last = this.lastClose;
    let row = first;
    for (; row < end; row++) {
      const close = row === first ? last : this.endOf(chunk.time[row] as number);
      if (row > first && !(close > last)) break;
      ring.push(chunk, row);
      ring.closeTime[ring.index] = last = close;
    }
    return row - first;
  }

  async release(): Promise<void> {
    await this.chunks.return?.();
  }

  private closeOf(open: number): number {
    const close = this.endOf(open);
    if (!(close > this.lastClose)) {
      throw new DataError('DATA_ORDER', `bars of ${this.name} went from a close at ${isoTime(toUtcMs(this.lastClose))} to one at ${isoTime(toUtcMs(close))}, expected ascending times`, {
        hint: 'sort the source by time and remove duplicates',
      });
    }
    return close;
  }

  private endOf(open: number): number {
    return this.followsSessions ? this.sessionCloseOf(open) : open + this.timeframe.ms;
  }

  private sessionCloseOf(open: number): number {
    if (!(open >= this.sessionOpen && open < this.sessionClose)) {
      const session = this.calendar.sessionAt(toUtcMs(open));
      if (session === undefined) return open + this.timeframe.ms;
      this.sessionOpen = session.open;
      this.sessionClose = session.close;
    }
    return this.timeframe.session ? this.sessionClose : Math.min(open + this.timeframe.ms, this.sessionClose);
  }
}
