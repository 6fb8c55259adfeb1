import type { UtcMs } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import type { Clock, Timer } from '@keelson/core/ports';

/** Monday, 2024-01-08T00:00:00Z. */
export const VIRTUAL_START = 1_704_672_000_000;

/** A clock that is turned by hand, with timers that go off as it is. */
export class VirtualTime implements Clock, Timer {
  private timers: Array<{ readonly at: number; readonly call: () => void }> = [];

  constructor(private time: number = VIRTUAL_START) {}

  now(): UtcMs {
    return toUtcMs(this.time);
  }

  after(delayMs: number, call: () => void): () => void {
    const timer = { at: this.time + delayMs, call };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((each) => each !== timer);
    };
  }

  /** Timers that have not gone off, nor were called off. */
  get waiting(): number {
    return this.timers.length;
  }

  /** Turns on to `time`; timers go off in their order. */
  turnTo(time: number): void {
    for (;;) {
      const [next] = this.timers.filter(({ at }) => at <= time).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.timers = this.timers.filter((each) => each !== next);
      this.time = Math.max(this.time, next.at);
      next.call();
    }
    this.time = Math.max(this.time, time);
  }

  /** Turns on by a span. */
  turnBy(ms: number): void {
    this.turnTo(this.time + ms);
  }
}
