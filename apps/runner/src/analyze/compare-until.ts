import { componentKey } from './components.js';
import { BAR_COLUMNS, featureKey, seriesKey, type Entry, type SeriesTrace, type Trace } from './trace.js';

/** Where two runs part for the first time in one component. */
export type Difference = {
  readonly key: string;
  /** Close of the bar. */
  readonly time: number;
  /** Of a feature or of bars: which number. */
  readonly output?: string;
  readonly full: number | string | undefined;
  readonly other: number | string | undefined;
};

/** How much was compared; what neither run had does not count. */
export type Compared = { readonly bars: number; readonly featureValues: number; readonly signals: number; readonly orders: number };

/** What {@link compareUntil} looks at in a run up to a moment. */
export function countUntil(full: Trace, other: Trace, until: number): Compared {
  const end = endOf(other, until);
  let [bars, featureValues] = [0, 0];
  full.series.forEach((series, i) => {
    const rows = Math.min(rowsUntil(series, end), rowsUntil(other.series[i] as SeriesTrace, end));
    bars += rows;
    for (const { columns } of series.features) for (const column of columns) for (let row = 0; row < rows; row++) featureValues += Number(!Number.isNaN(column[row]));
  });
  const entries = (list: readonly Entry[]): number => list.filter(({ time }) => time <= end).length;
  return { bars, featureValues, signals: entries(full.signals), orders: entries(full.orders) };
}

/**
 * Compares two runs up to and with the moment `until`: equal means equal to the last bit.
 * @returns the first difference of each component that has one
 */
export function compareUntil(full: Trace, other: Trace, until: number): Difference[] {
  const { failure } = other;
  const end = endOf(other, until);
  const found: Difference[] = [];
  full.series.forEach((series, i) => found.push(...compareSeries(series, other.series[i] as SeriesTrace, end)));
  full.components.forEach((component, i) => found.push(...compareEntries(componentKey(component), component.said, other.components[i]?.said ?? [], end)));
  for (const list of ['signals', 'orders', 'venue'] as const) found.push(...compareEntries(list, full[list], other[list], end));
  if (failure !== undefined) found.push({ key: failedKey(other), time: full.moments.find((moment) => !(moment <= failure.time)) ?? until, full: 'no failure', other: failure.line });
  return found;
}

/** After a failure there is nothing to compare. */
const endOf = ({ failure }: Trace, until: number): number => (failure === undefined ? until : Math.min(until, Number.isNaN(failure.time) ? -Infinity : failure.time));

/** The component that a failure names; orders where it names none. */
function failedKey({ failure, series, components }: Trace): string {
  for (const each of series) {
    const feature = each.features.find(({ name, plugin }) => name === failure?.component && plugin === failure.plugin);
    if (feature !== undefined) return featureKey(each, feature);
  }
  const component = components.find(({ id, plugin }) => id === failure?.component && plugin === failure.plugin);
  return component === undefined ? 'orders' : componentKey(component);
}

function compareSeries(full: SeriesTrace, other: SeriesTrace, until: number): Difference[] {
  const found: Difference[] = [];
  const rows = rowsUntil(full, until);
  const otherRows = rowsUntil(other, until);
  const shared = Math.min(rows, otherRows);
  const bars = compareBars(full, other, shared);
  if (bars !== undefined) found.push(bars);
  else if (rows !== otherRows) {
    const longer = rows > otherRows ? full : other;
    found.push({ key: seriesKey(full), time: longer.bars.seenAt[shared] as number, full: rows > otherRows ? 'a bar' : 'no bar', other: rows > otherRows ? 'no bar' : 'a bar' });
  }
  full.features.forEach((feature, f) => {
    let first: Difference | undefined;
    feature.columns.forEach((column, o) => {
      const row = firstDifference(column, other.features[f]?.columns[o] as Float64Array, shared);
      const time = full.bars.seenAt[row] as number;
      if (row < 0 || (first !== undefined && first.time <= time)) return;
      first = { key: featureKey(full, feature), time, output: feature.outputs[o] as string, full: known(column[row]), other: known(other.features[f]?.columns[o]?.[row]) };
    });
    if (first !== undefined) found.push(first);
  });
  return found;
}

function compareBars(full: SeriesTrace, other: SeriesTrace, rows: number): Difference | undefined {
  let first: Difference | undefined;
  for (const name of BAR_COLUMNS) {
    const row = firstDifference(full.bars[name], other.bars[name], rows);
    const time = full.bars.seenAt[row] as number;
    if (row >= 0 && (first === undefined || time < first.time)) first = { key: seriesKey(full), time, output: name, full: full.bars[name][row], other: other.bars[name][row] };
  }
  return first;
}

function rowsUntil({ bars, length }: SeriesTrace, until: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bars.seenAt[middle] as number) <= until) low = middle + 1;
    else high = middle;
  }
  return low;
}

function firstDifference(a: Float64Array, b: Float64Array, rows: number): number {
  for (let row = 0; row < rows; row++) if (a[row] !== b[row] && (a[row] === a[row] || b[row] === b[row])) return row;
  return -1;
}

function compareEntries(key: string, full: readonly Entry[], other: readonly Entry[], until: number): Difference[] {
  for (let i = 0; ; i++) {
    const a = entryUntil(full[i], until);
    const b = entryUntil(other[i], until);
    if (a === undefined && b === undefined) return [];
    if (a?.time === b?.time && a?.text === b?.text) continue;
    const time = Math.min(a?.time ?? Infinity, b?.time ?? Infinity);
    return [{ key, time, full: a?.time === time ? a.text : undefined, other: b?.time === time ? b.text : undefined }];
  }
}

const entryUntil = (entry: Entry | undefined, until: number): Entry | undefined => (entry !== undefined && entry.time <= until ? entry : undefined);

const known = (value: number | undefined): number | undefined => (value === value ? value : undefined);
