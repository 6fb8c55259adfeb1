import type { Timer } from '@keelson/core/ports';

/** What one question counts for. */
export type PacedRequest = {
  /** Equal for equal questions. */
  readonly key: string;
  /** Equal for questions of one contract, exchange and kind of data. */
  readonly series: string;
  /** 2 for bid and ask together. */
  readonly weight: number;
};

type Waiting = { readonly request: PacedRequest; readonly go: () => void };

/** The rules for historical data. Source: TWS API, "Historical data limitations". */
export const PACING = { most: 60, withinMs: 600_000, sameSeries: 5, sameSeriesMs: 2_000, identicalMs: 15_000, open: 50 } as const;

/**
 * Lets questions for historical data through as fast as the rules of the gateway allow, in the order in which they
 * came. It counts with the machine's time, also where an account lives in the past.
 */
export class PacingGate {
  private used = 0;
  private open = 0;
  private readonly identical = new Set<string>();
  private readonly series = new Map<string, number>();
  private readonly queue: Waiting[] = [];
  private readonly timers = new Set<() => void>();

  constructor(private readonly timer: Timer) {}

  /** Waits for its turn, asks, and makes room for the next. */
  async run<T>(request: PacedRequest, ask: () => Promise<T>): Promise<T> {
    await new Promise<void>((go) => {
      this.queue.push({ request, go });
      this.pump();
    });
    try {
      return await ask();
    } finally {
      this.open--;
      this.pump();
    }
  }

  /** Ends the counting: nothing keeps the process alive any more. */
  stop(): void {
    for (const callOff of this.timers) callOff();
    this.timers.clear();
  }

  private pump(): void {
    for (let i = 0; i < this.queue.length && this.open < PACING.open; i++) {
      const { request, go } = this.queue[i] as Waiting;
      if (this.used + request.weight > PACING.most) return; // nobody overtakes one that waits for the count
      if (this.identical.has(request.key) || (this.series.get(request.series) ?? 0) >= PACING.sameSeries) continue;
      this.queue.splice(i--, 1);
      this.take(request);
      go();
    }
  }

  private take({ key, series, weight }: PacedRequest): void {
    this.open++;
    this.used += weight;
    this.identical.add(key);
    this.series.set(series, (this.series.get(series) ?? 0) + 1);
    this.later(PACING.withinMs, () => { this.used -= weight; });
    this.later(PACING.identicalMs, () => this.identical.delete(key));
    this.later(PACING.sameSeriesMs, () => {
      const left = (this.series.get(series) ?? 1) - 1;
      if (left === 0) this.series.delete(series);
      else this.series.set(series, left);
    });
  }

  private later(ms: number, act: () => void): void {
    const callOff = this.timer.after(ms, () => {
      this.timers.delete(callOff);
      act();
      this.pump();
    });
    this.timers.add(callOff);
  }
}
