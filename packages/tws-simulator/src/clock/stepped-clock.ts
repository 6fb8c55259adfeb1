import type { ClockTimer, SimulatorClock } from './simulator-clock.js';
import { TimerQueue } from './timer-queue.js';

/** Time that stands still until it is told to advance. */
export class SteppedClock implements SimulatorClock {
  private readonly timers = new TimerQueue();
  private advancing = false;

  constructor(private timeMs: number) {}

  now(): number {
    return this.timeMs;
  }

  at(timeMs: number, callback: () => void): ClockTimer {
    return this.timers.add(timeMs, callback);
  }

  advance(durationMs: number): void {
    if (!(durationMs >= 0)) throw new RangeError(`advance was ${durationMs} ms, expected 0 or more`);
    if (this.advancing) throw new Error('the clock is already advancing: a timer may not advance it');
    const target = this.timeMs + durationMs;
    this.advancing = true;
    try {
      for (let next = this.timers.nextMs(); next !== undefined && next <= target; next = this.timers.nextMs()) {
        this.timeMs = Math.max(this.timeMs, next);
        this.timers.take()?.();
      }
      this.timeMs = target;
    } finally {
      this.advancing = false;
    }
  }

  close(): void {
    this.timers.clear();
  }
}
