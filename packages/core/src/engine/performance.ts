import type { SessionCalendar } from '../domain/session-calendar.js';
import type { BarWindow } from '../domain/market-data.js';
import type { BarRing } from '../series/bar-ring.js';
import { toUtcMs, type UtcMs } from '../domain/units.js';
import type { Account } from '../pipeline/account.js';
import { computeStatistics, type PerformanceStatistics } from '../portfolio/statistics.js';
import { buyAndHoldReturn } from '../portfolio/statistics/buy-and-hold.js';
import type { TradeLog } from '../portfolio/trade-log.js';
import { DrawdownTracker } from '../portfolio/statistics/drawdown-tracker.js';
import { EquityCurve } from '../portfolio/statistics/equity-curve.js';

/** Most moments that are sampled together, a power of two: their numbers stay in the nearest cache. */
const MOST_WAITING = 128;

/** Follows equity and exposure moment by moment, and sums a run up at its end. */
export class Performance {
  readonly curve = new EquityCurve();
  private drawdown: DrawdownTracker;
  private readonly firstOpen: Float64Array;
  private moments = 0;
  private momentsInMarket = 0;
  /** Close time of the last moment and the equity after it: passed as a whole, since loose numbers are boxed. */
  private readonly sample = new Float64Array(2);
  private from: UtcMs | undefined;
  /** Bars whose moments are sampled together; those after the first `sampled` and up to `seen` wait. */
  private bars: BarRing | undefined;
  private sampled = 0;
  private seen = 0;
  private readonly equities = new Float64Array(MOST_WAITING);

  constructor(
    private readonly account: Account,
    private readonly startEquity: number,
    private readonly calendar: SessionCalendar,
  ) {
    this.drawdown = new DrawdownTracker(0, startEquity);
    this.firstOpen = new Float64Array(account.desks.length).fill(Number.NaN);
    account.ledger.beforeBooking = () => this.settle();
  }

  /** Takes an instrument's first bar. */
  begin(instrument: number, bars: BarWindow): void {
    this.firstOpen[instrument] = bars.open[bars.index] as number;
    if (this.from !== undefined) return;
    const time = bars.time[bars.index] as number;
    this.from = toUtcMs(time);
    this.drawdown = new DrawdownTracker(time, this.startEquity);
  }

  has(instrument: number): boolean {
    return !Number.isNaN(this.firstOpen[instrument]);
  }

  /** Takes the account as it stands after a moment's decisions. */
  update(): void {
    const { sample, account } = this;
    const { ledger } = account;
    ledger.refresh();
    const equity = ledger.equityCell[0] as number;
    sample[0] = account.now;
    sample[1] = equity;
    this.moments++;
    if (ledger.hasPosition) this.momentsInMarket++;
    if (equity > (account.peakCell[0] as number)) account.peakCell[0] = equity;
    this.drawdown.update(sample);
    this.curve.update(sample);
  }

  /**
   * From now on `defer` may stand for `update`: each moment is the newest bar of `bars`.
   * @returns false where it may not: equity follows from more than one price, or is held against limits on every bar
   */
  follow(bars: BarRing): boolean {
    const { ledger, limitsLosses } = this.account;
    if (!ledger.followsOnePrice || limitsLosses || bars.mask < MOST_WAITING) return false;
    this.bars = bars;
    this.sampled = this.seen = bars.count;
    return true;
  }

  /** As `update`, but the moments between two bookings are sampled together. */
  defer(count: number): void {
    this.seen = count;
    if ((count & (MOST_WAITING - 1)) === 0) this.settle();
  }

  /** Samples the moments that wait, by the books as they stood after each of them: as they stand now. */
  settle(): void {
    const { bars, account, equities, sample } = this;
    const waiting = this.seen - this.sampled;
    if (waiting === 0 || bars === undefined) return;
    this.sampled = this.seen;
    const last = (bars.index + this.seen - bars.count) & bars.mask;
    const first = last - waiting + 1;
    const { ledger, peakCell } = account;
    ledger.equityAlong(bars.close, first, bars.mask, waiting, equities);
    let peak = peakCell[0] as number;
    for (let i = 0; i < waiting; i++) if ((equities[i] as number) > peak) peak = equities[i] as number;
    peakCell[0] = peak;
    this.moments += waiting;
    if (ledger.hasPosition) this.momentsInMarket += waiting;
    sample[0] = bars.closeTime[last] as number;
    this.drawdown.updateAll(bars.closeTime, first, bars.mask, equities, waiting);
    this.curve.updateAll(bars.closeTime, first, bars.mask, equities, waiting);
  }

  /** Keeps the equity that the ended session closed with. */
  closeSession(): void {
    this.settle();
    if (this.moments > 0) this.curve.closeSession(this.sample[0] as number, this.account.ledger.equity);
  }

  get period(): { readonly from: UtcMs | undefined; readonly to: UtcMs | undefined } {
    return { from: this.from, to: this.moments === 0 ? undefined : toUtcMs(this.sample[0] as number) };
  }

  statistics(trades: TradeLog): PerformanceStatistics {
    const { ledger, desks } = this.account;
    return computeStatistics({
      startEquity: this.startEquity,
      endEquity: ledger.equity,
      ...this.period,
      sessionEquity: this.curve.sessionEquity(),
      sessionsPerYear: this.calendar.sessionsPerYear,
      maxDrawdown: this.drawdown.maxDrawdown,
      maxDrawdownMs: this.drawdown.maxDrawdownMs,
      trades,
      barsInMarket: this.momentsInMarket,
      bars: this.moments,
      commission: ledger.commissions.value,
      slippage: ledger.slippages.value,
      buyAndHoldReturn: buyAndHoldReturn(desks.filter((desk) => this.has(desk.index)).map((desk) => ({ firstOpen: this.firstOpen[desk.index] as number, lastClose: desk.close }))),
    });
  }
}
