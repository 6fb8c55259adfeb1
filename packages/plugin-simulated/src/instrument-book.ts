import { toUtcMs, type BarWindow, type Instrument, type Session, type SessionCalendar, type StepGrid } from '@keelson/core/domain';
import type { Position } from '@keelson/core/portfolio';
import type { DueTimes } from './due-times.js';
import type { FundingSchedule } from './funding.js';
import type { MarginRule } from './margin/margin-rule.js';
import type { CommissionModel } from './models/commission.js';
import type { SlippageModel } from './models/slippage.js';
import type { SimOrder } from './sim-order.js';
import { TickScale } from './tick-scale.js';

/** What an instrument's book is made of, besides the instrument. */
export type BookRules = {
  readonly commission: CommissionModel;
  readonly slippage: SlippageModel;
  readonly margin: MarginRule | undefined;
  readonly funding: FundingSchedule | undefined;
  readonly settles: boolean;
  /** Ticks that a price must lie beyond a limit: 0 where touching fills. */
  readonly limitSlack: number;
  /** Share of a bar's volume that may fill; undefined for no limit. */
  readonly volumeLimit: number | undefined;
};

/** Orders, the bar in play and the times that matter of one instrument. Prices are ticks, quantities lots. */
export class InstrumentBook {
  readonly ticks: StepGrid;
  readonly lots: StepGrid;
  readonly scale: TickScale;
  /** Orders that are not held and not at their end, oldest first; ended ones stay until {@link sweep}. */
  readonly live: SimOrder[] = [];
  private ended = 0;
  /** Bars that were matched. */
  bar = 0;
  /** Open time of the bar that was in play before this one. */
  previousTime = -Infinity;
  /** When the last bar closed. */
  closedAt = -Infinity;
  /** The bar in play; between bars, the last one. */
  time = -Infinity;
  open = 0;
  high = 0;
  low = 0;
  close = 0;
  volume = 0;
  /** True while the open is being traded, false for the rest of the bar. */
  atOpen = false;
  /** Lots that the volume limit still allows in this bar. */
  volumeLeft = Infinity;
  /** Most lots that may fill in one bar, whatever its volume. */
  mostLots = Infinity;
  private volumeBar = Number.NaN;
  private session: Session | undefined = undefined;
  /** When a rule is due next: end of a day order, settlement, funding, expiry. `due` is the earliest. */
  dayEnd = Infinity;
  settleAt = Infinity;
  fundingAt = Infinity;
  readonly expiry: number;
  due = Infinity;
  /** When the rules that are due apply although no bar of the instrument came. */
  dueWithoutBar = Infinity;
  isExpired = false;

  constructor(
    readonly index: number,
    readonly instrument: Instrument,
    readonly calendar: SessionCalendar,
    readonly position: Position,
    readonly rules: BookRules,
    private readonly dueTimes: DueTimes,
  ) {
    this.ticks = position.grid.ticks;
    this.lots = position.grid.lots;
    this.scale = new TickScale(instrument.tickSize);
    this.expiry = instrument.expiry ?? Infinity;
    this.refreshDue();
  }

  /** Takes the newest bar of `bars` as the one in play. */
  setBar(bars: BarWindow): void {
    const { scale } = this;
    const row = bars.index;
    const time = bars.time[row] as number;
    if (time !== this.time) this.previousTime = this.time;
    this.time = time;
    this.closedAt = bars.closeTime[row] as number;
    this.open = scale.ticks(bars.open[row] as number);
    this.high = scale.ticks(bars.high[row] as number);
    this.low = scale.ticks(bars.low[row] as number);
    this.close = scale.ticks(bars.close[row] as number);
    this.volume = bars.volume[row] as number;
  }

  /** Takes the newest bar of `bars` for its close only: nothing can trade in it. */
  passBar(bars: BarWindow): void {
    const row = bars.index;
    const time = bars.time[row] as number;
    if (time !== this.time) this.previousTime = this.time;
    this.time = time;
    this.closedAt = bars.closeTime[row] as number;
    this.position.markPrice = bars.close[row] as number;
    this.close = this.scale.ticks(this.position.markPrice);
  }

  /** Starts the volume limit of the bar in play, unless that was done. */
  startVolume(): void {
    if (this.volumeBar === this.time) return;
    this.volumeBar = this.time;
    const { volumeLimit } = this.rules;
    this.volumeLeft = Math.min(this.mostLots, volumeLimit === undefined ? Infinity : this.lots.down(this.volume * volumeLimit));
  }

  /** True within a session. */
  isOpenAt(time: number): boolean {
    const { session } = this;
    if (session !== undefined && time >= session.open && time < session.close) return true;
    const found = this.calendar.sessionAt(toUtcMs(time));
    if (found === undefined) return false;
    this.session = found;
    return true;
  }

  /** Close of the session that holds `time`, or else of the next one. */
  sessionCloseFor(time: number): number {
    const { session } = this;
    if (session !== undefined && time >= session.open && time < session.close) return session.close;
    const found = this.calendar.sessionAt(toUtcMs(time)) ?? this.calendar.nextSession(toUtcMs(time));
    this.session = found;
    return found.close;
  }

  add(order: SimOrder): void {
    this.live.push(order);
    if (order.expiresAt < this.dayEnd) {
      this.dayEnd = order.expiresAt;
      this.refreshDue();
    }
  }

  /** An order of `live` came to its end. */
  noteEnd(): void {
    this.ended++;
  }

  /** Takes ended orders out of `live`; the order of the others stays. */
  sweep(isEnded: (order: SimOrder) => boolean): void {
    if (this.ended === 0) return;
    const { live } = this;
    let kept = 0;
    for (let i = 0; i < live.length; i++) {
      const order = live[i] as SimOrder;
      if (!isEnded(order)) live[kept++] = order;
    }
    while (live.length > kept) live.pop(); // a length that is set is a call into the runtime
    this.ended = 0;
  }

  /** After a trade at `time`: settlement and funding are due while there is a position. */
  positionChanged(time: number): void {
    if (this.position.lots === 0) {
      this.settleAt = Infinity;
      this.fundingAt = Infinity;
    } else {
      if (this.rules.settles && this.settleAt === Infinity) this.settleAt = this.sessionCloseFor(time);
      if (this.rules.funding !== undefined && this.fundingAt === Infinity) this.fundingAt = this.rules.funding.after(time);
    }
    this.refreshDue();
  }

  refreshDue(): void {
    const expiry = this.isExpired ? Infinity : this.expiry;
    const rule = Math.min(this.dayEnd, this.settleAt, this.fundingAt);
    this.due = Math.min(rule, expiry);
    this.dueWithoutBar = Math.min(rule + this.dueTimes.waitMs, expiry);
    this.dueTimes.note(this.dueWithoutBar);
  }
}
