import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { toUtcMs } from '../units.js';
import { dates } from './date-table.js';
import { dateText, dayOf, parseMinutes, weekdayOf } from './civil-day.js';
import { cmeEquityIndexRule } from './cme-equity-index.js';
import { cmeFxRule } from './cme-fx.js';
import { comexMetalsRule } from './comex-metals.js';
import { calendarById } from './index.js';
import { ZoneClock } from './zone-clock.js';

const folder = process.env['KEELSON_DATA_DIR'];

type Segment = { start: string; end: string; state: string };
type Hours = { exchangeTimeZone: string; holidays: string[]; earlyCloses: Record<string, string>; lateOpens: Record<string, string> } & Record<string, unknown>;
type Intervals = Array<[number, number]>;

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const DAY = 1440;

/** Full holidays that the file leaves out: New Year, Good Friday and Christmas as observed, until 2025. */
const UNLISTED = new Set(dates(
  '2009-01-01 2009-04-10 2009-12-25 2010-01-01 2010-12-24 2011-04-22 2011-12-26 2012-01-02 2012-12-25 2013-01-01 2013-03-29 ' +
    '2013-12-25 2014-01-01 2014-04-18 2014-12-25 2015-01-01 2015-12-25 2016-01-01 2016-03-25 2016-12-26 2017-01-02 2017-04-14 ' +
    '2017-12-25 2018-01-01 2018-03-30 2018-12-25 2019-01-01 2019-04-19 2019-12-25 2020-01-01 2020-04-10 2020-12-25 2021-01-01 ' +
    '2021-12-24 2022-04-15 2022-12-26 2023-01-02 2023-12-25 2024-01-01 2024-03-29 2025-04-18 2025-12-25',
));

const monthDayYear = (day: number): string => {
  const [y, m, d] = dateText(day).split('-').map(Number) as [number, number, number];
  return `${m}/${d}/${y}`;
};

/** Open intervals of one date in the file, in minutes of its zone, joined where they touch. */
function fileIntervals(hours: Hours, day: number): Intervals {
  const key = monthDayYear(day);
  if (hours.holidays.includes(key)) return [];
  const clock = (text: string): number => (text === '1.00:00:00' ? DAY : (parseMinutes(text.slice(0, 5)) as number));
  const early = hours.earlyCloses[key];
  const late = hours.lateOpens[key];
  const shutFrom = early !== undefined ? clock(early) : late !== undefined ? 0 : DAY;
  const shutTo = late !== undefined ? clock(late) : DAY;
  const out: Intervals = [];
  for (const segment of hours[WEEKDAYS[weekdayOf(day)] as string] as Segment[]) {
    const start = clock(segment.start);
    const end = clock(segment.end);
    const pieces: Intervals = early === undefined && late === undefined ? [[start, end]] : [[start, Math.min(end, shutFrom)], [Math.max(start, shutTo), end]];
    for (const [a, b] of pieces) {
      const last = out.at(-1);
      if (a >= b) continue;
      if (last !== undefined && last[1] >= a) last[1] = Math.max(last[1], b);
      else out.push([a, b]);
    }
  }
  // A holiday shuts its own session, which begins the evening before, and leaves its own evening open.
  const evening = (piece: [number, number]): boolean => piece[0] >= 17 * 60;
  return out.filter((piece) => !(UNLISTED.has(day) && !evening(piece)) && !(UNLISTED.has(day + 1) && evening(piece)));
}

/** The same of one of our calendars. */
function ourIntervals(id: string, zone: ZoneClock): (day: number) => Intervals {
  const calendar = calendarById(id)!;
  return (day) => {
    const from = toUtcMs(zone.utcAt(day, 0));
    const to = zone.utcAt(day, DAY);
    const wall = (utc: number): number => (utc + zone.offsetAt(utc)) / 60_000 - day * DAY;
    const out: Intervals = [];
    for (let session = calendar.sessionAt(from) ?? calendar.nextSession(from); session.open < to; session = calendar.nextSession(session.close)) {
      out.push([Math.max(0, wall(session.open)), session.close >= to ? DAY : wall(session.close)]);
    }
    return out;
  };
}

/** Dates on which a calendar and the file differ: `date file -> ours`, in hours. */
function differences(id: string, hours: Hours, fromYear: number): string[] {
  const zone = new ZoneClock(hours.exchangeTimeZone);
  const ours = ourIntervals(id, zone);
  const show = (list: Intervals): string => list.map(([a, b]) => `${a / 60}-${b / 60}`).join(' ');
  const out: string[] = [];
  for (let day = dayOf(fromYear, 1, 1); day <= dayOf(2027, 1, 1); day++) {
    const a = show(fileIntervals(hours, day));
    const b = show(ours(day));
    if (a !== b) out.push(`${dateText(day)} ${a} -> ${b}`);
  }
  return out;
}

