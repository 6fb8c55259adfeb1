import type { Bar, BarColumns } from '@keelson/core/domain';
import { toPrice, toUtcMs } from '@keelson/core/domain';
import { BROKER, DATA_FEED, defineBroker, defineDataFeed, definePlugin, type LoadedPlugin } from '@keelson/core/plugin';
import type { Broker, Clock, DataFeedCapabilities, HistoryRequest, LiveHandlers, VenueContext } from '@keelson/core/ports';
import { simulatedParams, type SimulatedParams } from '@keelson/plugin-simulated';
import { sliceBars } from '@keelson/core/series';
import { z } from 'zod';
import type { TimedBars } from './moments.js';

export const CHAOS_VENUE = 'chaos-venue';
export const CHAOS_BARS = 'chaos-bars';

/** Recorded bars as a live feed: what has closed is history, what closes now is given by hand. */
export class HandedFeed {
  handlers: LiveHandlers | undefined;

  constructor(
    private readonly instruments: readonly string[],
    private readonly bars: readonly TimedBars[],
    private readonly clock: Clock,
    private readonly volume: boolean,
  ) {}

  give(instrument: number, columns: BarColumns, row: number): void {
    const of = (column: Float64Array): number => column[row] as number;
    const bar: Bar = { time: toUtcMs(of(columns.time)), open: toPrice(of(columns.open)), high: toPrice(of(columns.high)), low: toPrice(of(columns.low)), close: toPrice(of(columns.close)), volume: of(columns.volume) };
    this.handlers?.onBar(this.instruments[instrument] as string, bar);
  }

  get capabilities(): DataFeedCapabilities {
    return { history: true, live: true, volume: this.volume, depth: false };
  }

  async *history({ instrument, from = toUtcMs(0) }: HistoryRequest): AsyncGenerator<BarColumns> {
    const { columns, closes } = this.bars[this.instruments.indexOf(instrument.id)] as TimedBars;
    const now = this.clock.now();
    let first = 0;
    while (first < columns.length && (columns.time[first] as number) < from) first++;
    let end = first;
    while (end < columns.length && (closes[end] as number) <= now) end++;
    if (end > first) yield sliceBars(columns, first, end);
  }
}

/** What takes the place of an account's feed and broker while it is put to the test. */
export function chaosPlugin(connect: (context: VenueContext<SimulatedParams>) => Broker, feed: HandedFeed): LoadedPlugin {
  const plugin = definePlugin({
    name: '@keelson/chaos',
    version: '1.0.0',
    api: '^1.0.0',
    provides: ['broker', 'data-feed'],
    register({ add }) {
      add(BROKER, CHAOS_VENUE, defineBroker({ params: simulatedParams, create: connect }));
      add(
        DATA_FEED,
        CHAOS_BARS,
        defineDataFeed({
          params: z.unknown(),
          create: () => ({
            capabilities: feed.capabilities,
            connect: async () => undefined,
            disconnect: async () => undefined,
            history: (request: HistoryRequest) => feed.history(request),
            subscribe: (_requests: unknown, handlers: LiveHandlers) => {
              feed.handlers = handlers;
              return () => void (feed.handlers = undefined);
            },
            provenance: () => [],
            warnings: () => [],
          }),
        }),
      );
    },
  });
  return { plugin, config: {}, source: plugin.name };
}
