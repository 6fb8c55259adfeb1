import type { BarWindow } from '@keelson/core/domain';
import { expectThat } from '../frame/expectations.js';

/** The columns of a window, by name. */
export function columnsOf(bars: BarWindow): ReadonlyArray<readonly [string, Float64Array]> {
  const { time, closeTime, open, high, low, close, volume, depth } = bars;
  return Object.entries({ time, closeTime, open, high, low, close, volume, ...depth });
}

/** Fails a card when a call writes to bars that it may only read. */
export function expectUnwritten<T>(bars: BarWindow, call: () => T): T {
  const before = columnsOf(bars).map(([name, column]) => [name, column.slice()] as const);
  const result = call();
  const after = new Map(columnsOf(bars));
  for (const [name, column] of before) {
    const now = after.get(name) as Float64Array;
    if (Buffer.compare(bytesOf(column), bytesOf(now)) === 0) continue;
    const at = column.findIndex((value, i) => !Object.is(value, now[i]));
    expectThat(false, `${name} of a bar went from ${String(column[at])} to ${String(now[at])}`, 'bars that are only read');
  }
  return result;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);
