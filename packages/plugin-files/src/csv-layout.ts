import { DataError } from '@keelson/core/errors';
import type { ColumnSettings } from './params.js';
import { closest } from './suggest.js';

/** The top of the order book: all four, or none. */
export const DEPTH_FIELDS = ['bid', 'ask', 'bidSize', 'askSize'] as const;
export type DepthField = (typeof DEPTH_FIELDS)[number];
export type Field = 'time' | 'date' | 'open' | 'high' | 'low' | 'close' | 'volume' | DepthField;
/** 0-based column of each field; `date`, `volume` and the depth may be absent. */
export type ColumnMap = Readonly<Record<'time' | 'open' | 'high' | 'low' | 'close', number>> & { readonly date?: number; readonly volume?: number } & Partial<Readonly<Record<DepthField, number>>>;

/** Usual names, the surest first, in the form that `simplify` gives. */
const NAMES: Readonly<Record<Field, readonly string[]>> = {
  time: ['timestamputc', 'timestamp', 'datetime', 'datetimeutc', 'timeutc', 'opentime', 'tsevent', 'barstart', 'gmttime', 'localtime', 'ts', 'date', 'time', 'unix', 'unixtime', 'unixtimestamp', 'epoch', 'dt', 't', ''],
  date: ['date', 'day'],
  open: ['open', 'o', 'openprice', 'first'],
  high: ['high', 'h', 'highprice', 'max'],
  low: ['low', 'l', 'lowprice', 'min'],
  close: ['close', 'c', 'closeprice', 'last'],
  volume: ['volume', 'vol', 'v', 'qty', 'tickvol', 'tickvolume'],
  bid: ['bid', 'bidprice', 'bestbid', 'bestbidprice', 'bidpx', 'bidpx00'],
  ask: ['ask', 'askprice', 'bestask', 'bestaskprice', 'askpx', 'askpx00'],
  bidSize: ['bidsize', 'bidqty', 'bidvolume', 'bestbidsize', 'bestbidqty', 'bidsz', 'bidsz00'],
  askSize: ['asksize', 'askqty', 'askvolume', 'bestasksize', 'bestaskqty', 'asksz', 'asksz00'],
};
const PRICES = ['open', 'high', 'low', 'close'] as const;
const SHOWN = 20;

/** Letters and digits only, without a leading number: `<CLOSE>` and `4. close` are both `close`. */
function simplify(name: string): string {
  return name.toLowerCase().replace(/^\s*\d+\.\s+/, '').replace(/[^a-z0-9]/g, '');
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).map((name) => (name === '' ? '(no name)' : name)).join(', ');
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}

/**
 * Finds the columns by the settings, or else by their usual names.
 * @throws DataError DATA_COLUMNS
 */
export function columnsByName(file: string, header: readonly string[], wanted: ColumnSettings): ColumnMap {
  const simple = header.map(simplify);
  const fail = (found: string, hint: string): never => {
    throw new DataError('DATA_COLUMNS', `${file} ${found}, expected time, open, high, low and close among the columns (found: ${list(header)})`, { hint });
  };
  const find = (field: Field): number | undefined => {
    const asked = wanted[field];
    if (typeof asked === 'number') return asked < header.length ? asked : fail(`has ${header.length} columns and no number ${asked} for ${field}`, `set columns.${field} to at most ${header.length - 1}`);
    if (typeof asked === 'string') {
      const exact = header.indexOf(asked);
      const loose = exact >= 0 ? exact : header.findIndex((name) => name.trim().toLowerCase() === asked.trim().toLowerCase());
      if (loose >= 0) return loose;
      const near = closest(asked, header.filter((name) => name !== ''));
      return fail(`has no column ${asked}`, near === undefined ? `set columns.${field} to a name that stands in the file` : `did you mean columns.${field}: ${near}?`);
    }
    for (const name of NAMES[field]) {
      const first = simple.indexOf(name);
      if (first < 0) continue;
      const second = simple.indexOf(name, first + 1);
      if (second >= 0) fail(`has two columns for ${field} (${header[first]} at ${first}, ${header[second]} at ${second})`, `say which by columns: { ${field}: ${first} }`);
      return first;
    }
    return undefined;
  };
  let time = find('time');
  let date = wanted.date === undefined ? undefined : find('date');
  if (wanted.time === undefined && wanted.date === undefined && time !== undefined && NAMES.date.includes(simple[time] as string)) {
    // Date and time of day in two columns, as terminals export them.
    const clock = simple.indexOf('time');
    if (clock >= 0) [date, time] = [time, clock];
  }
  const prices = PRICES.map(find);
  const missing = [...(time === undefined ? ['time'] : []), ...PRICES.filter((_, i) => prices[i] === undefined)];
  if (missing.length > 0) fail(`has no column for ${missing.join(', ')}`, `name them by columns: { ${missing.map((field) => `${field}: NAME_OR_INDEX`).join(', ')} }`);
  const [open, high, low, close] = prices as [number, number, number, number];
  return { ...withOptional({ time: time as number, open, high, low, close }, date, find('volume')), ...depthColumns(wanted, find, fail) };
}

