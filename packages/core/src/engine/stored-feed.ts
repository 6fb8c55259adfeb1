import type { Instrument, InstrumentId } from '../domain/instrument.js';
import type { Bar, BarColumns, Timeframe } from '../domain/market-data.js';
import type { SessionCalendar } from '../domain/session-calendar.js';
import { toUtcMs } from '../domain/units.js';
import { messageOf } from '../errors.js';
import type { BarSeries, BarSpan, BarStore, ComputedBars } from '../ports/bar-store.js';
import type { DataFeed, DataFeedCapabilities, DataProvenance, HistoryRequest } from '../ports/data-feed.js';
import type { LiveHandlers } from '../ports/live-handlers.js';
import type { Logger } from '../ports/runtime.js';
import { allocateBars, joinBars, sliceBars } from '../series/bar-columns.js';
import { hasSessionTime, missingParts } from './missing-parts.js';

/**
 * A feed with a memory: what was fetched once is read from a store, and the feed is only asked for what is missing.
 * What it answers is kept, and so are live bars. A part is kept up to its newest bar, or up to bars that are known to
 * come after it: a feed that is late is not taken for one that has nothing.
 *
 * A store that cannot be opened is refused; one that fails later is left alone, and the feed goes on without it.
 */
export class StoredFeed implements DataFeed {
  private failed: string | undefined;
  /** Writes of live bars and of features, one after the other, off the bar path. */
  private writing: Promise<void> = Promise.resolve();
  /** Where the newest kept span of each series ends. */
  private readonly ends = new Map<string, number>();

  constructor(
    private readonly feed: DataFeed,
    private readonly store: BarStore,
    /** Tells this feed with these settings from others in the store, and an instrument from others of its name. */
    private readonly sourceOf: (instrument: Instrument) => string,
    private readonly logger: Logger,
  ) {
    if (feed.subscribe !== undefined) this.subscribe = (requests, handlers) => this.listen(requests, handlers);
    if (feed.diagnose !== undefined) this.diagnose = () => (feed.diagnose as NonNullable<DataFeed['diagnose']>)();
    if (feed.carries !== undefined) this.carries = (instrument) => (feed.carries as NonNullable<DataFeed['carries']>)(instrument);
  }

  readonly subscribe?: (requests: readonly HistoryRequest[], handlers: LiveHandlers) => () => void;
  readonly diagnose?: NonNullable<DataFeed['diagnose']>;
  readonly carries?: (instrument: InstrumentId) => Pick<DataFeedCapabilities, 'volume' | 'depth'>;

  get capabilities(): DataFeedCapabilities {
    return this.feed.capabilities;
  }

  async connect(): Promise<void> {
    await this.store.open();
    try {
      await this.feed.connect();
    } catch (thrown) {
      await this.store.close();
      throw thrown;
    }
  }

  async disconnect(): Promise<void> {
    try {
      await this.feed.disconnect();
    } finally {
      await this.writing;
      await this.store.close();
    }
  }

  async *history(request: HistoryRequest): AsyncGenerator<BarColumns> {
    const series = this.seriesOf(request);
    const whole = { from: request.from ?? Number.NEGATIVE_INFINITY, to: request.to ?? Number.POSITIVE_INFINITY };
    await this.writing;
    if (this.failed !== undefined) {
      yield* this.feed.history(request);
      return;
    }
    const kept = await this.store.spans(series);
    const parts = missingParts(whole, kept, request.calendar);
    for (const { span, missing, isLast } of parts) {
      if (missing) yield* this.fetch(request, series, span, isLast);
      else {
        yield* this.store.read(series, span);
        this.ends.set(keyOf(series), span.to);
      }
    }
  }

  /** Does `write` when what came before is kept. */
  afterWrites(write: () => Promise<void>): void {
    this.writing = this.writing.then(write);
  }

  /** Keeps what features made of bars, of the feed's own timeframe or built from it. */
  async keepFeatures(instrument: Instrument, timeframe: Timeframe, computed: readonly ComputedBars[]): Promise<void> {
    await this.attempt(() => this.store.keepFeatures(this.seriesOf({ instrument, timeframe }), computed));
  }

  provenance(): readonly DataProvenance[] {
    return this.feed.provenance();
  }

  warnings(): readonly string[] {
    return this.failed === undefined ? this.feed.warnings() : [...this.feed.warnings(), `bars are no longer kept: ${this.failed}`];
  }

