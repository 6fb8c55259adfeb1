import type { BarWindow } from '@keelson/core/domain';

/**
 * Pearson's correlation of the log returns between times at which both closed a bar: the newest `count` bars of
 * `bars`, and `other` as columns, oldest first. Undefined with fewer than `least` returns, and where prices stood
 * still, were not above 0, or were no numbers. Two passes: what is nearly constant keeps its digits.
 */
export function returnCorrelation(bars: BarWindow, other: { readonly time: Float64Array; readonly close: Float64Array }, count: number, least: number): number | undefined {
  const own: number[] = [];
  const theirs: number[] = [];
  const rows = Math.min(count, bars.count, bars.mask + 1);
  let j = 0;
  let before: readonly [number, number] | undefined;
  for (let i = rows - 1; i >= 0; i--) {
    const row = (bars.index - i) & bars.mask;
    const time = bars.closeTime[row] as number;
    while (j < other.time.length && (other.time[j] as number) < time) j++;
    if (j === other.time.length) break;
    if (other.time[j] !== time) continue;
    const now = [bars.close[row] as number, other.close[j] as number] as const;
    if (!(now[0] > 0 && now[1] > 0)) return undefined;
    if (before !== undefined) {
      own.push(Math.log(now[0] / before[0]));
      theirs.push(Math.log(now[1] / before[1]));
    }
    before = now;
  }
  const n = own.length;
  if (n < Math.max(2, least)) return undefined;
  const [meanOwn, meanTheirs] = [mean(own), mean(theirs)];
  let together = 0;
  let squareOwn = 0;
  let squareTheirs = 0;
  for (let i = 0; i < n; i++) {
    const a = (own[i] as number) - meanOwn;
    const b = (theirs[i] as number) - meanTheirs;
    together += a * b;
    squareOwn += a * a;
    squareTheirs += b * b;
  }
  const correlation = together / Math.sqrt(squareOwn * squareTheirs);
  return Number.isFinite(correlation) ? Math.max(-1, Math.min(1, correlation)) : undefined;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
