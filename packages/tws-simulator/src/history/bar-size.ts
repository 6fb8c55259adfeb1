/** Length of bars: a part of a day in ms, or whole days. */
export type BarSize = { readonly ms: number; readonly whole?: undefined } | { readonly ms?: undefined; readonly whole: 'day' | 'week' | 'month' };

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The sizes that the venue has, as it writes them. */
const SIZES: readonly (readonly [text: string, size: BarSize])[] = [
  ...[1, 5, 10, 15, 30].map((count) => [`${count} secs`, { ms: count * SECOND }] as const),
  ['1 min', { ms: MINUTE }],
  ...[2, 3, 5, 10, 15, 20, 30].map((count) => [`${count} mins`, { ms: count * MINUTE }] as const),
  ['1 hour', { ms: HOUR }],
  ...[2, 3, 4, 8].map((count) => [`${count} hours`, { ms: count * HOUR }] as const),
  ['1 day', { whole: 'day' }], ['1 week', { whole: 'week' }], ['1 month', { whole: 'month' }],
];

const byText = new Map<string, BarSize>([
  ...SIZES, ['1 sec', { ms: SECOND }], ['1 mins', { ms: MINUTE }], ['1 hours', { ms: HOUR }], ['1D', { whole: 'day' }], ['1W', { whole: 'week' }], ['1M', { whole: 'month' }],
]);

export const BAR_SIZES = SIZES.map(([text]) => text).join(', ');

/** @returns undefined when the venue has no such size */
export const parseBarSize = (text: string): BarSize | undefined => byText.get(text.trim());

/** How far back to go: seconds of trading, trading days, or spans of the calendar. */
export interface HistoryDuration {
  readonly count: number;
  readonly unit: 'S' | 'D' | 'W' | 'M' | 'Y';
}

/** `3600 S`, `2 D`, `1 W`, `6 M`, `1 Y` */
export function parseHistoryDuration(text: string): HistoryDuration | undefined {
  const match = /^(\d+) ?([SDWMY])$/.exec(text.trim());
  const count = Number(match?.[1] ?? 0);
  return match === null || count < 1 ? undefined : { count, unit: match[2] as HistoryDuration['unit'] };
}
