import { basename, resolve } from 'node:path';
import { executionsOfJournal, type RecordedExecution } from '@keelson/core/engine';
import { ConfigError } from '@keelson/core/errors';
import { JournalView, recordsOf } from '@keelson/plugin-journal';
import type { Io } from '../io.js';
import { EXIT } from '../output/report-errors.js';
import { parseDate } from './parse-date.js';

export type TradesOptions = { readonly from?: string; readonly to?: string; readonly csv: boolean; readonly json: boolean };

const COLUMNS = ['time', 'instrument', 'side', 'quantity', 'price', 'commission', 'currency', 'role', 'order', 'execution', 'reason'] as const;

/** `keelson journal trades`: every execution of an account, over all its runs. */
export function trades(file: string, { from, to, csv, json }: TradesOptions, io: Io): number {
  if (csv && json) throw new ConfigError('CFG_USAGE', '--csv and --json were both given, expected one of them', { hint: 'leave one out' });
  const path = resolve(io.cwd, file);
  new JournalView(path).close(); // says so when it is no journal
  const [first, end] = [parseDate('--from', from), parseDate('--to', to)];
  const executions = executionsOfJournal(recordsOf(path)).filter(({ fill: { time } }) => (first === undefined || time >= first) && (end === undefined || time < end));
  const rows = executions.map(rowOf);
  if (json) io.stdout.write(`${JSON.stringify({ schema: 'keelson.journal-trades/1', journal: file, executions: rows }, null, 2)}\n`);
  else if (csv) io.stdout.write([COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column]))].map((cells) => `${cells.map(csvCell).join(',')}\n`).join(''));
  else io.stdout.write(text(file, rows));
  return EXIT.done;
}

type Row = Readonly<Record<(typeof COLUMNS)[number], string | number | null>>;

function rowOf({ fill, role, reason }: RecordedExecution): Row {
  const { time, instrument, side, quantity, price, commission, commissionCurrency, clientOrderId, executionId } = fill;
  return { time: new Date(time).toISOString(), instrument, side, quantity, price, commission, currency: commissionCurrency, role: role ?? null, order: clientOrderId, execution: executionId, reason: reason ?? null };
}

/** A spreadsheet takes a text that begins like a formula for one: such a text is led by a quote. */
function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function text(file: string, rows: readonly Row[]): string {
  const shown = ['time', 'instrument', 'side', 'quantity', 'price', 'commission', 'currency', 'role', 'order', 'reason'] as const;
  const cells = [shown.map((column) => column as string), ...rows.map((row) => shown.map((column) => String(row[column] ?? '-').replaceAll(/[\r\n]+/g, ' ')))];
  const widths = shown.map((_, column) => Math.max(...cells.map((line) => (line[column] as string).length)));
  const numbers = ['quantity', 'price', 'commission'];
  const lines = cells.map((line) => line.map((cell, column) => (numbers.includes(shown[column] as string) ? cell.padStart(widths[column] as number) : cell.padEnd(widths[column] as number))).join('  ').trimEnd());
  return [`${basename(file)}: ${rows.length} ${rows.length === 1 ? 'execution' : 'executions'}`, ...(rows.length === 0 ? [] : lines), ''].join('\n');
}