/** The depth's columns; none where one of them is not found and none was asked for. */
function depthColumns(wanted: ColumnSettings, find: (field: Field) => number | undefined, fail: (found: string, hint: string) => never): Partial<Record<DepthField, number>> {
  const asked = DEPTH_FIELDS.filter((field) => wanted[field] !== undefined);
  const [bid, ask, bidSize, askSize] = DEPTH_FIELDS.map(find);
  if (bid !== undefined && ask !== undefined && bidSize !== undefined && askSize !== undefined) return { bid, ask, bidSize, askSize };
  if (asked.length === 0) return {};
  const missing = DEPTH_FIELDS.filter((_, i) => [bid, ask, bidSize, askSize][i] === undefined);
  return fail(`has ${asked.join(', ')} and no column for ${missing.join(', ')}`, `name all of columns: { ${DEPTH_FIELDS.map((field) => `${field}: NAME_OR_INDEX`).join(', ')} }, or none`);
}

/**
 * Columns of a file without header: by the settings' indices, or time, open, high, low, close, volume from
 * the left (date and time of day may stand in two columns).
 * @throws DataError DATA_COLUMNS
 */
export function columnsByPosition(file: string, first: readonly string[], wanted: ColumnSettings): ColumnMap {
  const fail = (found: string, hint: string): never => {
    throw new DataError('DATA_COLUMNS', `${file} ${found}, expected time, open, high, low and close (first line: ${list(first)})`, { hint });
  };
  const named = Object.entries(wanted).find(([, value]) => typeof value === 'string');
  if (named !== undefined) fail(`has no header to find columns.${named[0]} (${named[1] as string}) in`, 'give 0-based indices under columns, or set header: true');
  const indices = wanted as { readonly [F in Field]?: number };
  const split = indices.time === undefined && indices.date === undefined && /^\d{1,2}:\d{2}/.test(first[1] ?? '');
  const shift = split ? 1 : 0;
  const map = {
    time: indices.time ?? shift,
    open: indices.open ?? 1 + shift,
    high: indices.high ?? 2 + shift,
    low: indices.low ?? 3 + shift,
    close: indices.close ?? 4 + shift,
  };
  const date = indices.date ?? (split ? 0 : undefined);
  const volume = indices.volume ?? (first.length > 5 + shift ? 5 + shift : undefined);
  const depth = depthColumns(wanted, (field) => indices[field], fail);
  const most = Math.max(...Object.values(map), ...Object.values(depth), date ?? 0, volume ?? 0);
  if (most >= first.length) fail(`has ${first.length} columns and no number ${most}`, 'give 0-based indices under columns, or set the delimiter');
  return { ...withOptional(map, date, volume), ...depth };
}

function withOptional(map: Readonly<Record<'time' | 'open' | 'high' | 'low' | 'close', number>>, date: number | undefined, volume: number | undefined): ColumnMap {
  return { ...map, ...(date === undefined ? {} : { date }), ...(volume === undefined ? {} : { volume }) };
}
