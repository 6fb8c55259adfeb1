import { isoTime, toUtcMs } from '@keelson/core/domain';

const MINUS = '\u2212';
export const ABSENT = '\u2013';

const grouped = new Map<string, Intl.NumberFormat>();

/** `value` with grouped thousands and a true minus sign. */
export function formatNumber(value: number, decimals: number, leastDecimals = decimals): string {
  const key = `${leastDecimals}-${decimals}`;
  let format = grouped.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat('en-US', { minimumFractionDigits: leastDecimals, maximumFractionDigits: decimals });
    grouped.set(key, format);
  }
  return withMinus(format.format(value));
}

/** Money to the cent, with the currency's code behind it. */
export function formatMoney(value: number, currency: string): string {
  return `${formatNumber(value, 2)} ${currency}`;
}

/** A fraction as a percentage; `signed` puts a plus before gains. */
export function formatPercent(fraction: number, signed = false): string {
  const decimals = Math.abs(fraction) >= 10 ? 0 : 2;
  const text = `${formatNumber(fraction * 100, decimals)}%`;
  return signed && fraction > 0 ? `+${text}` : text;
}

/** UTC to the second: `2024-01-02 15:30`; seconds only where there are any. */
export function formatTime(time: number): string {
  return isoTime(toUtcMs(time)).replace('T', ' ').replace(/(:00)?(\.\d+)?Z$/, '');
}

/** The two largest units of an ISO-8601 duration, in words: `3 days 2 hours`. */
export function formatDuration(iso: string): string {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(iso);
  if (!match) return iso;
  const words = ['day', 'hour', 'minute', 'second'].flatMap((unit, i) => {
    const count = match[i + 1];
    return count === undefined ? [] : [`${formatNumber(Number(count), 1, 0)} ${unit}${count === '1' ? '' : 's'}`];
  });
  return words.length === 0 ? 'none' : words.filter((text) => !text.startsWith('0 ')).slice(0, 2).join(' ') || 'none';
}

/** Decimals that a tick size needs: 2 for 0.25, 5 for 0.00005. */
export function decimalsOf(tickSize: number): number {
  for (let decimals = 0; decimals < 12; decimals++) if (Math.abs(Number(tickSize.toFixed(decimals)) - tickSize) < tickSize * 1e-6) return decimals;
  return 12;
}

function withMinus(text: string): string {
  return /^-[0.,]*$/.test(text) ? text.slice(1) : text.replace('-', MINUS);
}
