import { StepGrid } from '@keelson/core/domain';
import type { BarColumns, Instrument, SessionCalendar, Timeframe } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import { createRandom } from '@keelson/core/engine';
import { allocateBars, sliceBars } from '@keelson/core/series';
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
  private readonly prices: StepGrid;
  private readonly volumes: StepGrid;
  private readonly barMs: number;
  private searchFrom: number;
  private emitted = 0;
  private chunk: BarColumns;
  private rows = 0;
  private full: BarColumns[] = [];
  // the bar in the making, in ticks and lots
  private time = -Infinity;
  private open = 0;
  private high = 0;
  private low = 0;
  private close = 0;
  private lots = 0;

  constructor(private readonly series: BarSeries) {
    const { model, instrument, calendar, timeframe } = series;
    const random = createRandom(model.seed).fork(instrument.id);
    this.path = new SessionPath(model, instrument.tickSize, instrument.lotSize, calendar, random.fork('minutes'));
    this.seconds = timeframe.ms % MINUTE_MS === 0 ? undefined : new SecondPath(random.fork('seconds'));
    this.prices = new StepGrid(instrument.tickSize);
    this.volumes = new StepGrid(instrument.lotSize);
    this.barMs = timeframe.session ? Infinity : timeframe.ms;
    this.searchFrom = series.start;
    this.chunk = allocateBars(series.chunkBars);
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
    this.finishBar();
  }

  takeFull(): BarColumns | undefined {
    return this.full.shift();
  }

  takeRest(): BarColumns | undefined {
    return this.rows === 0 ? undefined : sliceBars(this.chunk, 0, this.rows);
  }

  private addMinutes(open: number): void {
    const { path, barMs } = this;
    const { ticks, lots } = path;
    let next = open;
    for (let minute = 0; minute < path.minutes && !this.done; minute++) {
      const time = open + minute * MINUTE_MS;
      const at = minute * POINTS_PER_MINUTE;
      if (time >= next) {
        this.startBar(time, ticks[at] as number);
        next = time + barMs;
      }
      for (let point = at; point < at + POINTS_PER_MINUTE; point++) this.addTick(ticks[point] as number);
      this.lots += lots[minute] as number;
    }
  }

  private addSeconds(seconds: SecondPath, open: number, close: number): void {
    const { path, barMs } = this;
    let next = open;
    for (let minute = 0; minute < path.minutes && !this.done; minute++) {
      seconds.fill(path, minute);
      for (let second = 0; second < SECONDS_PER_MINUTE; second++) {
        const time = open + minute * MINUTE_MS + second * SECOND_MS;
        if (time >= close) break;
        if (time >= next) {
          this.startBar(time, seconds.open[second] as number);
          if (this.done) break;
          next = time + barMs;
        }
        this.addTick(seconds.open[second] as number);
        this.addTick(seconds.close[second] as number);
        this.lots += seconds.lots[second] as number;
      }
    }
  }

  private startBar(time: number, tick: number): void {
    this.finishBar();
    if (time >= this.series.end || this.emitted >= this.series.bars) {
      this.done = true;
      return;
    }
    this.time = time;
    this.open = tick;
    this.high = tick;
    this.low = tick;
    this.close = tick;
    this.lots = 0;
  }

  private addTick(tick: number): void {
    if (tick > this.high) this.high = tick;
    if (tick < this.low) this.low = tick;
    this.close = tick;
  }

  private finishBar(): void {
    if (this.time === -Infinity) return;
    if (this.time >= this.series.from) {
      const { chunk, rows, prices } = this;
      chunk.time[rows] = this.time;
      chunk.open[rows] = prices.value(this.open);
      chunk.high[rows] = prices.value(this.high);
      chunk.low[rows] = prices.value(this.low);
      chunk.close[rows] = prices.value(this.close);
      chunk.volume[rows] = this.volumes.value(this.lots);
      this.rows = rows + 1;
      if (this.rows === this.series.chunkBars) {
        this.full.push(chunk);
        this.chunk = allocateBars(this.series.chunkBars);
        this.rows = 0;
      }
    }
    this.time = -Infinity;
    this.emitted++;
    if (this.emitted >= this.series.bars) this.done = true;
  }
}
