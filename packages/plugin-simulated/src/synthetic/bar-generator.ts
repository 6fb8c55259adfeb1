import { StepGrid } from '@keelson/core/domain';
import type { BarColumns, Instrument, SessionCalendar, Timeframe } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import { createRandom } from '@keelson/core/engine';
import { allocateBars, sliceBars } from '@keelson/core/series';
import { DepthPath } from './depth-path.js';
import { SECONDS_PER_MINUTE, SecondPath } from './second-path.js';
import { POINTS_PER_MINUTE, SessionPath } from './session-path.js';
import type { MarketModel } from './synthetic-params.js';

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

/** What a series is generated for. */
export type BarSeries = {
  readonly model: MarketModel;
  readonly instrument: Pick<Instrument, 'id' | 'tickSize' | 'lotSize'>;
  readonly calendar: SessionCalendar;
  readonly timeframe: Timeframe;
  /** The first session opens at or after this time (UtcMs). */
  readonly start: number;
  /** Bars that open before this time (UtcMs); Infinity for no end. */
  readonly end: number;
  /** At most so many bars, counted from the start; Infinity for no limit. */
  readonly bars: number;
  /** Of these, bars that open at or after this time (UtcMs) are handed out. */
  readonly from: number;
  readonly chunkBars: number;
  /** Whether bars carry the top of the order book. */
  readonly depth: boolean;
};

/**
 * Bars of one instrument in chunks, oldest first; memory holds one session's path and one chunk.
 *
 * All timeframes are cut from one path, from the session's open onward: five-minute bars are the resampled
 * one-minute bars, and seconds are what happened inside the minutes.
 */
export function* barChunks(series: BarSeries): Generator<BarColumns, void, undefined> {
  const generator = new BarGenerator(series);
  while (!generator.done) {
    generator.fillSession();
    for (let chunk = generator.takeFull(); chunk !== undefined; chunk = generator.takeFull()) yield chunk;
  }
  const rest = generator.takeRest();
  if (rest !== undefined) yield rest;
}

class BarGenerator {
  done = false;

  private readonly path: SessionPath;
  private readonly seconds: SecondPath | undefined;
  private readonly depth: DepthPath | undefined;
  private readonly prices: StepGrid;
  private readonly volumes: StepGrid;
  private readonly barMs: number;
  private searchFrom: number;
  private emitted = 0;
  private chunk: BarColumns;
  private rows = 0;
  private full: BarColumns[] = [];
  constructor(private readonly series: BarSeries) {
    const { model, instrument, calendar, timeframe } = series;
    const random = createRandom(model.seed).fork(instrument.id);
    this.path = new SessionPath(model, instrument.tickSize, instrument.lotSize, calendar, random.fork('minutes'));
    this.seconds = timeframe.ms % MINUTE_MS === 0 ? undefined : new SecondPath(random.fork('seconds'));
    if (series.depth) this.depth = new DepthPath(model.sessionVolume / instrument.lotSize, random.fork('depth'));
    this.prices = new StepGrid(instrument.tickSize);
    this.volumes = new StepGrid(instrument.lotSize);
    this.barMs = timeframe.session ? Infinity : timeframe.ms;
    this.searchFrom = series.start;
    this.chunk = allocateBars(series.chunkBars, series.depth);
  }

  /** Generates the next session's bars; sets `done` at the end of the series. */
  fillSession(): void {
    const session = this.series.calendar.nextSession(toUtcMs(this.searchFrom));
    if (session.open >= this.series.end) {
      this.done = true;
      return;
    }
    this.searchFrom = session.close;
    this.path.advance(session.open, session.close);
    if (this.seconds === undefined) this.addMinutes(session.open);
    else this.addSeconds(this.seconds, session.open, session.close);
  }

  takeFull(): BarColumns | undefined {
    return this.full.shift();
  }

  takeRest(): BarColumns | undefined {
    return this.rows === 0 ? undefined : sliceBars(this.chunk, 0, this.rows);
  }

  private addMinutes(sessionOpen: number): void {
    const { path, barMs } = this;
    const { ticks, lots, minutes } = path;
    let next = sessionOpen;
    let time = sessionOpen;
    let open = 0;
    let high = 0;
    let low = 0;
    let traded = 0;
    for (let minute = 0; minute < minutes; minute++) {
      const now = sessionOpen + minute * MINUTE_MS;
      const at = minute * POINTS_PER_MINUTE;
      if (now >= next) {
        if (minute > 0) this.write(time, open, high, low, ticks[at - 1] as number, traded);
        if (this.endsAt(now)) return;
        time = now;
        next = now + barMs;
        open = high = low = ticks[at] as number;
        traded = 0;
      }
      for (let point = at; point < at + POINTS_PER_MINUTE; point++) {
        const tick = ticks[point] as number;
        if (tick > high) high = tick;
        if (tick < low) low = tick;
      }
      traded += lots[minute] as number;
      if (this.depth !== undefined) this.depth.advance();
    }
    this.write(time, open, high, low, ticks[minutes * POINTS_PER_MINUTE - 1] as number, traded);
  }

  private addSeconds(seconds: SecondPath, sessionOpen: number, sessionClose: number): void {
    const { path, barMs } = this;
    let next = sessionOpen;
    let time = sessionOpen;
    let open = 0;
    let high = 0;
    let low = 0;
    let close = 0;
    let traded = 0;
    for (let now = sessionOpen, second = 0; now < sessionClose; now += SECOND_MS, second = (second + 1) % SECONDS_PER_MINUTE) {
      if (second === 0) seconds.fill(path, (now - sessionOpen) / MINUTE_MS);
      const first = seconds.open[second] as number;
      if (now >= next) {
        if (now > sessionOpen) this.write(time, open, high, low, close, traded);
        if (this.endsAt(now)) return;
        time = now;
        next = now + barMs;
        open = high = low = first;
        traded = 0;
      }
      if (second === 0 && this.depth !== undefined) this.depth.advance();
      close = seconds.close[second] as number;
      high = Math.max(high, first, close);
      low = Math.min(low, first, close);
      traded += seconds.lots[second] as number;
    }
    this.write(time, open, high, low, close, traded);
  }

  /** True, and the series done, when no bar may open at `time`. */
  private endsAt(time: number): boolean {
    if (time >= this.series.end || this.emitted >= this.series.bars) this.done = true;
    return this.done;
  }

  /** Takes a complete bar, in ticks and lots. */
  private write(time: number, open: number, high: number, low: number, close: number, lots: number): void {
    const { series, prices, rows, chunk } = this;
    this.emitted++;
    if (this.emitted >= series.bars) this.done = true;
    if (time < series.from) return;
    chunk.time[rows] = time;
    chunk.open[rows] = prices.value(open);
    chunk.high[rows] = prices.value(high);
    chunk.low[rows] = prices.value(low);
    chunk.close[rows] = prices.value(close);
    chunk.volume[rows] = this.volumes.value(lots);
    if (this.depth !== undefined && chunk.depth !== undefined) this.depth.write(chunk.depth, rows, close, prices, this.volumes);
    this.rows = rows + 1;
    if (this.rows < series.chunkBars) return;
    this.full.push(chunk);
    this.chunk = allocateBars(series.chunkBars, series.depth);
    this.rows = 0;
  }
}
