import type { Timer } from '@keelson/core/ports';
import { realTimer } from './rig.js';

const HOUR_MS = 3_600_000;

/** Waits of hours and the rest after a fill are turned by hand; all others are the machine's. */
export class HandTimer implements Timer {
  private readonly kept = new Set<{ readonly ms: number; readonly call: () => void }>();

  after(ms: number, call: () => void): () => void {
    if (ms !== HOUR_MS && ms !== 5_000) return realTimer.after(ms, call);
    const entry = { ms, call };
    this.kept.add(entry);
    return () => this.kept.delete(entry);
  }

  fire(): void {
    for (const entry of this.kept) {
      this.kept.delete(entry);
      entry.call();
      return;
    }
  }
}
