import { toUtcMs } from '../domain/units.js';
import type { Desk } from '../pipeline/desk.js';

/** Knows when the bars of a market that is open fail to come. */
export class StaleBars {
  /** By instrument: when its last bar came, or when bars began to be waited for. */
  private readonly heard: Float64Array;

  constructor(
    private readonly desks: readonly Desk[],
    private readonly limitMs: number,
  ) {
    this.heard = new Float64Array(desks.length).fill(Number.NEGATIVE_INFINITY);
  }

  /** Bars are waited for from now on. */
  begin(now: number): void {
    this.heard.fill(now);
  }

  arrived(instrument: string, now: number): void {
    const desk = this.desks.find((each) => each.instrument.id === instrument);
    if (desk !== undefined) this.heard[desk.index] = now;
  }

  /** Instruments whose market has been open, and silent, for longer than the limit. */
  at(now: number): readonly string[] {
    return this.desks
      .filter(({ calendar, index }) => {
        const session = calendar.sessionAt(toUtcMs(now));
        return session !== undefined && now - Math.max(session.open, this.heard[index] as number) > this.limitMs;
      })
      .map(({ instrument }) => instrument.id);
  }
}
