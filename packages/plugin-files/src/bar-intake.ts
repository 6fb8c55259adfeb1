import { isoTime, toUtcMs } from '@keelson/core/domain';
import { DataError } from '@keelson/core/errors';
import type { HistoryRequest } from '@keelson/core/ports';
import { BarSink } from './bar-sink.js';
import { DEPTH_FIELDS, type DepthField } from './csv-layout.js';
import { FaultLog } from './fault-log.js';
import type { ReadSettings } from './params.js';
import { QualityGate } from './quality-gate.js';
import { SessionDates } from './session-dates.js';
import type { StampReader } from './stamp-reader.js';

export type PriceField = 'open' | 'high' | 'low' | 'close' | 'volume' | DepthField;

/** Where a row's values came from, asked only for messages. */
export interface RowSource {
  /** The value as it stands in the file; undefined when the row has no such field. */
  fieldText(field: PriceField): string | undefined;
}

/** A quote that the row leaves empty; one that is no number is NaN. */
export const NO_QUOTE = Infinity;
/** Places of bid, ask, bidSize and askSize in a row. */
const DEPTH_AT = [6, 7, 8, 9] as const;

const FIELDS: readonly PriceField[] = ['open', 'high', 'low', 'close', 'volume'];

/**
 * Takes the rows of one file in their order: turns stamps into the opens of bars, holds them to ascending
 * time, sends them through the quality gate and keeps those of the wanted range.
 */
export class BarIntake {
  readonly log = new FaultLog();
  sink = new BarSink(false);
  /** Rows with data, also those that were left out. */
  rows = 0;
  firstTime = NaN;
  lastTime = NaN;

  private readonly gate: QualityGate | undefined;
  private readonly dates: SessionDates | undefined;
  private readonly shift: number;
  private readonly from: number;
  private readonly to: number;
  private readonly stampIsClose: boolean;
  private lastRow = 0;
  private hasDepth = false;

  constructor(private readonly file: string, request: HistoryRequest, settings: ReadSettings) {
    const { instrument, calendar, timeframe } = request;
    if (settings.quality !== 'off') this.gate = new QualityGate(instrument, calendar, timeframe, settings.maxGapBars, this.log);
    if (timeframe.session) this.dates = new SessionDates(calendar);
    this.stampIsClose = settings.stamp === 'close';
    this.shift = this.stampIsClose ? timeframe.ms : 0;
    this.from = request.from ?? -Infinity;
    this.to = request.to ?? Infinity;
  }

  /** Rows have bid, ask, bidSize and askSize from now on; to be called before the first. */
  expectDepth(): void {
    this.hasDepth = true;
    this.sink = new BarSink(true);
  }

  /**
   * One row: `bar` holds the stamp in UTC, open, high, low, close, volume and, where it has depth, bid, ask,
   * bidSize and askSize ({@link NO_QUOTE} where empty), in an array that is used again for the next row and is
   * written to here. A value that is no number in the file is NaN or infinite.
   * @throws DataError DATA_ORDER, DATA_FORMAT
   */
  add(row: number, bar: Float64Array, stamp: StampReader, source: RowSource): void {
    this.rows++;
    const utc = bar[0];
    let orphan = false;
    let time = utc - this.shift;
    if (this.dates !== undefined) {
      const session = this.sessionOf(this.dates, utc, stamp);
      orphan = session === undefined;
      time = session ?? stamp.day;
    }
    const last = this.lastTime;
    if (!(time > last) && last === last) {
      if (time < last || this.gate === undefined) throw this.orderError(row, time, last);
      this.reportDouble(row, time);
      return;
    }
    if (last !== last) this.firstTime = time;
    this.lastTime = time;
    this.lastRow = row;
    bar[0] = time;
    const sum = bar[1] + bar[2] + bar[3] + bar[4] + bar[5];
    if (sum - sum !== 0 && this.reportNumber(row, bar, source)) return;
    if (this.gate !== undefined) {
      if (orphan) this.gate.sessions.reportOutside(row, time);
      if (!this.gate.check(row, bar, orphan)) return;
    }
    if (this.hasDepth) this.settleDepth(row, bar, source);
    if (time >= this.from && time < this.to) this.sink.push(bar);
  }

  /** To be called once after the last row. */
  finish(): void {
    this.gate?.sessions.finish(this.lastRow, this.file);
  }

  /** Open of the session that a stamp of a whole session's bar names. */
  private sessionOf(dates: SessionDates, utc: number, stamp: StampReader): number | undefined {
    if (stamp.dateOnly || (stamp.midnight && !this.stampIsClose)) return dates.byDate(stamp.day)?.open;
    // A bar that closes at `utc` lies in the session that ends there.
    return dates.byTime(toUtcMs(this.stampIsClose ? utc - 1 : utc))?.open;
  }

  private reportDouble(row: number, time: number): void {
    this.log.add('duplicate', row, () => `${isoTime(toUtcMs(time))} as in row ${this.lastRow}`);
  }

  /** Empty quotes become NaN; a bar with faulty ones is kept without its depth. */
  private settleDepth(row: number, bar: Float64Array, source: RowSource): void {
    let sound = true;
    for (let k = 0; k < DEPTH_AT.length; k++) {
      const at = DEPTH_AT[k];
      if (bar[at] === NO_QUOTE) bar[at] = NaN;
      else if (bar[at] - bar[at] !== 0) {
        this.reportField(row, DEPTH_FIELDS[k], 'bad-quote', source);
        sound = false;
      }
    }
    if (sound && this.gate !== undefined) sound = this.gate.checkDepth(row, bar[6], bar[7], bar[8], bar[9]);
    if (!sound) bar.fill(NaN, 6, 10);
  }

  /** True when a value is no number. Four finite prices can also have an infinite sum. */
  private reportNumber(row: number, bar: Float64Array, source: RowSource): boolean {
    const index = bar.subarray(1, 6).findIndex((value) => !Number.isFinite(value));
    const field = FIELDS[index];
    if (field === undefined) return false;
    this.reportField(row, field, 'unparseable', source);
    return true;
  }

  private reportField(row: number, field: PriceField, kind: 'unparseable' | 'bad-quote', source: RowSource): void {
    const text = source.fieldText(field);
    const found = text === undefined ? `no ${field}` : `${field} ${JSON.stringify(text.slice(0, 40))}`;
    if (this.gate === undefined) {
      throw new DataError('DATA_FORMAT', `${this.file} row ${row} has ${found}, expected a number`, { hint: 'correct the row, or set quality: warn to leave it out' });
    }
    this.log.add(kind, row, () => found);
  }

  private orderError(row: number, time: number, last: number): DataError {
    const [now, before] = [isoTime(toUtcMs(time)), isoTime(toUtcMs(last))];
    const same = time === last;
    const hint = !same && this.rows === 2 ? 'sort the file by time, oldest first: it seems to stand newest first' : same ? 'remove the second row, or set quality: warn' : 'sort the file by time and remove doubles';
    return new DataError('DATA_ORDER', `${this.file} row ${row} is of ${now} after row ${this.lastRow} of ${before}, expected ascending times`, { hint, context: { row, time: now, previousRow: this.lastRow, previousTime: before } });
  }
}
