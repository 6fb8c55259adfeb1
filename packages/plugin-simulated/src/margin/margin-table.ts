import { ConfigError } from '@keelson/core/errors';
import type { MarginSettings } from '../config.js';
import { readTable } from '../read-table.js';
import { zoneMidnight } from './zone-midnight.js';

/** Amounts per contract by time, ascending in time. */
export type MarginTable = { readonly from: Float64Array; readonly initial: Float64Array; readonly maintenance: Float64Array };

type Row = { readonly date: string; readonly initial: number; readonly maintenance: number };

function build(rows: readonly Row[], zone: string, name: string): MarginTable {
  const from = new Float64Array(rows.length);
  rows.forEach((row, i) => {
    const start = zoneMidnight(row.date, zone);
    if (start === undefined) throw new ConfigError('CFG_TYPE', `${name} has the date ${row.date}, expected one such as 2024-01-31`, { hint: `correct row ${i + 1}` });
    if (i > 0 && start <= (from[i - 1] as number)) throw new ConfigError('CFG_TYPE', `${name} has ${row.date} after a later or equal date, expected ascending dates`, { hint: `sort row ${i + 1}` });
    if (!(row.initial > 0) || !(row.maintenance > 0)) throw new ConfigError('CFG_TYPE', `${name} has amounts ${row.initial} and ${row.maintenance} for ${row.date}, expected positive numbers`, { hint: `correct row ${i + 1}` });
    from[i] = start;
  });
  return { from, initial: Float64Array.from(rows, (row) => row.initial), maintenance: Float64Array.from(rows, (row) => row.maintenance) };
}

/**
 * The dated amounts that `settings` give for a zone.
 * @throws ConfigError CFG_FILE or CFG_TYPE when the table cannot be used
 */
export function marginTable(settings: MarginSettings, zone: string, baseDir: string): MarginTable | undefined {
  if (settings.table !== undefined) {
    const rows = readTable(settings.table, baseDir, ['date', 'initial', 'maintenance']);
    return build(rows.map(([date = '', initial, maintenance]) => ({ date, initial: Number(initial), maintenance: Number(maintenance) })), zone, settings.table);
  }
  if (settings.rows !== undefined) return build(settings.rows, zone, 'margin.rows');
  if (settings.initial !== undefined) {
    return { from: new Float64Array(1), initial: Float64Array.of(settings.initial), maintenance: Float64Array.of(settings.maintenance ?? settings.initial) };
  }
  return undefined;
}
