import type { BarColumns } from '@keelson/core/domain';

/** Bars of one instrument, and when each of them closed. */
export type TimedBars = { readonly columns: BarColumns; readonly closes: Float64Array };

/** All bars that close at one time. */
export type Moment = { readonly close: number; readonly bars: ReadonlyArray<{ readonly instrument: number; readonly columns: BarColumns; readonly row: number }> };

/** Puts the bars of all instruments, in the account's order, together into moments, oldest first. */
export function momentsOf(instruments: readonly TimedBars[]): Moment[] {
  const at = new Map<number, Array<Moment['bars'][number]>>();
  instruments.forEach(({ columns, closes }, instrument) => {
    for (let row = 0; row < columns.length; row++) {
      const close = closes[row] as number;
      const bars = at.get(close);
      if (bars === undefined) at.set(close, [{ instrument, columns, row }]);
      else bars.push({ instrument, columns, row });
    }
  });
  return [...at].sort(([a], [b]) => a - b).map(([close, bars]) => ({ close, bars }));
}
