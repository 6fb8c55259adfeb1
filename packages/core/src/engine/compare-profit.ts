import type { BrokerEvent } from '../domain/events.js';
import type { OrderIntent } from '../domain/order.js';
import { toUtcMs, type UtcMs } from '../domain/units.js';
import { ExecutedPnl, type ExecutedDay, type ExecutedTotals } from '../portfolio/executed-pnl.js';
import type { Account } from '../pipeline/account.js';
import type { JournalRecord } from '../ports/journal.js';
import type { BarsData } from './bars-record.js';
import { recallCommand, type Command } from './commands.js';
import { composeParts } from './compose-account.js';
import { foldEvent } from './fold-events.js';
import { HistoricalClock } from './historical-clock.js';
import { NULL_JOURNAL } from './journals.js';
import { readOnly } from './read-only-broker.js';
import type { ReplayOptions } from './replay.js';
import { runOf } from './run-data.js';

/** Realised profit in the base currency, as the books have it and as the executions have it. */
export type ProfitComparison = {
  readonly books: Omit<ExecutedTotals, 'turnover'>;
  /** Undefined where some money was in a currency without a rate. */
  readonly executions: Omit<ExecutedTotals, 'turnover'> | undefined;
  /** Largest difference of the three, books less executions; signed. */
  readonly difference: number | undefined;
  /** True where the difference is no more than what sums of doubles round to. */
  readonly agrees: boolean;
};

export type JournalProfit = ProfitComparison & {
  readonly account: string;
  readonly baseCurrency: string;
  readonly records: number;
  readonly days: readonly ExecutedDay[];
};

/** Books are sums of doubles: they may be off by this share of what was traded. */
const ROUNDING = 1e-9;

/** Has an account's profit computed a second time, from here on, out of what its venue says. */
export function watchExecutions(account: Account): void {
  const { desks, ledger } = account;
  account.executed = new ExecutedPnl(
    desks.map(({ instrument }) => instrument),
    {
      rate: (currency) => ledger.rateIn(currency),
      dayOf: (instrument, time) => dayOf(account, instrument, time),
    },
  );
}

/** Holds the books against the executions; undefined where nobody watched them. */
export function compareProfit({ executed, ledger }: Account): ProfitComparison | undefined {
  if (executed === undefined) return undefined;
  const books = { realized: ledger.realized.value, commissions: ledger.commissions.value, transfers: ledger.transfers.value };
  const { totals } = executed;
  if (totals === undefined) return { books, executions: undefined, difference: undefined, agrees: true };
  const { turnover, ...executions } = totals;
  const difference = [books.realized - executions.realized, books.commissions - executions.commissions, books.transfers - executions.transfers].reduce((most, each) => (Math.abs(each) > Math.abs(most) ? each : most));
  return { books, executions, difference, agrees: Math.abs(difference) <= ROUNDING * Math.max(1, turnover, Math.abs(executions.transfers)) };
}

/**
 * What a journal's executions, corrections and cash movements come to, by day and instrument, and what the account's
 * books make of the same records. Nothing leaves the process.
 *
 * @param options what the account is composed of
 * @throws KeelsonError `JRN_FOREIGN` when the journal is of another account or form
 */
export function profitOfJournal(options: ReplayOptions, records: Iterable<JournalRecord>): JournalProfit {
  // a venue that says nothing: what it said stands in the journal
  const { account } = composeParts(options, { clock: new HistoricalClock(), purpose: 'history', chooseJournal: () => NULL_JOURNAL, wrapBroker: readOnly });
  account.hooks.silent = account.announcer.silent = true;
  watchExecutions(account);
  let count = 0;
  for (const record of records) {
    if (count++ === 0) runOf(record, account.name);
    bookRecord(record, account);
  }
  return { account: account.name, baseCurrency: options.config.baseCurrency, records: count, days: account.executed?.days ?? [], ...(compareProfit(account) as ProfitComparison) };
}

/** What of a journal touches the books: orders, since fills belong to them, what the venue said, and prices that set rates. */
function bookRecord({ kind, time, data }: JournalRecord, account: Account): void {
  if (time > account.now) account.now = time;
  if (kind === 'broker-event') foldEvent(data as BrokerEvent, account);
  else if (kind === 'command') recallCommand(data as Command, account);
  else if (kind === 'bars') for (const [instrument, , , , , , , close] of (data as BarsData).bars) account.ledger.mark(instrument, Float64Array.of(close), 0);
  else if (kind === 'intent') {
    const desk = account.desks.find((each) => each.instrument.id === (data as OrderIntent).instrument);
    if (desk !== undefined && !account.settings.dryRun) account.orders.add(data as OrderIntent, desk.index);
  }
}

function dayOf({ desks }: Account, instrument: string | undefined, time: UtcMs): string {
  const desk = desks.find((each) => each.instrument.id === instrument) ?? desks[0];
  if (desk === undefined) return '';
  const { calendar } = desk;
  // a fill at the close still belongs to the day
  return (calendar.sessionAt(time) ?? calendar.sessionAt(toUtcMs(time - 1)) ?? calendar.nextSession(time)).date;
}