/** What the exchange announced and the file does not have. */
const EQUITY_INDEX_DIFFERENCES = [
  // The evening after the eve of Independence Day was open (as the file has it for 2025).
  ...[2012, 2013, 2014, 2017, 2018, 2019].map((year) => `${year}-07-03 0-13.25 -> 0-13.25 18-24`),
  // Hurricane Sandy, days of mourning.
  ...['2012-10-29', '2012-10-30'].map((date) => `${date} 0-17 18-24 -> 0-9.25 18-24`),
  ...['2018-12-05', '2025-01-09'].map((date) => `${date} 0-17 18-24 -> 0-9.5 18-24`),
  // Early closes of New York's stocks, which the index futures follow.
  ...['2023-07-03', '2024-07-03'].map((date) => `${date} 0-17 18-24 -> 0-13.25 18-24`),
  '2024-11-29 0-17 -> 0-13.25',
].sort();

describe.skipIf(!folder)('calendars against market-hours.json', () => {
  const all = folder ? (JSON.parse(readFileSync(`${folder}/market-hours.json`, 'utf8')) as Record<string, Hours>) : {};

  it.each([
    ['cme-ES', 'cme-equity-index', 2009, EQUITY_INDEX_DIFFERENCES],
    ['cme-MES', 'cme-equity-index', 2009, EQUITY_INDEX_DIFFERENCES],
    ['cme-NQ', 'cme-equity-index', 2009, EQUITY_INDEX_DIFFERENCES],
    ['cme-6E', 'cme-fx', 2009, []],
    ['cme-6B', 'cme-fx', 2009, []],
    ['cme-6A', 'cme-fx', 2009, []],
    ['comex-GC', 'comex-metals', 2024, []],
  ] as const)('%s has the hours of %s on every date, save for those known better', (key, id, from, expected) => {
    expect(differences(id, all[key]!, from)).toEqual(expected);
  });

  it('has no early close or holiday that the file knows and the rule for later years does not', () => {
    const rules = [['cme-ES', cmeEquityIndexRule, '17:00'], ['cme-6E', cmeFxRule, '16:00'], ['comex-GC', comexMetalsRule, '17:00']] as const;
    for (const [key, rule, regular] of rules) {
      const listed = Object.entries(all[key]!.earlyCloses).filter(([date, time]) => /(2025|2026|2027)$/.test(date) && !time.startsWith(regular));
      const different = listed.filter(([date, time]) => {
        const [m, d, y] = date.split('/').map(Number) as [number, number, number];
        const exception = rule(y).get(dayOf(y, m, d));
        return exception === undefined || exception === 'closed' || exception.close !== parseMinutes(time.slice(0, 5));
      });
      // A Good Friday with an employment report cannot be foreseen by rule.
      expect(different.map(([date]) => date)).toEqual(key === 'comex-GC' ? [] : ['4/3/2026']);
    }
  });
});

describe.skipIf(!folder)('calendars against real bars', () => {
  it('us-equity has exactly the dates of the daily GOOG bars from 2004-08-19 to 2013-03-01', () => {
    const listed = readFileSync(`${folder}/goog-1d.csv`, 'utf8').trim().split('\n').slice(1).map((line) => line.slice(0, 10));
    const calendar = calendarById('us-equity')!;
    const ours: string[] = [];
    for (let s = calendar.nextSession(toUtcMs(Date.UTC(2004, 7, 19))); s.date <= '2013-03-01'; s = calendar.nextSession(s.close)) ours.push(s.date);
    expect(listed.length).toBe(2148);
    expect(ours).toEqual(listed);
  });

  it('cme-fx holds every one-minute 6E bar of January 2024, whose stamps are the closes of the bars', () => {
    const calendar = calendarById('cme-fx')!;
    const stamps = gunzipSync(readFileSync(`${folder}/6eh4-1m.csv.gz`)).toString().trim().split('\n').slice(1).map((line) => Date.parse(`${line.slice(0, 10)}T${line.slice(11, 19)}Z`));
    expect(stamps.length).toBe(29_996);
    const outside = stamps.filter((stamp) => calendar.sessionAt(toUtcMs(stamp - 60_000)) === undefined);
    expect(outside).toEqual([]);
    // Read as opens, the last bar of each of the 22 sessions that end in the month would lie beyond the close.
    expect(stamps.filter((stamp) => calendar.sessionAt(toUtcMs(stamp)) === undefined).length).toBe(22);
    // And no session's first minute would ever have traded.
    const firsts = new Set(stamps.map((stamp) => calendar.sessionAt(toUtcMs(stamp - 60_000))!).map((session) => session.open));
    expect([...firsts].filter((open) => stamps.includes(open))).toEqual([]);
    expect([...firsts].every((open) => stamps.includes(open + 60_000))).toBe(true);
  });
});
