import type { UtcMs } from '../domain/units.js';

const MINUTE_MS = 60_000;

/** Whether as many orders were sent within the last minute of the account's time as are allowed. */
export class OrderRate {
  /** Times of the newest orders, in a ring. */
  private readonly times: Float64Array;
  private oldest = 0;

  constructor(perMinute: number) {
    this.times = new Float64Array(perMinute).fill(Number.NEGATIVE_INFINITY);
  }

  note(now: UtcMs): void {
    this.times[this.oldest] = now;
    this.oldest = (this.oldest + 1) % this.times.length;
  }

  isFull(now: UtcMs): boolean {
    return !((this.times[this.oldest] as number) <= now - MINUTE_MS);
  }
}
