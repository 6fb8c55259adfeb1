import { ConfigError, KeelsonErrors } from '../../errors.js';
import type { SessionCalendar } from '../session-calendar.js';
import { DAY_MINUTES, parseDate, parseMinutes, weekdayOf } from './civil-day.js';
import type { DayException, DayHours } from './weekly-calendar.js';
import { WeeklyCalendar } from './weekly-calendar.js';
import { ZoneClock } from './zone-clock.js';

export type Weekday = 'sun' | 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat';

const WEEKDAYS: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/**
 * Regular hours of some weekdays, `HH:MM` in the calendar's zone. Where `open` is not before `close`, the
 * session opens the evening before: `days: [mon]`, 18:00 to 17:00, lasts from Sunday to Monday.
 */
export type WeeklyHours = { readonly days: readonly Weekday[]; readonly open: string; readonly close: string };

/** A calendar as plain data, e.g. from an account file. Dates are `YYYY-MM-DD`, the dates of sessions. */
export type CalendarSpec = {
  readonly id: string;
  /** IANA zone, e.g. `Asia/Tokyo`. */
  readonly timeZone: string;
  /** One session a weekday at most. */
  readonly sessions: readonly WeeklyHours[];
  /** Dates without a session. */
  readonly holidays?: readonly string[];
  /** Time of close (`HH:MM`) by date. */
  readonly earlyCloses?: Readonly<Record<string, string>>;
  /** Time of open (`HH:MM`) by date; of an overnight session one after its close's time is the evening before. */
  readonly lateOpens?: Readonly<Record<string, string>>;
  readonly sessionsPerYear: number;
};

/**
 * A calendar from plain data. All faults are reported at once.
 *
 * @throws ConfigError CFG_TYPE for a text that is no zone, date or time, a session that overlaps another, or
 *   a number out of range; CFG_CONFLICT for a date with two meanings; CFG_MISSING for no session at all
 * @throws KeelsonErrors for more than one of these
 */
export function createCalendar(spec: CalendarSpec): SessionCalendar {
  const faults: ConfigError[] = [];
  const fault = (code: 'CFG_TYPE' | 'CFG_CONFLICT' | 'CFG_MISSING', found: string, hint: string): void => {
    faults.push(new ConfigError(code, `calendar ${spec.id}: ${found}`, { hint }));
  };

  let zone: ZoneClock | undefined;
  try {
    zone = new ZoneClock(spec.timeZone);
  } catch {
    fault('CFG_TYPE', `timeZone was ${spec.timeZone}, expected an IANA zone`, 'write a zone such as America/New_York or UTC');
  }
  if (!(spec.sessionsPerYear >= 1 && spec.sessionsPerYear <= 366)) {
    fault('CFG_TYPE', `sessionsPerYear was ${spec.sessionsPerYear}, expected 1 to 366`, 'give the number of sessions in a usual year');
  }
  const week = readWeek(spec, fault);
  const exceptions = readExceptions(spec, week, fault);

  if (faults.length > 1) throw new KeelsonErrors(faults);
  if (faults[0] !== undefined) throw faults[0];
  return new WeeklyCalendar(spec.id, zone as ZoneClock, spec.sessionsPerYear, week, (day) => exceptions.get(day));
}

type Fault = (code: 'CFG_TYPE' | 'CFG_CONFLICT' | 'CFG_MISSING', found: string, hint: string) => void;
type Week = Array<DayHours | undefined>;

