import type { Session, SessionCalendar, Timeframe } from '@keelson/core/domain';
import { isoTime, toUtcMs } from '@keelson/core/domain';
import type { FaultLog } from './fault-log.js';

/** Share of bars outside sessions, at their very close, from which on the stamps are taken for closes. */
const CLOSE_STAMP_SHARE = 0.5;

/** Steps from bar to bar from which on their usual length is taken for the file's timeframe. */
const ENOUGH_STEPS = 20;

/** The part of the quality gate that compares bars with the session calendar: holes, and bars where no session is. */
export class SessionGate {
  /** Bounds of the session that the newest bar lies in; a bar within them needs no look-up. */
  private open = NaN;
  private close = NaN;
  private session: Session | undefined;
  private atClose = 0;
  private outside = 0;
  private steps = 0;
  private smallestStep = Infinity;
  private smallestSteps = 0;

  constructor(private readonly calendar: SessionCalendar, private readonly timeframe: Timeframe, private readonly maxGapBars: number, private readonly log: FaultLog) {}

  /** `time` is a bar's open after `previous` (NaN for the first bar). */
  check(row: number, time: number, previous: number): void {
    const step = time - previous;
    this.steps++;
    if (step < this.smallestStep) {
      this.smallestStep = step;
      this.smallestSteps = 0;
    }
    if (step === this.smallestStep) this.smallestSteps++;
    if (time >= this.open && time < this.close) {
      if (step > this.timeframe.ms && !this.timeframe.session) this.hole(row, previous, time, 'within the session');
      return;
    }
    this.enter(row, time, previous);
  }

  /** Faults that only the whole file shows. */
  finish(row: number, file: string): void {
    const { id, ms, session } = this.timeframe;
    const regular = this.steps >= ENOUGH_STEPS && this.smallestSteps > this.steps / 2;
    if (!session && regular && this.smallestStep > ms) {
      this.log.add('spacing', row, () => `no two bars lie ${id} apart, most ${seconds(this.smallestStep)}`);
      this.log.hint(`set the timeframe that ${file} has`);
    }
    if (this.outside > 0 && this.atClose >= this.outside * CLOSE_STAMP_SHARE && !session) this.log.hint('set stamp: close, as the stamps seem to mark the bars\' closes');
  }

  /** A bar that belongs to no session. */
  reportOutside(row: number, time: number): void {
    this.outside++;
    this.log.add('outside-session', row, () => `${isoTime(toUtcMs(time))} lies in no session of ${this.calendar.id}`);
  }

  private enter(row: number, time: number, previous: number): void {
    const session = this.calendar.sessionAt(toUtcMs(time));
    if (session === undefined) {
      if (time === this.close) this.atClose++;
      this.reportOutside(row, time);
      return;
    }
    const before = this.session;
    this.session = session;
    this.open = session.open;
    this.close = session.close;
    if (before === undefined) return;
    if (!this.timeframe.session) {
      this.hole(row, previous, before.close, `before the close at ${isoTime(before.close)}`);
      this.hole(row, Math.max(previous, session.open - this.timeframe.ms), time, `after the open at ${isoTime(session.open)}`);
    }
    this.missing(row, before, session);
  }

  private missing(row: number, before: Session, session: Session): void {
    let count = 0;
    let first = '';
    let last = '';
    for (let next = this.calendar.nextSession(before.close); next.open < session.open; next = this.calendar.nextSession(next.close)) {
      if (count++ === 0) first = next.date;
      last = next.date;
    }
    if (count > 0) this.log.add('gap', row, () => (count === 1 ? `no bars in the session of ${first}` : `no bars in ${count} sessions from ${first} to ${last}`));
  }

  private hole(row: number, from: number, to: number, where: string): void {
    const bars = Math.round((to - from) / this.timeframe.ms) - 1;
    if (bars > this.maxGapBars) this.log.add('gap', row, () => `${bars} bars missing ${where}, after ${isoTime(toUtcMs(from))}`);
  }
}

function seconds(ms: number): string {
  return ms % 3_600_000 === 0 ? `${ms / 3_600_000}h` : ms % 60_000 === 0 ? `${ms / 60_000}m` : `${ms / 1000}s`;
}
