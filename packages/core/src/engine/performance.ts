import type { SessionCalendar } from '../domain/session-calendar.js';
import type { BarWindow } from '../domain/market-data.js';
import { toUtcMs, type UtcMs } from '../domain/units.js';
import type { Account } from '../pipeline/account.js';
import { computeStatistics, type PerformanceStatistics } from '../portfolio/statistics.js';
import { buyAndHoldReturn } from '../portfolio/statistics/buy-and-hold.js';
import type { TradeLog } from '../portfolio/trade-log.js';
import { DrawdownTracker } from '../portfolio/statistics/drawdown-tracker.js';
import { EquityCurve } from '../portfolio/statistics/equity-curve.js';

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

  constructor(
    private readonly account: Account,
    private readonly startEquity: number,
    private readonly calendar: SessionCalendar,
  ) {
    this.drawdown = new DrawdownTracker(0, startEquity);
    this.firstOpen = new Float64Array(account.desks.length).fill(Number.NaN);
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

  /** Keeps the equity that the ended session closed with. */
  closeSession(): void {
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
