import { isoTime, type UtcMs } from '@keelson/core/domain';
import type { RunProgress } from '@keelson/core/engine';
import type { Io } from '../io.js';
import { speed } from './backtest-table.js';
import { formatNumber } from './money.js';

const REDRAW_MS = 100;

/** `clear` takes the line away until the next `update`: call it before anything else is written to the terminal. */
export type Progress = { readonly update: (progress: RunProgress) => void; readonly clear: () => void };

/** A line on the terminal that counts bars; with both ends of the run known, a bar. Silent elsewhere. */
export function createProgress(io: Io, from: UtcMs | undefined, to: UtcMs | undefined): Progress {
  const { stderr } = io;
  if (!stderr.isTerminal) return { update() {}, clear() {} };
  let first: { readonly at: number; readonly bars: number } | undefined;
  let drawn = -Infinity;
  let shown = false;
  return {
    update({ time, bars }) {
      const now = io.monotonicMs();
      first ??= { at: now, bars };
      if (now - drawn < REDRAW_MS) return;
      drawn = now;
      shown = true;
      const text = `${bar(time, from, to)}${isoTime(time).slice(0, 10)}  ${formatNumber(bars, 0)} bars${speed(bars - first.bars, now - first.at)}`;
      stderr.write(`\r\u001b[2K${text.slice(0, (stderr.columns ?? 80) - 1)}`);
    },
    clear() {
      if (shown) stderr.write('\r\u001b[2K');
      shown = false;
    },
  };
}

const CELLS = 24;

function bar(time: UtcMs, from: UtcMs | undefined, to: UtcMs | undefined): string {
  if (from === undefined || to === undefined) return '';
  const done = Math.min(1, Math.max(0, (time - from) / (to - from)));
  const filled = Math.round(done * CELLS);
  return `[${'#'.repeat(filled)}${'.'.repeat(CELLS - filled)}] ${String(Math.round(done * 100)).padStart(3)}%  `;
}
