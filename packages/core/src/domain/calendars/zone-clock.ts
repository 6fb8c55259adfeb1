import { DAY_MINUTES, DAY_MS } from './civil-day.js';

/** The range that calendars answer for: the years 101 to 9998, where date and zone arithmetic has no seams. */
const FIRST_MS = Date.UTC(101, 0, 1);
const LAST_MS = Date.UTC(9998, 11, 31);

/** False for times that no calendar can place, NaN included. */
export function isPlaceable(time: number): boolean {
  return time >= FIRST_MS && time <= LAST_MS;
}

/**
 * Wall-clock time of an IANA zone. The rules are the zone database's that comes with Node (ICU); `UTC`
 * does not touch it.
 */
export class ZoneClock {
  private readonly format: Intl.DateTimeFormat | undefined;

  /** @throws RangeError when the zone is not known */
  constructor(readonly timeZone: string) {
    if (timeZone === 'UTC') return;
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    });
  }

  /** Wall clock minus UTC at the moment `utc`, in ms. */
  offsetAt(utc: number): number {
    if (this.format === undefined) return 0;
    // "MM/DD/YYYY, HH:MM:SS"; ICU may leave leading zeros of the year out, so the fields are matched, not cut.
    const fields = this.format.format(utc).match(/\d+/g) as unknown as [string, string, string, string, string, string];
    const wall = Date.UTC(Number(fields[2]), Number(fields[0]) - 1, Number(fields[1]), Number(fields[3]), Number(fields[4]), Number(fields[5]));
    return wall - Math.floor(utc / 1_000) * 1_000;
  }

  /**
   * The moment at which the wall shows `minutes` after midnight of `day` (negative: the day before). Where
   * the clock is set back and the time comes twice, the first; where it is set forward over the time, as
   * many minutes after the change as the time lies after the gap's start.
   */
  utcAt(day: number, minutes: number): number {
    const wall = (day * DAY_MINUTES + minutes) * 60_000;
    if (this.format === undefined) return wall;
    const before = this.offsetAt(wall - DAY_MS);
    const after = this.offsetAt(wall + DAY_MS);
    if (before === after || this.offsetAt(wall - before) === before) return wall - before;
    return this.offsetAt(wall - after) === after ? wall - after : wall - before;
  }
}
