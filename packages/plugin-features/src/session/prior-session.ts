import type { BarWindow } from '@keelson/core/domain';
import type { SessionClock } from './session-clock.js';

/** High, low and close of the session before the newest bar's, and of its own so far. */
export class PriorSession {
  /** Of the last session before that had bars; NaN where there is none that was seen from its start. */
  high = NaN;
  low = NaN;
  /** Also of a session that was not seen from its start: its close is known all the same. */
  close = NaN;
  private ownHigh = NaN;
  private ownLow = NaN;
  private ownClose = NaN;
  private ownWhole = false;

  /** Takes in the newest bar, which `clock` has seen. */
  update(bars: BarWindow, clock: SessionClock): void {
    if (!clock.inside) return;
    const i = bars.index;
    if (clock.begins) this.begin(clock);
    const high = bars.high[i];
    const low = bars.low[i];
    // negated, so that the first of a session counts
    if (!(high <= this.ownHigh)) this.ownHigh = high;
    if (!(low >= this.ownLow)) this.ownLow = low;
    this.ownClose = bars.close[i];
  }

  clear(): void {
    this.high = this.low = this.close = NaN;
    this.ownHigh = this.ownLow = this.ownClose = NaN;
    this.ownWhole = false;
  }

  private begin(clock: SessionClock): void {
    this.high = this.ownWhole ? this.ownHigh : NaN;
    this.low = this.ownWhole ? this.ownLow : NaN;
    this.close = this.ownClose;
    this.ownHigh = this.ownLow = NaN;
    this.ownWhole = clock.whole;
  }
}
