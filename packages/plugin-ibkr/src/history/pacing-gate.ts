import { BrokerError, messageOf } from '@keelson/core/errors';
import type { Timer } from '@keelson/core/ports';

/** What one question counts for. */
export type PacedRequest = {
  /** Equal for equal questions; absent for one that may be repeated. */
  readonly key?: string;
  /** Equal for questions of one contract, exchange and kind of data. */
  readonly series: string;
  /** 2 for bid and ask together. */
  readonly weight: number;
};

type Waiting = { readonly request: PacedRequest; readonly go: () => void; readonly fail: (error: BrokerError) => void };

/** The rules for historical data. Source: TWS API, "Historical data limitations". */
export const PACING = { most: 60, withinMs: 600_000, sameSeries: 5, sameSeriesMs: 2_000, identicalMs: 15_000, open: 50 } as const;
/** The gateway counts from when it reads a question: one may be on its way for longer than the next. */
export const WAY_MS = 100;

/** Something that counts until its time is over. */
type Counted = { readonly ms: number; readonly undo: () => void; callOff: () => void };

/**
 * Lets questions for historical data through as fast as the rules of the gateway allow, in the order in which they
 * came. It counts with the machine's time, also where an account lives in the past.
 */
export class PacingGate {
  private used = 0;
  private open = 0;
  private readonly identical = new Set<string>();
  private readonly series = new Map<string, number>();
  private queue: Waiting[] = [];
  private readonly counted = new Set<Counted>();
  private resting = false;

  constructor(private readonly timer: Timer) {}

  /** Waits for its turn, asks, and makes room for the next. @throws BrokerError `BRK_CONNECTION` where the gate was stopped meanwhile */
  async run<T>(request: PacedRequest, ask: () => Promise<T>): Promise<T> {
    await new Promise<void>((go, fail) => this.wait({ request, go, fail }));
    try {
      return await ask();
    } finally {
      this.open--;
      this.pump();
    }
  }

  /** Does what counts like a question and has no answer, at once where it may; `fail` hears of what it throws, and of a stop. */
  pass(request: PacedRequest, act: () => void, fail: (error: Error) => void): void {
    const go = (): void => {
      this.open--;
      try {
        act();
      } catch (thrown) {
        fail(thrown instanceof Error ? thrown : new Error(messageOf(thrown)));
      }
    };
    this.wait({ request, go, fail });
  }

  /**
   * Nothing keeps the process alive any more, and nobody waits. What was asked so far counts on from the next question,
   * as if it were asked then: how long the rest was is not known.
   */
  stop(): void {
    this.resting = true;
    for (const { callOff } of this.counted) callOff();
    const { queue } = this;
    this.queue = [];
    for (const { fail } of queue) fail(new BrokerError('BRK_CONNECTION', 'the feed was disconnected while a question for history waited for its turn', { retry: 'safe' }));
  }

  private wait(waiting: Waiting): void {
    if (this.resting) {
      this.resting = false;
      for (const each of this.counted) this.start(each);
    }
    this.queue.push(waiting);
    this.pump();
  }

  private pump(): void {
    for (let i = 0; i < this.queue.length && this.open < PACING.open; i++) {
      const { request, go } = this.queue[i] as Waiting;
      if (this.used + request.weight > PACING.most) return; // nobody overtakes one that waits for the count
      if ((request.key !== undefined && this.identical.has(request.key)) || (this.series.get(request.series) ?? 0) >= PACING.sameSeries) continue;
      this.queue.splice(i--, 1);
      this.take(request);
      go();
    }
  }

  private take({ key, series, weight }: PacedRequest): void {
    this.open++;
    this.used += weight;
    this.series.set(series, (this.series.get(series) ?? 0) + 1);
    this.later(PACING.withinMs, () => { this.used -= weight; });
    if (key !== undefined) {
      this.identical.add(key);
      this.later(PACING.identicalMs, () => this.identical.delete(key));
    }
    this.later(PACING.sameSeriesMs, () => {
      const left = (this.series.get(series) ?? 1) - 1;
      if (left === 0) this.series.delete(series);
      else this.series.set(series, left);
    });
  }

  private later(ms: number, undo: () => void): void {
    const entry: Counted = { ms: ms + WAY_MS, undo, callOff: () => undefined };
    this.counted.add(entry);
    this.start(entry);
  }

  private start(entry: Counted): void {
    entry.callOff = this.timer.after(entry.ms, () => {
      this.counted.delete(entry);
      entry.undo();
      this.pump();
    });
  }
}
