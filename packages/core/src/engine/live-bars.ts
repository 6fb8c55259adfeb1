import type { Bar, BarColumns, Timeframe } from '../domain/market-data.js';
import { toUtcMs } from '../domain/units.js';
import type { Desk } from '../pipeline/desk.js';
import type { Clock, Timer } from '../ports/runtime.js';
import { allocateBars } from '../series/bar-columns.js';
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

  private flush(): void {
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
    const { columns } = this;
    columns.time[0] = bar.time;
    columns.open[0] = bar.open;
    columns.high[0] = bar.high;
    columns.low[0] = bar.low;
    columns.close[0] = bar.close;
    columns.volume[0] = bar.volume;
    bars.push(columns, 0);
    bars.closeTime[bars.index] = close;
  }

  /** True when every market that is open just before `close` has its bar. */
  private isComplete(close: number): boolean {
    if (this.waiting.length === this.desks.length) return true;
    return this.desks.every((desk) => this.waiting.some((each) => each.desk === desk) || desk.calendar.sessionAt(toUtcMs(close - 1)) === undefined);
  }

  private closeOf({ calendar }: Desk, { time }: Bar): number {
    const close = time + this.timeframe.ms;
    const session = calendar.sessionAt(time);
    if (session === undefined) return close;
    return this.timeframe.session ? session.close : Math.min(close, session.close);
  }
}
