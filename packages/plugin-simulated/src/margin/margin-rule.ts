import { toUtcMs, type Instrument, type SessionCalendar } from '@keelson/core/domain';
import type { MarginSettings } from '../config.js';
import { marginTable, type MarginTable } from './margin-table.js';

/** What the venue asks for a position, in the instrument's currency. */
export interface MarginRule {
  /** @param quantity unsigned @param notional unsigned */
  initial(quantity: number, notional: number, time: number): number;
  maintenance(quantity: number, notional: number, time: number): number;
}

class FractionMargin implements MarginRule {
  constructor(
    private readonly toOpen: number,
    private readonly toKeep: number,
  ) {}

  initial(_quantity: number, notional: number): number {
    return this.toOpen * notional;
  }

  maintenance(_quantity: number, notional: number): number {
    return this.toKeep * notional;
  }
}

/** Amounts per contract; before the first date the first row counts, which is safer than to ask nothing. */
class DatedMargin implements MarginRule {
  private row = 0;

  constructor(
    private readonly table: MarginTable,
    private readonly intraday: MarginSettings['intraday'],
    private readonly calendar: SessionCalendar,
  ) {}

  initial(quantity: number, _notional: number, time: number): number {
    if (this.intraday !== undefined && this.isIntraday(time, this.intraday.endsBeforeCloseMinutes)) return this.intraday.initial * quantity;
    this.seek(time);
    return (this.table.initial[this.row] as number) * quantity;
  }

  maintenance(quantity: number, _notional: number, time: number): number {
    if (this.intraday !== undefined && this.isIntraday(time, this.intraday.endsBeforeCloseMinutes)) return this.intraday.maintenance * quantity;
    this.seek(time);
    return (this.table.maintenance[this.row] as number) * quantity;
  }

  private isIntraday(time: number, endsBeforeCloseMinutes: number): boolean {
    const session = this.calendar.sessionAt(toUtcMs(time));
    return session !== undefined && time < session.close - endsBeforeCloseMinutes * 60_000;
  }

  /** Time ascends but for questions about the past: the row moves a step at a time. */
  private seek(time: number): void {
    const { from } = this.table;
    while (this.row + 1 < from.length && (from[this.row + 1] as number) <= time) this.row++;
    while (this.row > 0 && (from[this.row] as number) > time) this.row--;
  }
}

/**
 * The rule of one instrument; undefined when nothing is asked.
 *
 * Without settings, stocks and spot are paid in full and kept with a quarter of their value, which is the
 * least that FINRA rule 4210(c)(1) allows for long stock; the others ask nothing.
 * @throws ConfigError CFG_FILE or CFG_TYPE when a table cannot be used
 */
export function marginRule(settings: MarginSettings | undefined, instrument: Instrument, calendar: SessionCalendar, baseDir: string): MarginRule | undefined {
  if (settings === undefined) return instrument.type === 'stock' || instrument.type === 'spot' ? new FractionMargin(1, 0.25) : undefined;
  const table = marginTable(settings, calendar.timeZone, baseDir);
  if (table !== undefined) return new DatedMargin(table, settings.intraday, calendar);
  const fraction = settings.leverage === undefined ? settings.fraction : 1 / settings.leverage;
  return fraction === undefined ? undefined : new FractionMargin(fraction, settings.maintenanceFraction ?? fraction / 2);
}
