import type { BarColumns, BarWindow } from '@keelson/core/domain';
import { allocateBars } from '@keelson/core/series';

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

/** Keeps the bars that a run looks at. */
export class BarKeeper {
  private readonly rows: number[][][];

  constructor(instruments: number) {
    this.rows = Array.from({ length: instruments }, () => []);
  }

  readonly observeBar = (instrument: number, bars: BarWindow): void => {
    const i = bars.index;
    (this.rows[instrument] as number[][]).push([bars.time, bars.open, bars.high, bars.low, bars.close, bars.volume, bars.closeTime].map((column) => column[i] as number));
  };

  get bars(): TimedBars[] {
    return this.rows.map((rows) => {
      const columns = allocateBars(rows.length);
      const closes = new Float64Array(rows.length);
      const { time, open, high, low, close, volume } = columns;
      rows.forEach((row, i) => [time, open, high, low, close, volume, closes].forEach((column, place) => void (column[i] = row[place] as number)));
      return { columns, closes };
    });
  }
}
