import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTimeframe, toUtcMs, type Bar, type BarColumns, type Instrument, type Session, type SessionCalendar, type Timeframe, type UtcMs } from '@keelson/core/domain';
import { isKeelsonError, type KeelsonError } from '@keelson/core/errors';
import type { HistoryRequest } from '@keelson/core/ports';
import { fileFeedParams, readBars, type FileFeedInput, type ReadResult } from '../src/index.js';

const DAY_MS = 86_400_000;

/** Sessions of fixed UTC hours on given weekdays (0 is Sunday), without holidays but those listed. */
export class FixedHours implements SessionCalendar {
  readonly timeZone = 'UTC';
  readonly sessionsPerYear = 252;

  constructor(readonly id: string, private readonly openMs: number, private readonly closeMs: number, private readonly weekdays: readonly number[], private readonly holidays: readonly string[] = []) {}

  sessionAt(time: UtcMs): Session | undefined {
    const session = this.onDay(Math.floor(time / DAY_MS));
    return session !== undefined && time >= session.open && time < session.close ? session : undefined;
  }

  nextSession(time: UtcMs): Session {
    for (let day = Math.floor(time / DAY_MS); ; day++) {
      const session = this.onDay(day);
      if (session !== undefined && session.open >= time) return session;
    }
  }

  previousSession(time: UtcMs): Session {
    for (let day = Math.floor(time / DAY_MS); ; day--) {
      const session = this.onDay(day);
      if (session !== undefined && session.close <= time) return session;
    }
  }

  private onDay(day: number): Session | undefined {
    const midnight = new Date(day * DAY_MS);
    const date = midnight.toISOString().slice(0, 10);
    if (!this.weekdays.includes(midnight.getUTCDay()) || this.holidays.includes(date)) return undefined;
    return { date, open: toUtcMs(day * DAY_MS + this.openMs), close: toUtcMs(day * DAY_MS + this.closeMs) };
  }
}

/** Every day, midnight to midnight UTC. */
export const always = new FixedHours('always', 0, DAY_MS, [0, 1, 2, 3, 4, 5, 6]);
/** Monday to Friday 14:30 to 21:00 UTC, closed on 2024-01-01 and 2024-01-15. */
export const office = new FixedHours('office', 14.5 * 3_600_000, 21 * 3_600_000, [1, 2, 3, 4, 5], ['2024-01-01', '2024-01-15']);

export function instrument(id = 'ABC', tickSize = 0.01): Instrument {
  return { id, venue: 'TEST', type: 'stock', currency: 'USD', multiplier: 1, tickSize, lotSize: 1, calendar: 'always', symbols: {} };
}

export function timeframe(id: string): Timeframe {
  const found = parseTimeframe(id);
  if (found === undefined) throw new RangeError(id);
  return found;
}

export function utc(text: string): UtcMs {
  return toUtcMs(Date.parse(text));
}

/** A folder that `remove` takes away again. */
export class TempFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'keelson-files-'));

  write(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name);
    writeFileSync(path, content);
    return path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export type ReadOptions = Partial<Omit<HistoryRequest, 'timeframe'>> & { readonly timeframe?: string; readonly params?: Omit<FileFeedInput, 'path' | 'paths'> };

/** Reads a file by the feed's own settings; by default one-minute bars of a market that never closes. */
export function read(path: string, options: ReadOptions = {}): Promise<ReadResult> {
  const { params, timeframe: frame = '1m', ...request } = options;
  return readBars('bars.csv', path, { instrument: instrument(), calendar: always, timeframe: timeframe(frame), ...request }, fileFeedParams.parse({ path, ...params }));
}

export function rowsOf(result: { readonly chunks: readonly BarColumns[] }): readonly Bar[] {
  return result.chunks.flatMap((chunk) =>
    Array.from({ length: chunk.length }, (_, i) => ({ time: chunk.time[i], open: chunk.open[i], high: chunk.high[i], low: chunk.low[i], close: chunk.close[i], volume: chunk.volume[i] }) as Bar),
  );
}

export function timesOf(result: { readonly chunks: readonly BarColumns[] }): readonly string[] {
  return rowsOf(result).map(({ time }) => new Date(time).toISOString());
}

/** The error that a promise ends in. */
export async function errorOf(run: Promise<unknown>): Promise<KeelsonError> {
  try {
    await run;
  } catch (error) {
    if (isKeelsonError(error)) return error;
    throw error;
  }
  throw new Error('expected an error');
}
