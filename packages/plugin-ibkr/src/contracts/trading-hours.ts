import { wallTime, zoneOf } from './gateway-time.js';

/** One session of a contract, UtcMs; `date` is the trading date that the gateway files it under. */
export type HoursSession = { readonly date: string; readonly open: number; readonly close: number };

/**
 * Reads `20260504:1700-20260505:1600;20260509:CLOSED` in the contract's zone. Several ranges of a day may stand beside
 * each other with commas; older gateways leave out the second date.
 */
export function readTradingHours(text: string, timeZoneId: string): readonly HoursSession[] {
  const zone = zoneOf(timeZoneId);
  return text
    .split(';')
    .filter((day) => day !== '')
    .flatMap((day) => {
      const [date = '', ranges = ''] = split(day, ':');
      if (ranges === 'CLOSED' || ranges === '') return [];
      return ranges.split(',').map((range) => {
        const [from = '', to = ''] = range.split('-');
        const open = at(zone, from.includes(':') ? from : `${date}:${from}`);
        const end = to.includes(':') ? to : `${date}:${to}`;
        const close = at(zone, end);
        // without a second date a session over midnight ends before it begins
        return { date: (to.includes(':') ? end : date).slice(0, 8), open, close: close > open ? close : close + 86_400_000 };
      });
    });
}

/** True when the market is open at `time`; undefined where the hours do not reach so far. */
export function isOpenAt(sessions: readonly HoursSession[], time: number): boolean | undefined {
  const last = sessions.at(-1);
  const first = sessions[0];
  if (first === undefined || last === undefined || time >= last.close || time < first.open - 86_400_000) return undefined;
  return sessions.some(({ open, close }) => time >= open && time < close);
}

function split(text: string, mark: string): readonly string[] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function at(zone: string, text: string): number {
  const digits = text.replace(':', '');
  const part = (from: number, to: number): number => Number(digits.slice(from, to));
  return wallTime(zone, part(0, 4), part(4, 6), part(6, 8), part(8, 10), part(10, 12));
}