function readWeek(spec: CalendarSpec, fault: Fault): Week {
  const week: Week = [undefined, undefined, undefined, undefined, undefined, undefined, undefined];
  let any = false;
  for (const { days, open, close } of spec.sessions) {
    const from = parseMinutes(open);
    const to = parseMinutes(close);
    if (from === undefined || from === DAY_MINUTES) fault('CFG_TYPE', `session's open was ${open}, expected HH:MM`, 'write 00:00 to 23:59');
    if (to === undefined || to === 0) fault('CFG_TYPE', `session's close was ${close}, expected HH:MM`, 'write 00:01 to 24:00');
    for (const name of days) {
      const weekday = WEEKDAYS.indexOf(name);
      if (weekday < 0) {
        fault('CFG_TYPE', `session's day was ${String(name)}, expected one of ${WEEKDAYS.join(', ')}`, 'write the first three letters of the day');
        continue;
      }
      any = true;
      if (week[weekday] !== undefined) {
        fault('CFG_CONFLICT', `${name} has two sessions, expected one`, 'join them into one session from the first open to the last close');
      } else if (from !== undefined && to !== undefined) {
        week[weekday] = { open: from < to ? from : from - DAY_MINUTES, close: to };
      }
    }
  }
  if (!any) fault('CFG_MISSING', 'sessions was empty, expected the hours of at least one weekday', 'add sessions: [{ days: [mon], open: "09:00", close: "17:00" }]');
  for (let weekday = 0; weekday < 7; weekday++) {
    const today = week[weekday];
    const tomorrow = week[(weekday + 1) % 7];
    if (today !== undefined && tomorrow !== undefined && tomorrow.open + DAY_MINUTES < today.close) {
      const names = `${WEEKDAYS[(weekday + 1) % 7] as string} opens before ${WEEKDAYS[weekday] as string} has closed`;
      fault('CFG_TYPE', `${names}, expected sessions one after the other`, 'let a session open when the one before has closed');
    }
  }
  return week;
}

function readExceptions(spec: CalendarSpec, week: Week, fault: Fault): ReadonlyMap<number, DayException> {
  const days = new Map<number, DayException>();
  for (const date of spec.holidays ?? []) {
    const day = parseDate(date);
    if (day === undefined) fault('CFG_TYPE', `holiday was ${date}, expected YYYY-MM-DD`, 'write a date that exists');
    else days.set(day, 'closed');
  }
  const put = (kind: 'open' | 'close', date: string, time: string): void => {
    const what = kind === 'open' ? 'lateOpens' : 'earlyCloses';
    const day = parseDate(date);
    const minutes = parseMinutes(time);
    if (day === undefined) return fault('CFG_TYPE', `${what} had the date ${date}, expected YYYY-MM-DD`, 'write a date that exists');
    if (minutes === undefined) return fault('CFG_TYPE', `${what} of ${date} was ${time}, expected HH:MM`, 'write 00:00 to 24:00');
    if (days.get(day) === 'closed') return fault('CFG_CONFLICT', `${date} is in holidays and in ${what}, expected one`, 'remove it from one of them');
    const regular = week[weekdayOf(day)];
    if (regular === undefined) return fault('CFG_CONFLICT', `${what} has ${date}, expected a weekday with a session`, 'remove the date or add its weekday to sessions');
    const exact = within(regular, kind, minutes);
    if (exact === undefined) return fault('CFG_TYPE', `${what} of ${date} was ${time}, expected a time within the session`, 'write a time after its open and before its close');
    const both = { ...(days.get(day) as Partial<DayHours> | undefined), [kind]: exact };
    if ((both.open ?? regular.open) >= (both.close ?? regular.close)) return fault('CFG_CONFLICT', `${date} opens late after it has closed early, expected the open first`, 'change one of the times');
    days.set(day, both);
  };
  for (const [date, time] of Object.entries(spec.earlyCloses ?? {})) put('close', date, time);
  for (const [date, time] of Object.entries(spec.lateOpens ?? {})) put('open', date, time);
  return days;
}

/** The moment of a wall time within regular hours, on the session's date or the evening before. */
function within(regular: DayHours, kind: 'open' | 'close', minutes: number): number | undefined {
  for (const moment of [minutes, minutes - DAY_MINUTES]) {
    if (kind === 'open' ? moment >= regular.open && moment < regular.close : moment > regular.open && moment <= regular.close) return moment;
  }
  return undefined;
}
