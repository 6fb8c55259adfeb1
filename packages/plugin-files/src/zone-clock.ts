const DAY_MS = 86_400_000;

/**
 * Local times of one IANA zone, both ways. Cached by day: only a day near a change of the clocks
 * asks the time zone database for every stamp.
 */
export class ZoneClock {
  private readonly format: Intl.DateTimeFormat | undefined;
  private cachedDay = NaN;
  private before = 0;
  private after = 0;

  /** @throws RangeError when the zone is not known */
  constructor(readonly zone: string) {
    if (zone === 'UTC') return;
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    });
    this.offsetAt(0);
  }

  /**
   * UTC of a local time, both in ms (`local` as if it were UTC). NaN for a time that the clocks skip in spring.
   * A time that stands twice, in autumn, is the earlier one, unless that is not after `previous`.
   */
  toUtc(local: number, previous: number): number {
    if (this.format === undefined) return local;
    const day = Math.floor(local / DAY_MS);
    if (day !== this.cachedDay) {
      this.cachedDay = day;
      this.before = this.offsetAt((day - 1) * DAY_MS);
      this.after = this.offsetAt((day + 2) * DAY_MS);
    }
    if (this.before === this.after) return local - this.before;
    const early = local - this.before;
    const late = local - this.after;
    const earlyHolds = this.offsetAt(early) === this.before;
    const lateHolds = this.offsetAt(late) === this.after;
    if (earlyHolds && lateHolds) return early > previous || Number.isNaN(previous) ? early : late;
    if (earlyHolds) return early;
    return lateHolds ? late : NaN;
  }

  /** Local midnight of the day that holds `utc`, as if it were UTC. */
  localDay(utc: number): number {
    return Math.floor((utc + this.offsetAt(utc)) / DAY_MS) * DAY_MS;
  }

  private offsetAt(utc: number): number {
    if (this.format === undefined) return 0;
    const parts = this.format.formatToParts(utc);
    let year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    for (const { type, value } of parts) {
      if (type === 'year') year = Number(value);
      else if (type === 'month') month = Number(value);
      else if (type === 'day') day = Number(value);
      else if (type === 'hour') hour = Number(value);
      else if (type === 'minute') minute = Number(value);
      else if (type === 'second') second = Number(value);
    }
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(utc / 1000) * 1000;
  }
}
