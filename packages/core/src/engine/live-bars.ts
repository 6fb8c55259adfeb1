import type { Bar, BarColumns, DepthColumns, Timeframe, TopOfBook } from '../domain/market-data.js';
import { toUtcMs } from '../domain/units.js';
import type { Desk } from '../pipeline/desk.js';
import type { Clock, Timer } from '../ports/runtime.js';
import { allocateBars } from '../series/bar-columns.js';
import { barCloseOf } from '../series/bar-close.js';
import type { ArrivedBar } from './kernel.js';

/** Bars of one moment come one by one; this long after its close the moment is decided on with those that are there. */
const GRACE_MS = 2_000;

type Waiting = { readonly desk: Desk; readonly bar: Bar };

/**
 * Puts live bars together into moments: all instruments whose bars close at one time. A moment is handed over when
 * every open market has its bar, when a bar of a later moment comes, or when the grace is over. A bar that comes
 * after its moment makes one of its own; one that is not newer than the last of its instrument is left out.
 */
export class LiveBars {
  /** Bars that came twice or out of order. */
  refused = 0;
  private waiting: Waiting[] = [];
  private close = Number.NEGATIVE_INFINITY;
  private cancelGrace: (() => void) | undefined;
  private readonly columns: BarColumns = allocateBars(1);
  private readonly deepColumns: BarColumns = allocateBars(1, true);

  constructor(
    private readonly desks: readonly Desk[],
    private readonly timeframe: Timeframe,
    private readonly clock: Clock,
    private readonly timer: Timer,
    private readonly onMoment: (close: number, taken: readonly ArrivedBar[]) => void,
  ) {}

  take(instrument: string, bar: Bar): void {
    const desk = this.desks.find((each) => each.instrument.id === instrument);
    if (desk === undefined) return;
    const { bars } = desk;
    const isNew = bars.count === 0 || bar.time > (bars.time[bars.index] as number);
    if (!isNew || this.waiting.some((each) => each.desk === desk && each.bar.time >= bar.time)) {
      this.refused++;
      return;
    }
    const close = this.closeOf(desk, bar);
    if (this.waiting.length > 0 && close !== this.close) this.flush();
    this.close = close;
    this.waiting.push({ desk, bar });
    if (this.isComplete(close)) this.flush();
    else if (this.cancelGrace === undefined) this.cancelGrace = this.timer.after(Math.max(0, close + GRACE_MS - this.clock.now()), () => this.flush());
  }

  /** Nothing more is handed over. */
  stop(): void {
    this.cancelGrace?.();
    this.cancelGrace = undefined;
    this.waiting = [];
  }

  /** Hands over what waits, without waiting for more. */
  flush(): void {
    this.cancelGrace?.();
    this.cancelGrace = undefined;
    const { waiting, close } = this;
    this.waiting = [];
    if (waiting.length === 0) return;
    waiting.sort((a, b) => a.desk.index - b.desk.index);
    for (const { desk, bar } of waiting) this.push(desk, bar, close);
    this.onMoment(close, waiting.map(({ desk }) => ({ instrument: desk.index, detail: false, ring: desk.bars })));
  }

  private push({ bars }: Desk, bar: Bar, close: number): void {
    const columns = bar.depth === undefined ? this.columns : this.withDepth(bar.depth);
    columns.time[0] = bar.time;
    columns.open[0] = bar.open;
    columns.high[0] = bar.high;
    columns.low[0] = bar.low;
    columns.close[0] = bar.close;
    columns.volume[0] = bar.volume;
    bars.push(columns, 0);
    bars.closeTime[bars.index] = close;
  }

  private withDepth({ bid, ask, bidSize, askSize }: TopOfBook): BarColumns {
    const depth = this.deepColumns.depth as DepthColumns;
    depth.bid[0] = bid ?? Number.NaN;
    depth.ask[0] = ask ?? Number.NaN;
    depth.bidSize[0] = bidSize ?? Number.NaN;
    depth.askSize[0] = askSize ?? Number.NaN;
    return this.deepColumns;
  }

  /** True when every market that is open just before `close` has its bar. */
  private isComplete(close: number): boolean {
    if (this.waiting.length === this.desks.length) return true;
    return this.desks.every((desk) => this.waiting.some((each) => each.desk === desk) || desk.calendar.sessionAt(toUtcMs(close - 1)) === undefined);
  }

  private closeOf(desk: Desk, { time }: Bar): number {
    return barCloseOf(time, this.timeframe, desk.calendar);
  }
}
