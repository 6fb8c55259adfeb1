import { basename, resolve } from 'node:path';
import { profitOfJournal, type JournalProfit, type RunData } from '@keelson/core/engine';
import { KeelsonError } from '@keelson/core/errors';
import { decimalNumber, decimalText, type ExecutedDay } from '@keelson/core/portfolio';
import { JournalView, recordsOf } from '@keelson/plugin-journal';
import type { Secrets } from '../account/secrets.js';
import type { Io } from '../io.js';
import { formatMoney } from '../output/money.js';
import { EXIT } from '../output/report-errors.js';
import { ReplaySetup } from './replay.js';

/** `keelson journal pnl`: realised profit from executions alone, beside the books. */
export async function pnl(file: string, { json, debug }: { readonly json: boolean; readonly debug: boolean }, io: Io, secrets: Secrets): Promise<number> {
  const path = resolve(io.cwd, file);
  new JournalView(path).close(); // says so when it is no journal
  const setup = new ReplaySetup(file, path, { set: [], json, debug }, io, secrets, (line) => io.stderr.write(`note: ${line}\n`));
  const profit = profitOfJournal(await setup.optionsOf(newestRun(path)), recordsOf(path));
  io.stdout.write(json ? profitJson(file, profit) : profitText(file, profit));
  if (profit.agrees) return EXIT.done;
  const error = new KeelsonError('JRN_PROFIT', `${basename(file)}: the books differ from the executions by ${profit.difference} ${profit.baseCurrency}, expected no more than rounding`, { hint: 'compare the sums above, run "keelson journal verify" and report it: this is a fault of Keelson' });
  io.stderr.write(`${error.line}\n`);
  return EXIT.failed;
}

/** The account as it was at its newest start. */
function newestRun(path: string): RunData {
  let run: RunData | undefined;
  for (const { kind, data } of recordsOf(path)) if (kind === 'run') run = data as RunData;
  if (run === undefined) throw new KeelsonError('JRN_FOREIGN', `${basename(path)} begins without a run, expected the record of one`, { hint: 'name a journal that Keelson wrote' });
  return run;
}

/** Exact: nothing is rounded but the sums in the base currency. */
function profitJson(file: string, { account, baseCurrency, days, books, executions, difference, agrees }: JournalProfit): string {
  const rows = days.map(({ day, instrument, currency, executions: count, realized, commissions, fees, settled }) => ({
    day,
    instrument: instrument ?? null,
    currency,
    executions: count,
    realized: decimalText(realized),
    commissions: decimalText(commissions),
    fees: decimalText(fees),
    settled: decimalText(settled),
  }));
  return `${JSON.stringify({ schema: 'keelson.journal-pnl/1', journal: file, account, baseCurrency, days: rows, executions: executions ?? null, books, difference: difference ?? null, agrees }, null, 2)}\n`;
}

function profitText(file: string, { account, baseCurrency, days, books, executions, difference, agrees }: JournalProfit): string {
  const sums = (name: string, { realized, commissions, transfers }: JournalProfit['books']): string[] => [name, formatMoney(realized, baseCurrency), formatMoney(commissions, baseCurrency), formatMoney(transfers, baseCurrency), formatMoney(realized - commissions + transfers, baseCurrency)];
  return [
    `${basename(file)}: account ${account}, realised profit from executions`,
    ...table([['day', 'instrument', 'executions', 'realised', 'commissions', 'fees', 'settled', 'net'], ...days.map(cellsOf)], 2),
    '',
    ...table([['', 'realised', 'commissions', 'fees and transfers', 'sum'], ...(executions === undefined ? [] : [sums('executions', executions)]), sums('books', books)], 1),
    executions === undefined ? 'Some money was in a currency without a rate: the sums cannot be compared.' : `difference: ${agrees ? 'none beyond rounding' : difference}`,
    '',
  ].join('\n');
}

function cellsOf({ day, instrument, currency, executions, realized, commissions, fees, settled }: ExecutedDay): string[] {
  const [profit, paid, received] = [decimalNumber(realized), decimalNumber(commissions), decimalNumber(fees)] as const;
  return [day, instrument ?? '-', String(executions), ...[profit, paid, received, decimalNumber(settled), profit - paid + received].map((amount) => formatMoney(amount, currency))];
}

/** The first `left` columns are words, the others numbers. */
function table(rows: readonly (readonly string[])[], left: number): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => row.map((cell, column) => (column < left ? cell.padEnd(widths[column] as number) : cell.padStart(widths[column] as number))).join('  ').trimEnd());
}
