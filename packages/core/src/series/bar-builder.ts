import type { Bar, Quote, Tick, Timeframe, TopOfBook } from '../domain/market-data.js';
import type { Session, SessionCalendar } from '../domain/session-calendar.js';
import { toUtcMs } from '../domain/units.js';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A bar that is being built. */
type Bucket = {
  readonly start: number;
  readonly end: number;
  /** Undefined while there were only quotes. */
  bar: Mutable<Bar> | undefined;
  /** Times of the trades that gave open and close. */
  openedAt: number;
  closedAt: number;
  quote: Quote | undefined;
};

export type BarBuilderOptions = {
  readonly timeframe: Timeframe;
  readonly calendar: SessionCalendar;
  /** Ticks are known from here on (UtcMs): a bar that opens before is not whole and is left out. */
  readonly from: number;
  /** A bar is handed over so long after its end, for ticks that come late or out of order. */
  readonly lateMs: number;
  readonly onBar: (bar: Bar) => void;
};

/**
 * Builds bars from trades and quotes, on session boundaries. Ticks may come out of order: the earliest by its own time
 * opens a bar, the latest closes it, equal times count in the order they came. A span without a trade gives no bar.
 * The depth of a bar is the newest quote at its end, also one of long before.
 */
export class BarBuilder {
  /** Ticks that came after their bar was handed over. */
  late = 0;
  /** Ticks outside of sessions, and those that are no numbers. */
  refused = 0;
  /** Open buckets, oldest first. */
  private buckets: Bucket[] = [];
  private handedOver: number;
  private quote: Quote | undefined;
  private session: Session | undefined;

  constructor(private readonly options: BarBuilderOptions) {
    this.handedOver = options.from;
  }

  /** When {@link turnTo} has something to do next; undefined while nothing is open. */
  get due(): number | undefined {
    const first = this.buckets[0];
    return first === undefined ? undefined : first.end + this.options.lateMs;
  }

  trade(tick: Tick): void {
    const { time, price, quantity } = tick;
    const bucket = Number.isFinite(price) && quantity >= 0 ? this.bucketOf(time) : this.refuse();
    if (bucket !== undefined) {
      const { bar } = bucket;
      if (bar === undefined) {
        bucket.bar = { time: toUtcMs(bucket.start), open: price, high: price, low: price, close: price, volume: quantity };
        bucket.openedAt = bucket.closedAt = time;
      } else {
        if (price > bar.high) bar.high = price;
        if (price < bar.low) bar.low = price;
        bar.volume += quantity;
        if (time < bucket.openedAt) {
          bar.open = price;
          bucket.openedAt = time;
        }
        if (time >= bucket.closedAt) {
          bar.close = price;
          bucket.closedAt = time;
        }
      }
    }
    this.turnTo(time);
  }

  /** The best prices as they stand from now on. */
  top(quote: Quote): void {
    const bucket = this.bucketOf(quote.time);
    if (bucket !== undefined && (bucket.quote === undefined || quote.time >= bucket.quote.time)) bucket.quote = quote;
    this.turnTo(quote.time);
  }

  /** It is `now`: bars whose time for late ticks is over are handed over, oldest first. */
  turnTo(now: number): void {
    const { lateMs, onBar } = this.options;
    for (let first = this.buckets[0]; first !== undefined && first.end + lateMs <= now; first = this.buckets[0]) {
      this.buckets.shift();
      this.handedOver = first.end;
      if (first.quote !== undefined) this.quote = first.quote;
      if (first.bar !== undefined) onBar(this.quote === undefined ? first.bar : { ...first.bar, depth: depthOf(this.quote) });
    }
  }

  private bucketOf(time: number): Bucket | undefined {
    let { session } = this;
    if (session === undefined || !(time >= session.open && time < session.close)) session = Number.isFinite(time) ? this.options.calendar.sessionAt(toUtcMs(time)) : undefined;
    if (session === undefined) return this.refuse();
    this.session = session;
    const { ms, session: whole } = this.options.timeframe;
    const start = whole ? session.open : session.open + Math.floor((time - session.open) / ms) * ms;
    if (start < this.handedOver) {
      if (start >= this.options.from) this.late++;
      return undefined;
    }
    const at = this.buckets.findIndex((each) => each.start >= start);
    const found = this.buckets[at];
    if (found?.start === start) return found;
    const bucket: Bucket = { start, end: whole ? session.close : Math.min(start + ms, session.close), bar: undefined, openedAt: time, closedAt: time, quote: undefined };
    this.buckets.splice(at < 0 ? this.buckets.length : at, 0, bucket);
    return bucket;
  }

  private refuse(): undefined {
    this.refused++;
    return undefined;
  }
}

const depthOf = ({ bid, ask, bidSize, askSize }: Quote): TopOfBook => ({ bid, ask, bidSize, askSize });
