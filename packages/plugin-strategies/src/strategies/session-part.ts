import type { FeatureHandle, UseFeature } from '@keelson/core/ports';

/** Where in its trading session a strategy of the day stands; a bar outside of sessions counts to the one before. */
export class SessionPart {
  /** True on the first bar of a session. */
  begins = false;
  private readonly since: FeatureHandle;
  private readonly until: FeatureHandle;
  private readonly day: FeatureHandle;
  private lastSince = NaN;
  private lastDay = NaN;

  constructor(use: UseFeature) {
    this.since = use('session-minutes');
    this.until = this.since.output('untilClose');
    this.day = use('day-of-week');
  }

  /** To be called once on every bar, before all else. */
  update(): void {
    const since = this.since.value ?? NaN;
    const day = this.day.value ?? NaN;
    this.begins = since < this.lastSince || (day === day && this.lastDay === this.lastDay && day !== this.lastDay);
    if (since === since) this.lastSince = since;
    if (day === day) this.lastDay = day;
  }

  /** Minutes since the open; undefined outside of sessions. */
  get sinceOpen(): number | undefined {
    return this.since.value;
  }

  /** True in the last `minutes` before the close, and outside of sessions. */
  endsWithin(minutes: number): boolean {
    return !((this.until.value ?? -1) > minutes);
  }
}
