import type { UtcMs } from '../domain/units.js';

/** Something that keeps entries off, and stays until it ends as it says, also over a restart. */
export type Latch = {
  /** What set it: `daily-loss`, `drawdown`, `loss-streak`, `kill`, `journal`, `command`, or a watchdog's own name. */
  readonly by: string;
  readonly reason: string;
  /** When it ends by itself: with the trading day, or at a time. Absent: when somebody resumes. */
  readonly ends?: 'day' | UtcMs;
  /** True when positions are left as well, also one that comes from a fill on its way. */
  readonly flatten: boolean;
};

/** Watchdogs of a live run that lift by themselves what they halt; it says nothing of the account's limits. */
const WATCHDOGS: readonly string[] = ['feed', 'venue', 'clock'];

/** Whether it is lifted by the watchdog that set it. */
export function isWatchdogs({ ends, by }: Latch): boolean {
  return ends === undefined && WATCHDOGS.includes(by);
}

/** The latches of one account. Each source has one at most, and its first reason stands. */
export class Latches {
  /** Grows with every change. */
  version = 0;
  private latches: readonly Latch[] = [];

  get list(): readonly Latch[] {
    return this.latches;
  }

  /** @returns false when one of the same source stands already */
  set(latch: Latch): boolean {
    if (this.has(latch.by)) return false;
    this.restore([...this.latches, latch]);
    return true;
  }

  /** Sets a latch in the place of one of the same source. */
  renew(latch: Latch): void {
    this.restore([...this.latches.filter(({ by }) => by !== latch.by), latch]);
  }

  has(by: string): boolean {
    for (let i = 0; i < this.latches.length; i++) if ((this.latches[i] as Latch).by === by) return true;
    return false;
  }

  /** Why entries are off at `now`; undefined while they are on. */
  standing(now: UtcMs): Latch | undefined {
    for (let i = 0; i < this.latches.length; i++) {
      const latch = this.latches[i] as Latch;
      if (typeof latch.ends !== 'number' || now < latch.ends) return latch;
    }
    return undefined;
  }

  /** The first that does not end by itself. */
  get halt(): Latch | undefined {
    return this.latches.find(({ ends }) => ends === undefined);
  }

  /** The first that only a person ends. */
  get leftToAPerson(): Latch | undefined {
    return this.latches.find(({ ends, by }) => ends === undefined && !WATCHDOGS.includes(by));
  }

  /** The first that leaves positions. */
  get flattening(): Latch | undefined {
    return this.latches.find(({ flatten }) => flatten);
  }

  /** Takes out what has ended by `now`. */
  expire(now: UtcMs): void {
    this.keep(({ ends }) => typeof ends !== 'number' || now < ends);
  }

  endDay(): void {
    this.keep(({ ends }) => ends !== 'day');
  }

  /** Takes out what a person may: all but what ends by itself, or is a watchdog's to lift. With `by`, what that one set alone. */
  resume(by?: string): void {
    this.keep((latch) => latch.ends !== undefined || (by === undefined ? WATCHDOGS.includes(latch.by) : latch.by !== by));
  }

  /** Stands as a journal has it. */
  restore(latches: readonly Latch[]): void {
    this.latches = latches;
    this.version++;
  }

  private keep(stays: (latch: Latch) => boolean): void {
    if (!this.latches.every(stays)) this.restore(this.latches.filter(stays));
  }
}
