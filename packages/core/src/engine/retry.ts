import { messageOf } from '../errors.js';
import type { Random, Timer } from '../ports/runtime.js';
import { backOffMs } from './back-off.js';

/** One attempt may hang: after this long it counts as failed. */
const ATTEMPT_MS = 30_000;

export type RetryParts = {
  readonly timer: Timer;
  readonly random: Random;
  readonly attempt: () => Promise<void>;
  readonly onFailure: (failures: number, reason: string) => void;
  readonly onSuccess: () => void;
};

/** Tries something until it succeeds, with growing pauses; one attempt at a time, and as many calls for it as there may be. */
export class Retry {
  private running = false;
  private callOff: (() => void) | undefined;
  private stopped = false;

  constructor(private readonly parts: RetryParts) {}

  /** Tries again and again, from `firstMs` on; nothing where that is going on. */
  start(firstMs = 0): void {
    if (this.running || this.stopped) return;
    this.running = true;
    this.wait(firstMs, 0);
  }

  stop(): void {
    this.stopped = true;
    this.callOff?.();
  }

  private wait(ms: number, failures: number): void {
    this.callOff = this.parts.timer.after(ms, () => void this.once(failures));
  }

  /** Never rejects. */
  private async once(failures: number): Promise<void> {
    const { timer, random, attempt, onFailure, onSuccess } = this.parts;
    try {
      await within(timer, ATTEMPT_MS, attempt());
    } catch (thrown) {
      if (this.stopped) return;
      onFailure(failures + 1, messageOf(thrown));
      this.wait(backOffMs(failures, random), failures + 1);
      return;
    }
    this.running = false;
    if (!this.stopped) onSuccess();
  }
}

/** @throws Error when `promise` takes longer than `ms` */
async function within<T>(timer: Timer, ms: number, promise: Promise<T>): Promise<T> {
  let callOff: (() => void) | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    callOff = timer.after(ms, () => reject(new Error(`no answer within ${ms / 1000} s`)));
  });
  promise.catch(() => undefined); // it may fail after it was given up
  try {
    return await Promise.race([promise, tooLong]);
  } finally {
    callOff?.();
  }
}
