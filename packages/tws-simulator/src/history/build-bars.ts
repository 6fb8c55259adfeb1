import { bidFor } from '../market/live-quote.js';
import { CLOSE, HIGH, LOW, OPEN, priceInside, SPAN_MS, toTick, VOLUME, type PriceSource } from '../market/price-source.js';
import type { TradingSession } from '../reference/exchange-hours.js';
import type { Instrument } from '../reference/instrument.js';
import { dayParts, weekday, type CalendarDay } from '../time/calendar-day.js';
import { localDay, utcOf } from '../time/zone-offset.js';
import type { BarSize } from './bar-size.js';
import type { HistoryBar, Show } from './history-bar.js';

const DAY_MS = 86_400_000;

/** Where prices of a contract come from and how they are told. */
export interface BarQuery {
  readonly instrument: Instrument;
  readonly prices: PriceSource;
  readonly seed: number;
  readonly show: Show;
  readonly size: BarSize;
}

/** Bars of the sessions, in order. Five seconds in which nothing traded leave no mark; a bar without any trade is left out. */
export function buildBars(query: BarQuery, sessions: readonly TradingSession[]): HistoryBar[] {
  const steps = barSteps(query, sessions);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same, a step for each session: many of them take seconds. */
export function* barSteps(query: BarQuery, sessions: readonly TradingSession[]): Generator<undefined, HistoryBar[]> {
  const bars: HistoryBar[] = [];
  const { size, instrument } = query;
  const builder = new BarBuilder(query, bars);
  const secondsMs = size.ms === 1000 ? 1000 : undefined;
  for (const session of sessions) {
    const midnight = utcOf(localDay(session.startMs, instrument.hours.rule.zone), 0, instrument.hours.rule.zone);
    for (let at = Math.ceil(session.startMs / SPAN_MS) * SPAN_MS; at < session.endMs; at += SPAN_MS) {
      if (secondsMs !== undefined) builder.addSeconds(at, session);
      else {
        const start = size.ms === undefined ? session.startMs : Math.max(session.startMs, gridStart(at, midnight, size.ms));
        builder.add(at, start, size.ms === undefined ? periodOf(session.day, size.whole) : start, session.day);
      }
    }
    if (size.ms !== undefined) builder.finish();
    yield;
  }
  builder.finish();
  return bars;
}

/** Bars stand on the grid of the exchange's day, so the first of a session may be shorter. */
const gridStart = (at: number, midnight: number, sizeMs: number): number => midnight + Math.floor((at - midnight) / sizeMs) * sizeMs;

/** The bar that is under way at a time, made of what is over of it; undefined when nothing has traded. */
export function presentBar(query: BarQuery, untilMs: number, liquidOnly: boolean): HistoryBar | undefined {
  const { hours } = query.instrument;
  const { size } = query;
  const session = hours.at(untilMs - 1, liquidOnly);
  if (session === undefined) return undefined;
  if (size.ms === undefined) {
    const sessions = hours.lastBefore(untilMs, size.whole === 'day' ? 1 : size.whole === 'week' ? 5 : 23, liquidOnly);
    return buildBars(query, sessions.map((each) => ({ ...each, endMs: Math.min(each.endMs, untilMs) }))).at(-1);
  }
  const midnight = utcOf(localDay(session.startMs, hours.rule.zone), 0, hours.rule.zone);
  const startMs = Math.max(session.startMs, gridStart(untilMs - 1, midnight, size.ms));
  return buildBars(query, [{ day: session.day, startMs, endMs: untilMs }]).at(-1);
}

/** A number that all sessions of one day, week or month share. */
function periodOf(day: CalendarDay, whole: 'day' | 'week' | 'month'): number {
  if (whole === 'day') return day * DAY_MS;
  if (whole === 'week') return (day - ((weekday(day) + 6) % 7)) * DAY_MS;
  const { year, month } = dayParts(day);
  return Date.UTC(year, month - 1, 1);
}

/** Puts spans of five seconds together. */
class BarBuilder {
  private readonly span = new Float64Array(5);
  private period = NaN;
  private startMs = 0;
  private day: CalendarDay = 0;
  private open = 0;
  private high = 0;
  private low = 0;
  private close = 0;
  private volume = 0;
  private turnover = 0;
  private bidSum = 0;
  private askSum = 0;
  private spans = 0;

  constructor(private readonly query: BarQuery, private readonly bars: HistoryBar[]) {}

  add(at: number, startMs: number, period: number, day: CalendarDay): void {
    const { span } = this;
    if (!this.query.prices.span(at, span)) return;
    this.put(at, startMs, period, day, span[OPEN] as number, span[HIGH] as number, span[LOW] as number, span[CLOSE] as number, span[VOLUME] as number);
  }

  /** The five bars of one second inside a span. */
  addSeconds(at: number, session: TradingSession): void {
    const { span, query } = this;
    if (!query.prices.span(at, span)) return;
    const volume = span[VOLUME] as number;
    for (let second = 0; second < 5; second += 1) {
      const startMs = at + second * 1000;
      if (startMs < session.startMs || startMs >= session.endMs) continue;
      const inside = [0, 250, 500, 750, 999].map((offset) => toTick(priceInside(span, second * 1000 + offset), query.instrument.minTick));
      const part = Math.floor((volume * (second + 1)) / 5) - Math.floor((volume * second) / 5);
      this.put(at, startMs, startMs, session.day, inside[0] as number, Math.max(...inside), Math.min(...inside), inside[4] as number, part);
    }
  }

  finish(): void {
    if (this.spans === 0) return;
    const { show } = this.query;
    const traded = show === 'TRADES';
    const quotes = show === 'BID_ASK';
    this.bars.push({
      startMs: this.startMs, day: this.day, open: quotes ? rounded(this.bidSum / this.spans) : this.open, high: this.high, low: this.low,
      close: quotes ? rounded(this.askSum / this.spans) : this.close, volume: traded ? this.volume : -1,
      average: traded ? rounded(this.volume > 0 ? this.turnover / this.volume : (this.high + this.low + this.close) / 3) : -1, count: traded ? Math.ceil(this.volume / 2.5) : -1,
    });
    this.spans = 0;
    this.period = NaN;
  }

  private put(at: number, startMs: number, period: number, day: CalendarDay, open: number, high: number, low: number, close: number, volume: number): void {
    const { instrument, seed, show } = this.query;
    let up = 0;
    let down = 0;
    if (show !== 'TRADES') {
      const bid = bidFor(open, instrument, at, seed) - open;
      const ask = bid + instrument.minTick;
      up = show === 'BID' ? bid : show === 'ASK' || show === 'BID_ASK' ? ask : (bid + ask) / 2;
      down = show === 'BID_ASK' ? bid : up;
    }
    if (period !== this.period) {
      this.finish();
      this.period = period;
      this.startMs = startMs;
      this.open = rounded(open + down);
      this.high = -Infinity;
      this.low = Infinity;
      this.volume = this.turnover = this.bidSum = this.askSum = 0;
    }
    this.day = day;
    this.high = Math.max(this.high, rounded(high + up));
    this.low = Math.min(this.low, rounded(low + down));
    this.close = rounded(close + up);
    this.volume += volume;
    this.turnover += volume * ((high + low + close) / 3);
    this.bidSum += open + down;
    this.askSum += open + up;
    this.spans += 1;
  }
}

const rounded = (price: number): number => Math.round(price * 1e8) / 1e8;
