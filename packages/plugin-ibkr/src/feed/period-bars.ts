import type { Bar, SessionCalendar, Timeframe } from '@keelson/core/domain';
import { toPrice, toUtcMs } from '@keelson/core/domain';

/** Length of a piece. */
export const PIECE_MS = 5_000;

export type Piece = { readonly time: number; readonly open: number; readonly high: number; readonly low: number; readonly close: number; readonly volume: number };

/** A period that is over. `complete` is false where pieces of it were missed: it is to be looked up. */
export type Period = { readonly open: number; readonly close: number; readonly complete: boolean; readonly bar: Bar | undefined };

/**
 * Puts bars of five seconds together into bars of a timeframe, which lie on the session as everywhere else. A period is
 * over with its last piece, with a piece of a later one, or when {@link flush} says that its time is over.
 */
export class PeriodBars {
  private open = Number.NEGATIVE_INFINITY;
  private close = Number.NEGATIVE_INFINITY;
  private last = Number.NEGATIVE_INFINITY;
  private pieces = 0;
  private high = 0;
  private low = 0;
  private first = 0;
  private newest = 0;
  private volume = 0;

  constructor(
    private readonly timeframe: Timeframe,
    private readonly calendar: SessionCalendar,
    private readonly onPeriod: (period: Period) => void,
  ) {}

  /** End of the period that is being built; undefined while there is none. */
  get ends(): number | undefined {
    return this.pieces > 0 ? this.close : undefined;
  }

  take({ time, open, high, low, close, volume }: Piece): void {
    if (time <= this.last) return; // it came before
    const session = this.calendar.sessionAt(toUtcMs(time));
    if (session === undefined) return;
    if (time >= this.close) this.flush(Number.POSITIVE_INFINITY);
    if (this.pieces === 0) {
      const { ms } = this.timeframe;
      this.open = this.timeframe.session ? session.open : session.open + Math.floor((time - session.open) / ms) * ms;
      this.close = this.timeframe.session ? session.close : Math.min(this.open + ms, session.close);
      this.first = open;
      this.high = high;
      this.low = low;
      this.volume = 0;
    }
    this.pieces++;
    this.last = time;
    this.high = Math.max(this.high, high);
    this.low = Math.min(this.low, low);
    this.newest = close;
    this.volume += volume;
    if (time + PIECE_MS >= this.close) this.flush(Number.POSITIVE_INFINITY);
  }

  /** Ends the period if it is over at `now`. */
  flush(now: number): void {
    if (this.pieces === 0 || now < this.close) return;
    const { open, close } = this;
    const complete = this.pieces === Math.ceil((close - open) / PIECE_MS);
    this.pieces = 0;
    this.onPeriod({ open, close, complete, bar: { time: toUtcMs(open), open: toPrice(this.first), high: toPrice(this.high), low: toPrice(this.low), close: toPrice(this.newest), volume: this.volume } });
  }
}
