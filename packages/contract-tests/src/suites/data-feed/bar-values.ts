import type { Bar, BarColumns } from '@keelson/core/domain';
import { expectThat, show } from '../../frame/expectations.js';

/** One bar as plain numbers: of the past or live, right or wrong. */
export type BarValues = Readonly<Record<'time' | (typeof VALUES)[number], number>>;

const PRICES = ['open', 'high', 'low', 'close'] as const;
const VALUES = [...PRICES, 'volume'] as const;
/** What sums of the same numbers in another order may differ by, as a share of the larger one. */
const ROUNDING = 1e-9;

export function barAt({ time, open, high, low, close, volume }: BarColumns, row: number): BarValues {
  return { time: time[row] as number, open: open[row] as number, high: high[row] as number, low: low[row] as number, close: close[row] as number, volume: volume[row] as number };
}

/** A bar as text, for messages and to compare. */
export function showBar(bar: BarValues | Bar): string {
  return `${new Date(bar.time).toISOString()} ${VALUES.map((name) => bar[name]).join(' ')}`;
}

export function pricesOf(bar: BarValues | Bar): number[] {
  return PRICES.map((name) => bar[name]);
}

/** Fails a card unless the bar is one that a market can have made. */
export function expectSound(bar: BarValues | Bar, what: string): void {
  const { open, high, low, close, volume } = bar;
  expectThat(pricesOf(bar).every(Number.isFinite) && low <= Math.min(open, close) && high >= Math.max(open, close), `${what} was ${showBar(bar)}`, 'low <= open, close <= high');
  expectThat(Number.isFinite(volume) && volume >= 0, `volume of ${what} was ${show(volume)}`, 'a finite number, 0 or more');
}

/** Whether prices and volume are the same, within rounding. */
export function hasSameValues(bar: BarValues | Bar, other: BarValues | Bar): boolean {
  return VALUES.every((name) => Object.is(bar[name], other[name]) || Math.abs(bar[name] - other[name]) <= ROUNDING * Math.max(Math.abs(bar[name]), Math.abs(other[name])));
}
