import { toUtcMs, type UtcMs } from '@keelson/core/domain';
import type { Clock, Timer } from '@keelson/core/ports';

/** A clock that is turned by hand, with timers that go off as it is. */
export class TurnedTime implements Clock, Timer {
  private timers: Array<{ readonly at: number; readonly call: () => void }> = [];

  constructor(private time: number) {}

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

  /** Turns on to `time`; timers go off in their order, and what each of them sets going comes to its end before the next. */
  async turnTo(time: number): Promise<void> {
    await settle();
    for (;;) {
      const [next] = this.timers.filter(({ at }) => at <= time).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.timers = this.timers.filter((each) => each !== next);
      this.time = Math.max(this.time, next.at);
      next.call();
      await settle();
    }
    this.time = Math.max(this.time, time);
  }
}

/** Lets everything run that waits for nothing but its turn. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 40; turns++) await Promise.resolve();
}