  /** Bars of the feed, kept as they come: who stops in the middle keeps what was seen. */
  private async *fetch(request: HistoryRequest, series: BarSeries, span: BarSpan, isLast: boolean): AsyncGenerator<BarColumns> {
    let { from } = span;
    const bounds = { ...(span.from === Number.NEGATIVE_INFINITY ? {} : { from: toUtcMs(span.from) }), ...(span.to === Number.POSITIVE_INFINITY ? {} : { to: toUtcMs(span.to) }) };
    for await (const chunk of this.feed.history({ instrument: request.instrument, calendar: request.calendar, timeframe: request.timeframe, ...bounds })) {
      const bars = within(chunk, { from, to: span.to });
      if (bars.length === 0) continue;
      const to = Math.min(span.to, closeOf(bars.time[bars.length - 1] as number, request.timeframe, request.calendar));
      await this.keep(series, { from, to }, bars);
      from = to;
      yield bars;
    }
    // bars that come after are known, so the feed has no more of this part
    if (!isLast && from < span.to) await this.keep(series, { from, to: span.to }, allocateBars(0));
  }

  private listen(requests: readonly HistoryRequest[], handlers: LiveHandlers): () => void {
    const byInstrument = new Map(requests.map((request) => [request.instrument.id, request]));
    return (this.feed.subscribe as NonNullable<DataFeed['subscribe']>)(requests, {
      ...handlers,
      onBar: (instrument, bar) => {
        const request = byInstrument.get(instrument);
        if (request !== undefined) this.afterWrites(() => this.keepLive(request, bar)); // before what is computed on it
        handlers.onBar(instrument, bar);
      },
    });
  }

  /** A live bar goes on with the newest span where no session time lies between; otherwise the next start asks for what does. */
  private async keepLive({ instrument, calendar, timeframe }: HistoryRequest, bar: Bar): Promise<void> {
    const series = this.seriesOf({ instrument, timeframe });
    const end = this.ends.get(keyOf(series));
    if (end !== undefined && bar.time < end) return; // it is there already
    const from = end !== undefined && !hasSessionTime({ from: end, to: bar.time }, calendar) ? end : bar.time;
    await this.keep(series, { from, to: closeOf(bar.time, timeframe, calendar) }, columnsOf(bar));
  }

  private async keep(series: BarSeries, span: BarSpan, bars: BarColumns): Promise<void> {
    await this.attempt(async () => {
      await this.store.write(series, span, bars);
      this.ends.set(keyOf(series), span.to);
    });
  }

  private async attempt(write: () => Promise<void>): Promise<void> {
    if (this.failed !== undefined) return;
    try {
      await write();
    } catch (thrown) {
      this.failed = messageOf(thrown);
      this.logger.error(`bars are no longer kept: ${this.failed}`);
    }
  }

  private seriesOf({ instrument, timeframe }: Pick<HistoryRequest, 'instrument' | 'timeframe'>): BarSeries {
    return { source: this.sourceOf(instrument), instrument: instrument.id, timeframe: timeframe.id };
  }
}

const keyOf = ({ source, instrument, timeframe }: BarSeries): string => JSON.stringify([source, instrument, timeframe]);

/** When a bar closes: after its length, or where its session ends before. */
function closeOf(open: number, timeframe: Timeframe, calendar: SessionCalendar): number {
  const session = calendar.sessionAt(toUtcMs(open));
  if (session === undefined) return open + timeframe.ms;
  return timeframe.session ? session.close : Math.min(open + timeframe.ms, session.close);
}

/** Rows that open within the span: a feed may give more than it was asked for. */
function within(bars: BarColumns, { from, to }: BarSpan): BarColumns {
  let start = 0;
  let end = bars.length;
  while (start < end && !((bars.time[start] as number) >= from)) start++;
  while (end > start && !((bars.time[end - 1] as number) < to)) end--;
  return start === 0 && end === bars.length ? bars : joinBars([sliceBars(bars, start, end)]);
}

function columnsOf({ depth, ...bar }: Bar): BarColumns {
  const columns = allocateBars(1, depth !== undefined);
  for (const name of ['time', 'open', 'high', 'low', 'close', 'volume'] as const) columns[name][0] = bar[name];
  if (depth !== undefined && columns.depth !== undefined) for (const name of ['bid', 'ask', 'bidSize', 'askSize'] as const) columns.depth[name][0] = depth[name] ?? Number.NaN;
  return columns;
}
