import type { ClockTimer } from './simulator-clock.js';

interface Entry {
  readonly timeMs: number;
  readonly order: number;
  readonly callback: () => void;
  cancelled: boolean;
}

/** Timers in order of time, then of making: a binary heap. */
export class TimerQueue {
  private readonly heap: Entry[] = [];
  private made = 0;

  add(timeMs: number, callback: () => void): ClockTimer {
    const entry: Entry = { timeMs, order: this.made++, callback, cancelled: false };
    this.heap.push(entry);
    this.up(this.heap.length - 1);
    return { cancel: () => { entry.cancelled = true; } };
  }

  /** Time of the first timer; undefined when there is none. */
  nextMs(): number | undefined {
    while (this.heap[0]?.cancelled === true) this.pop();
    return this.heap[0]?.timeMs;
  }

  /** Takes out the first timer. */
  take(): (() => void) | undefined {
    return this.nextMs() === undefined ? undefined : this.pop()?.callback;
  }

  clear(): void {
    this.heap.length = 0;
  }

  private pop(): Entry | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    this.heap[0] = last;
    this.down(0);
    return first;
  }

  private up(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  private down(start: number): void {
    let index = start;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= this.heap.length) return;
      const right = left + 1;
      const child = right < this.heap.length && this.isBefore(right, left) ? right : left;
      if (!this.swapIfBefore(child, index)) return;
      index = child;
    }
  }

  private swapIfBefore(index: number, other: number): boolean {
    if (!this.isBefore(index, other)) return false;
    const a = this.heap[index] as Entry;
    this.heap[index] = this.heap[other] as Entry;
    this.heap[other] = a;
    return true;
  }

  private isBefore(index: number, other: number): boolean {
    const a = this.heap[index] as Entry;
    const b = this.heap[other] as Entry;
    return a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.order < b.order);
  }
}
