import type { Timeframe } from '@keelson/core/domain';
import { ConfigError } from '@keelson/core/errors';

/** How bars of one length are asked for: at most so much at a time. */
export type BarSize = { readonly setting: string; readonly pageMs: number; readonly duration: string };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const size = (setting: string, duration: string, pageMs: number): BarSize => ({ setting, duration, pageMs });

/** Bar lengths that the gateway gives, with the longest span that it gives of each in one answer. */
const SIZES: ReadonlyMap<number, BarSize> = new Map([
  [5 * SECOND, size('5 secs', '3600 S', HOUR)],
  [10 * SECOND, size('10 secs', '14400 S', 4 * HOUR)],
  [15 * SECOND, size('15 secs', '14400 S', 4 * HOUR)],
  [30 * SECOND, size('30 secs', '28800 S', 8 * HOUR)],
  [MINUTE, size('1 min', '1 D', DAY)],
  [2 * MINUTE, size('2 mins', '2 D', 2 * DAY)],
  [3 * MINUTE, size('3 mins', '1 W', 7 * DAY)],
  [5 * MINUTE, size('5 mins', '1 W', 7 * DAY)],
  [10 * MINUTE, size('10 mins', '1 W', 7 * DAY)],
  [15 * MINUTE, size('15 mins', '1 W', 7 * DAY)],
  [20 * MINUTE, size('20 mins', '1 W', 7 * DAY)],
  [30 * MINUTE, size('30 mins', '4 W', 28 * DAY)],
  [HOUR, size('1 hour', '4 W', 28 * DAY)],
  [2 * HOUR, size('2 hours', '4 W', 28 * DAY)],
  [3 * HOUR, size('3 hours', '4 W', 28 * DAY)],
  [4 * HOUR, size('4 hours', '4 W', 28 * DAY)],
  [8 * HOUR, size('8 hours', '4 W', 28 * DAY)],
  [DAY, size('1 day', '1 Y', 365 * DAY)],
]);

/** @throws ConfigError `CFG_TYPE` for a timeframe that the gateway has no bars of */
export function barSizeOf(timeframe: Timeframe): BarSize {
  const found = SIZES.get(timeframe.ms);
  if (found === undefined) {
    throw new ConfigError('CFG_TYPE', `data.timeframe was ${timeframe.id}, expected 5s, 10s, 15s, 30s, 1m, 2m, 3m, 5m, 10m, 15m, 20m, 30m, 1h, 2h, 3h, 4h, 8h or 1d`, { hint: 'choose one of these; longer ones are built of it with higherTimeframes' });
  }
  return found;
}

/** A span as the gateway takes it, at least `ms` long. */
export function durationText(ms: number): string {
  if (ms <= DAY) return `${Math.max(30, Math.ceil(ms / SECOND))} S`;
  const days = Math.ceil(ms / DAY);
  return days <= 365 ? `${days} D` : `${Math.ceil(days / 365)} Y`;
}
