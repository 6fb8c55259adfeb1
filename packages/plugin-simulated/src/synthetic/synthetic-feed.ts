import { createHash } from 'node:crypto';
import type { BarColumns } from '@keelson/core/domain';
import { defineDataFeed } from '@keelson/core/plugin';
import type { DataFeed, DataFeedCapabilities, DataProvenance, HistoryRequest } from '@keelson/core/ports';
import { barChunks } from './bar-generator.js';
import { marketModel, syntheticParams } from './synthetic-params.js';
import type { SyntheticParams } from './synthetic-params.js';

/** Changes whenever equal parameters give other bars than before. */
export const GENERATOR_VERSION = 1;
const CHUNK_BARS = 16_384;

/**
 * The data feed `synthetic`: bars from a seed, on the sessions of the instrument's calendar. Each instrument has
 * its own chance, named by the seed and its id, so neither other instruments nor the way of reading change it.
 * History only; memory does not grow with its length.
 */
export const syntheticFeed = defineDataFeed({
  params: syntheticParams,
  create: ({ params }) => new SyntheticFeed(params),
});

class SyntheticFeed implements DataFeed {
  readonly capabilities: DataFeedCapabilities;
  private readonly sources = new Map<string, DataProvenance>();

  constructor(private readonly params: SyntheticParams) {
    this.capabilities = { history: true, live: false, volume: true, depth: params.depth };
  }

  async connect(): Promise<void> {}

  async disconnect(): Promise<void> {}

  async *history(request: HistoryRequest): AsyncGenerator<BarColumns, void, undefined> {
    const { params } = this;
    const { instrument, calendar, timeframe } = request;
    const source = provenanceOf(params, request);
    this.sources.set(`${instrument.id} ${timeframe.id}`, source);
    yield* barChunks({
      model: marketModel(params, instrument.id),
      instrument,
      calendar,
      timeframe,
      start: Date.parse(params.start),
      end: Math.min(params.end === undefined ? Infinity : Date.parse(params.end), request.to ?? Infinity),
      bars: params.bars ?? Infinity,
      from: request.from ?? -Infinity,
      chunkBars: CHUNK_BARS,
      depth: params.depth,
    });
  }

  provenance(): readonly DataProvenance[] {
    return [...this.sources.values()];
  }

  warnings(): readonly string[] {
    return [];
  }
}

/** Names everything that decides the bars, in a fixed order of keys. */
function provenanceOf(params: SyntheticParams, { instrument, calendar, timeframe }: HistoryRequest): DataProvenance {
  const model = marketModel(params, instrument.id);
  const canonical = JSON.stringify([
    ['generator', GENERATOR_VERSION],
    ['seed', model.seed],
    ['startPrice', model.startPrice],
    ['annualVolatility', model.annualVolatility],
    ['annualDrift', model.annualDrift],
    ['sessionVolume', model.sessionVolume],
    ['start', Date.parse(params.start)],
    ['end', params.end === undefined ? null : Date.parse(params.end)],
    ['bars', params.bars ?? null],
    ['instrument', instrument.id],
    ['tickSize', instrument.tickSize],
    ['lotSize', instrument.lotSize],
    ['calendar', calendar.id],
    ['sessionsPerYear', calendar.sessionsPerYear],
    ['timeframe', timeframe.id],
    ...(params.depth ? [['depth', true]] : []),
  ]);
  return {
    instrument: instrument.id,
    source: `synthetic ${timeframe.id}, seed ${model.seed}`,
    hash: `sha256:${createHash('sha256').update(canonical).digest('hex')}`,
  };
}
