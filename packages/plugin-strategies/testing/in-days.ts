import type { BarColumns } from '@keelson/core/domain';

/** The same bars, `perDay` of them in each UTC day, spread evenly over its first `minutes` in whole minutes. */
export function inDays(bars: BarColumns, perDay: number, minutes = 1440): BarColumns {
  const step = Math.floor(minutes / perDay);
  for (let i = 0; i < bars.length; i++) bars.time[i] = Math.floor(i / perDay) * 86_400_000 + (i % perDay) * step * 60_000;
  return bars;
}
