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
   * False when the bar (time, open, high, low, close, volume) cannot be used. All values are finite numbers;
   * the time is later than any before. `orphan`: the bar has no session, and was reported for it.
   */
  check(row: number, bar: Float64Array, orphan: boolean): boolean {
    const time = bar[0], open = bar[1], high = bar[2], low = bar[3], close = bar[4], volume = bar[5];
    const previousTime = this.previousTime;
    this.previousTime = time;
    if (!orphan) this.sessions.check(row, time, previousTime);
    if (time - previousTime < this.timeframe.ms && !this.timeframe.session) this.tooNear(row, time - previousTime);
    if (!(low > 0 && high >= low && volume >= 0 && open !== 0 && close !== 0) && !this.usable(row, open, high, low, close, volume)) return false;
    if (open > high || open < low) this.outside(row, 'open', open, high, low);
    if (close > high || close < low) this.outside(row, 'close', close, high, low);
    if (this.isOffTick(open)) this.offTick(row, 'open', open);
    if (this.isOffTick(high)) this.offTick(row, 'high', high);
    if (this.isOffTick(low)) this.offTick(row, 'low', low);
    if (this.isOffTick(close)) this.offTick(row, 'close', close);
    const last = this.previousClose;
    if (last > 0 && (high > last * JUMP_FACTOR || low * JUMP_FACTOR < last)) this.jump(row, high, low, last);
    this.previousClose = close;
    return true;
  }

  /** False when the quotes (NaN where one is absent) cannot be used. */
  checkDepth(row: number, bid: number, ask: number, bidSize: number, askSize: number): boolean {
    if (bidSize < 0 || askSize < 0) {
      this.log.add('negative-size', row, () => (bidSize < 0 ? `bidSize ${bidSize}` : `askSize ${askSize}`));
      return false;
    }
    if (bid === 0 || ask === 0) {
      this.log.add('bad-quote', row, () => (bid === 0 ? 'bid 0' : 'ask 0'));
      return false;
    }
    if (bid > ask) {
      this.log.add('crossed-quotes', row, () => `bid ${bid} above ask ${ask}`);
      return false;
    }
    if (bid === bid && this.isOffTick(bid)) this.offTick(row, 'bid', bid);
    if (ask === ask && this.isOffTick(ask)) this.offTick(row, 'ask', ask);
    return true;
  }

  private isOffTick(price: number): boolean {
    const ticks = this.ticks;
    // The first test is exact also where a price has more ticks than 1e-6 of one can be told apart.
    const nearest = ticks.nearest(price);
    return ticks.value(nearest) !== price && (nearest === 0 || !ticks.holds(price)); // a price far below one tick is off it too
  }

  // Faults stand in methods of their own: a closure in `check` would cost an allocation for every bar.

  private usable(row: number, open: number, high: number, low: number, close: number, volume: number): boolean {
    if (high < low) this.log.add('high-below-low', row, () => `high ${high} below low ${low}`);
    else if (open === 0 || high === 0 || low === 0 || close === 0) this.log.add('zero-price', row, () => `open ${open}, high ${high}, low ${low}, close ${close}`);
    else if (volume < 0) this.log.add('negative-volume', row, () => `volume ${volume}`);
    else {
      if (low < 0) this.log.add('negative-price', row, () => `low ${low}`);
      return true;
    }
    return false;
  }

  private tooNear(row: number, ms: number): void {
    this.log.add('spacing', row, () => `${ms / 1000} s after the bar before, less than ${this.timeframe.id}`);
  }

  private outside(row: number, field: string, price: number, high: number, low: number): void {
    this.log.add('open-close-outside', row, () => `${field} ${price} outside of low ${low} to high ${high}`);
  }

  private offTick(row: number, field: string, price: number): void {
    this.log.add('off-tick', row, () => `${field} ${price} is no multiple of ${this.ticks.step}`);
  }

  private jump(row: number, high: number, low: number, last: number): void {
    this.log.add('jump', row, () => `${high > last * JUMP_FACTOR ? `high ${high}` : `low ${low}`} after a close of ${last}`);
  }
}
