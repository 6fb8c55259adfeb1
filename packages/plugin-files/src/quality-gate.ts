import type { Instrument, SessionCalendar, Timeframe } from '@keelson/core/domain';
import { StepGrid } from '@keelson/core/domain';
import type { FaultLog } from './fault-log.js';
import { SessionGate } from './session-gate.js';

/** A price that changes by more than this factor from one bar to the next is taken for a fault. */
const JUMP_FACTOR = 10;

/**
 * Checks every bar of a file once. A bar that is fine costs comparisons and no allocation.
 * The kinds of fault stand in the docs page of the file feed.
 */
export class QualityGate {
  readonly sessions: SessionGate;
  private readonly ticks: StepGrid;
  private previousTime = NaN;
  private previousClose = NaN;

  constructor(instrument: Instrument, calendar: SessionCalendar, private readonly timeframe: Timeframe, maxGapBars: number, private readonly log: FaultLog) {
    this.ticks = new StepGrid(instrument.tickSize);
    this.sessions = new SessionGate(calendar, timeframe, maxGapBars, log);
  }

  /**
   * False when the bar cannot be used. All values are finite numbers; `time` is later than any before.
   * `orphan`: the bar has no session, and was reported for it.
   */
  check(row: number, time: number, open: number, high: number, low: number, close: number, volume: number, orphan: boolean): boolean {
    const previousTime = this.previousTime;
    if (!orphan) this.sessions.check(row, time, previousTime);
    if (time - previousTime < this.timeframe.ms && !this.timeframe.session) this.log.add('spacing', row, () => `${(time - previousTime) / 1000} s after the bar before, less than ${this.timeframe.id}`);
    this.previousTime = time;
    if (!this.usable(row, open, high, low, close, volume)) return false;
    if (open > high || open < low) this.log.add('open-close-outside', row, () => `open ${open} outside of low ${low} to high ${high}`);
    if (close > high || close < low) this.log.add('open-close-outside', row, () => `close ${close} outside of low ${low} to high ${high}`);
    if (low < 0) this.log.add('negative-price', row, () => `low ${low}`);
    this.onTick(row, 'open', open);
    this.onTick(row, 'high', high);
    this.onTick(row, 'low', low);
    this.onTick(row, 'close', close);
    const last = this.previousClose;
    if (last > 0 && (high > last * JUMP_FACTOR || low * JUMP_FACTOR < last)) this.log.add('jump', row, () => `${high > last * JUMP_FACTOR ? `high ${high}` : `low ${low}`} after a close of ${last}`);
    this.previousClose = close;
    return true;
  }

  private usable(row: number, open: number, high: number, low: number, close: number, volume: number): boolean {
    if (high < low) this.log.add('high-below-low', row, () => `high ${high} below low ${low}`);
    else if (open === 0 || high === 0 || low === 0 || close === 0) this.log.add('zero-price', row, () => `open ${open}, high ${high}, low ${low}, close ${close}`);
    else if (volume < 0) this.log.add('negative-volume', row, () => `volume ${volume}`);
    else return true;
    return false;
  }

  private onTick(row: number, field: string, price: number): void {
    const ticks = this.ticks;
    // The first test is exact also where a price has more ticks than 1e-6 of one can be told apart.
    if (ticks.value(ticks.nearest(price)) !== price && !ticks.holds(price)) this.log.add('off-tick', row, () => `${field} ${price} is no multiple of ${ticks.step}`);
  }
}
