import { ConfigError } from '@keelson/core/errors';
import type { FundingSettings } from './config.js';
import { readTable } from './read-table.js';

const HOUR = 3_600_000;
const DAY = 86_400_000;

/** When a perpetual pays funding, and how much. */
export interface FundingSchedule {
  /** First funding time after `time`; Infinity when there is none. */
  after(time: number): number;
  /** Fraction of the notional that longs pay at a funding time. */
  rateAt(time: number): number;
}

/** The same rate at fixed times of the UTC day. */
class FixedFunding implements FundingSchedule {
  constructor(
    private readonly rate: number,
    private readonly everyMs: number,
    private readonly offsetMs: number,
  ) {}

  after(time: number): number {
    // times count from each midnight, so that an interval which does not divide the day stays at fixed hours
    const midnight = Math.floor(time / DAY) * DAY;
    const first = midnight + this.offsetMs;
    if (time < first) return first;
    const next = first + (Math.floor((time - first) / this.everyMs) + 1) * this.everyMs;
    return Math.min(next, midnight + DAY + this.offsetMs);
  }

  rateAt(): number {
    return this.rate;
  }
}

class FundingTable implements FundingSchedule {
  private at = 0;

  constructor(
    private readonly times: Float64Array,
    private readonly rates: Float64Array,
  ) {}

  after(time: number): number {
    this.seek(time);
    return this.times[this.at] ?? Infinity;
  }

  rateAt(time: number): number {
    const i = this.times.indexOf(time, Math.max(0, this.at - 1));
    return i < 0 ? 0 : (this.rates[i] as number);
  }

  /** `at` is the first row after `time`; time ascends. */
  private seek(time: number): void {
    while (this.at > 0 && (this.times[this.at - 1] as number) > time) this.at--;
    while (this.at < this.times.length && (this.times[this.at] as number) <= time) this.at++;
  }
}

/**
 * The schedule that `settings` give; undefined when there is no funding.
 * @throws ConfigError CFG_FILE or CFG_TYPE when a table cannot be used
 */
export function fundingSchedule(settings: FundingSettings, baseDir: string): FundingSchedule | undefined {
  if (settings.rate !== undefined) return new FixedFunding(settings.rate, settings.everyHours * HOUR, settings.offsetHours * HOUR);
  const rows =
    settings.table === undefined
      ? settings.rows?.map((row) => [row.time, String(row.rate)] as const)
      : readTable(settings.table, baseDir, ['time', 'rate']).map((row) => [row[0] ?? '', row[1] ?? ''] as const);
  if (rows === undefined) return undefined;
  const name = settings.table ?? 'funding.rows';
  const times = new Float64Array(rows.length);
  const rates = new Float64Array(rows.length);
  rows.forEach(([text, rate], i) => {
    // a time without zone would mean the machine's own
    const time = /^\d+$/.test(text) ? Number(text) : /(Z|[+-]\d{2}:?\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(time) || rate === '' || !Number.isFinite(Number(rate))) {
      throw new ConfigError('CFG_TYPE', `${name} has ${text}, ${rate} in row ${i + 1}, expected a time with zone and a rate`, { hint: 'write times as 2024-01-31T08:00:00Z' });
    }
    if (i > 0 && time <= (times[i - 1] as number)) throw new ConfigError('CFG_TYPE', `${name} has ${text} after a later or equal time, expected ascending times`, { hint: `sort row ${i + 1}` });
    times[i] = time;
    rates[i] = Number(rate);
  });
  return new FundingTable(times, rates);
}
