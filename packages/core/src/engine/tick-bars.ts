import type { Bar, Quote, Tick, Timeframe } from '../domain/market-data.js';
import type { Desk } from '../pipeline/desk.js';
import type { Clock, Timer } from '../ports/runtime.js';
import { BarBuilder } from '../series/bar-builder.js';

/** Ticks may come so late. */
const LATE_MS = 1_000;

/** Bars of a feed that gives ticks: one builder for each instrument, and a timer that closes bars after which nothing trades. */
export class TickBars {
  private readonly builders = new Map<string, BarBuilder>();
  private callOff: (() => void) | undefined;
  private dueAt: number | undefined;

  constructor(
    desks: readonly Desk[],
    timeframe: Timeframe,
    private readonly clock: Clock,
    private readonly timer: Timer,
    onBar: (instrument: string, bar: Bar) => void,
  ) {
    const from = clock.now();
    for (const { instrument, calendar } of desks) this.builders.set(instrument.id, new BarBuilder({ timeframe, calendar, from, lateMs: LATE_MS, onBar: (bar) => onBar(instrument.id, bar) }));
  }

  trade(instrument: string, tick: Tick): void {
    this.builders.get(instrument)?.trade(tick);
    this.wait();
  }

  top(instrument: string, quote: Quote): void {
    this.builders.get(instrument)?.top(quote);
    this.wait();
  }

  stop(): void {
    this.callOff?.();
    this.builders.clear();
  }

  /** Sets the timer for the bar that ends first. */
  private wait(): void {
    let due: number | undefined;
    for (const builder of this.builders.values()) if (builder.due !== undefined && !(builder.due >= (due ?? Number.POSITIVE_INFINITY))) due = builder.due;
    if (due === this.dueAt) return;
    this.callOff?.();
    this.dueAt = due;
    if (due === undefined) return;
    this.callOff = this.timer.after(Math.max(0, due - this.clock.now()), () => {
      this.dueAt = undefined;
      for (const builder of this.builders.values()) builder.turnTo(this.clock.now());
      this.wait();
    });
  }
}
