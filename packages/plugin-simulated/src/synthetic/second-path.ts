import type { Random } from '@keelson/core/ports';
import { POINTS_PER_MINUTE } from './session-path.js';
import type { SessionPath } from './session-path.js';

export const SECONDS_PER_MINUTE = 60;
const SECONDS_PER_QUARTER = 15;

/**
 * The seconds inside one minute of a `SessionPath`: a rounded Brownian bridge through the minute's points that
 * stays between its high and low. So seconds resampled to minutes are the very minutes, and a series of seconds
 * can serve as detail data of the minutes.
 */
export class SecondPath {
  readonly open = new Float64Array(SECONDS_PER_MINUTE);
  readonly close = new Float64Array(SECONDS_PER_MINUTE);
  readonly lots = new Float64Array(SECONDS_PER_MINUTE);

  constructor(private readonly random: Random) {}

  /** Fills the columns for minute `minute` of the path's session. */
  fill(path: SessionPath, minute: number): void {
    const { random, open, close } = this;
    const at = minute * POINTS_PER_MINUTE;
    let low = Infinity;
    let high = -Infinity;
    for (let point = 0; point < POINTS_PER_MINUTE; point++) {
      const tick = path.ticks[at + point] as number;
      if (tick < low) low = tick;
      if (tick > high) high = tick;
    }
    const reach = (high - low) * 0.4;
    let tick = path.ticks[at] as number;
    let exact = tick;
    for (let second = 0; second < SECONDS_PER_MINUTE; second++) {
      const target = path.ticks[at + 1 + Math.floor(second / SECONDS_PER_QUARTER)] as number;
      const left = SECONDS_PER_QUARTER - (second % SECONDS_PER_QUARTER);
      open[second] = tick;
      exact += (target - exact) / left;
      if (left > 1) exact = Math.min(high, Math.max(low, exact + reach * (random.next() - 0.5)));
      tick = Math.round(exact);
      close[second] = tick;
    }
    this.spreadLots(path.lots[minute] as number);
  }

  /** Whole lots over the seconds; their sum is the minute's. */
  private spreadLots(total: number): void {
    let done = 0;
    for (let second = 0; second < SECONDS_PER_MINUTE; second++) {
      const share = (second + this.random.next()) / SECONDS_PER_MINUTE;
      const upTo = second === SECONDS_PER_MINUTE - 1 ? total : Math.max(done, Math.floor(total * share));
      this.lots[second] = upTo - done;
      done = upTo;
    }
  }
}
