import type { BarColumns, InstrumentId } from '@keelson/core/domain';
import { isoTime, toUtcMs } from '@keelson/core/domain';
import { BrokerError, ConfigError, messageOf } from '@keelson/core/errors';
import type { DataFeed, DataFeedCapabilities, DataProvenance, Finding, HistoryRequest, LiveHandlers, VenueContext } from '@keelson/core/ports';
import type { MarketDataType } from '@stoqey/ib';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { IbConnection } from '../connection.js';
import type { ResolvedContract } from '../contracts/resolve-contract.js';
import { diagnoseConnection, diagnoseContract, diagnoseHours, diagnoseMarketData } from '../diagnose.js';
import { hoursDifferences } from '../contracts/hours-differences.js';
import { barSizeOf } from '../history/bar-sizes.js';
import { History } from '../history/history.js';
import type { ConnectionSettings } from '../settings.js';
import { LiveSeries } from './live-series.js';
import { LiveTicks } from './live-ticks.js';
import { PIECE_MS } from './period-bars.js';

/** Settings of the feed, under `data:`. */
export const feedParams = z.strictObject({
  continuous: z.boolean().default(true).describe('History of a future joins its expiries, moved so that there is no step at a roll; orders always go to the real contract.'),
  source: z.enum(['auto', 'TRADES', 'MIDPOINT', 'BID', 'ASK']).default('auto').describe('What prices are of; `auto`: midpoints for currencies, else trades.'),
  live: z.enum(['bars', 'ticks']).default('bars').describe('`bars`: live bars of five seconds, put together; `ticks`: every trade and quote, of which the gateway gives few instruments at a time.'),
  depth: z.boolean().default(false).describe('Bars carry the best bid and ask with their sizes.'),
});

export type FeedParams = z.output<typeof feedParams>;

const DATA_TYPES: Readonly<Record<ConnectionSettings['marketData'], number>> = { live: 1, frozen: 2, delayed: 3, 'delayed-frozen': 4 };

/** Bars of Interactive Brokers: history inside the pacing rules, joined to live bars without hole or overlap. */
export class IbkrFeed implements DataFeed {
  readonly capabilities: DataFeedCapabilities;
  private release: (() => void) | undefined;
  private readonly history_: History;
  private readonly read = new Map<string, { readonly name: string; readonly hash: ReturnType<typeof createHash> }>();
  private readonly notes = new Set<string>();

  constructor(
    private readonly connection: IbConnection,
    private readonly settings: ConnectionSettings,
    private readonly context: VenueContext<FeedParams>,
  ) {
    const { params, timeframe, instruments } = context;
    barSizeOf(timeframe);
    if (timeframe.ms % PIECE_MS !== 0) throw new ConfigError('CFG_TYPE', `data.timeframe was ${timeframe.id}, expected a multiple of 5s`, { hint: 'choose another one' });
    const trades = params.source === 'TRADES' || (params.source === 'auto' && instruments.every(({ type }) => type !== 'forex' && type !== 'spot'));
    this.capabilities = { history: true, live: true, volume: trades, depth: params.depth, ...(params.live === 'ticks' ? { ticks: true } : {}) };
    this.history_ = new History(connection.gateway, connection.pacing, params);
    if (settings.marketData.startsWith('delayed')) this.notes.add('market data are delayed by 10 to 20 minutes: decisions are made on old prices');
  }

  async connect(): Promise<void> {
    const { connection, context, settings } = this;
    this.release?.();
    this.release = await connection.gateway.connect();
    connection.gateway.api.reqMarketDataType(DATA_TYPES[settings.marketData] as MarketDataType);
    await connection.resolve(context.instruments);
    const now = await connection.now();
    for (const { id, calendar } of context.instruments) {
      const resolved = connection.contractOf(id);
      const own = context.calendars[calendar];
      if (resolved !== undefined && own !== undefined) for (const difference of hoursDifferences(resolved.details, own, now)) this.notes.add(`hours of ${id}: ${difference}`);
    }
  }

  async disconnect(): Promise<void> {
    this.release?.();
    this.release = undefined;
    this.connection.pacing.stop();
  }

  async *history(request: HistoryRequest): AsyncIterable<BarColumns> {
    const resolved = await this.resolved(request.instrument.id, request);
    const now = await this.connection.now();
    for await (const chunk of this.history_.bars(resolved, request, now)) {
      this.note(resolved, chunk);
      yield chunk;
    }
  }

  subscribe(requests: readonly HistoryRequest[], handlers: LiveHandlers): () => void {
    const { connection, context } = this;
    const { params, timer, logger } = context;
    const running = new Map<InstrumentId, LiveSeries | LiveTicks>();
    let ended = false;
    const fail = (error: Error): void => {
      if (ended) return;
      end();
      handlers.onError(error);
    };
    const end = (): void => {
      ended = true;
      stop();
      stopRolls();
      for (const each of running.values()) each.stop();
    };
    const guarded: LiveHandlers = { ...handlers, onError: fail };
    const open = (request: HistoryRequest): void => {
      const resolved = connection.contractOf(request.instrument.id);
      if (resolved === undefined) throw new BrokerError('BRK_CONNECTION', `${request.instrument.id} is not connected`, { retry: 'safe' });
      const source = params.source === 'auto' ? (resolved.contract.secType === 'CASH' ? 'MIDPOINT' : 'TRADES') : params.source;
      const series = params.live === 'ticks' ? new LiveTicks(connection, resolved, guarded, params.depth) : new LiveSeries({ connection, resolved, request, history: this.history_, handlers: guarded, timer, logger, source, withDepth: params.depth });
      running.set(request.instrument.id, series);
      series.start();
    };
    const stopRolls = connection.onRoll(({ instrument: { id }, contract }) => {
      const request = requests.find(({ instrument }) => instrument.id === id);
      const series = running.get(id);
      if (request === undefined || series === undefined) return undefined;
      this.notes.add(`${id} went over to ${contract.localSymbol ?? contract.symbol} during the run: bars before it are not adjusted, and indicators see the step`);
      const from = series instanceof LiveSeries ? series.lacking : undefined;
      series.stop();
      try {
        open(from === undefined ? request : { ...request, from: toUtcMs(from) });
      } catch (thrown) {
        fail(thrown instanceof Error ? thrown : new Error(messageOf(thrown)));
      }
      return from;
    });
    const stop = connection.gateway.listen({
      onLost: (reason) => fail(new BrokerError('BRK_CONNECTION', reason, { retry: 'safe' })),
      onRestored: (dataKept) => {
        if (!dataKept) fail(new BrokerError('BRK_CONNECTION', 'the gateway lost its subscriptions', { retry: 'safe' }));
      },
    });
    try {
      for (const request of requests) open(request);
    } catch (thrown) {
      // a subscriber waits for `onError`, which must not come before it has the way to end
      const error = thrown instanceof Error ? thrown : new Error(messageOf(thrown));
      timer.after(0, () => fail(error));
    }
    return end;
  }

  provenance(): readonly DataProvenance[] {
    return [...this.read].map(([instrument, { name, hash }]) => ({ instrument, source: `ibkr:${name}`, hash: `sha256:${hash.copy().digest('hex')}` }));
  }

  warnings(): readonly string[] {
    return [...this.notes];
  }

  async diagnose(): Promise<readonly Finding[]> {
    const { connection, context } = this;
    const { findings, release } = await diagnoseConnection(connection);
    if (!connection.gateway.isReady) return findings;
    try {
      const now = await connection.now();
      const contracts = context.instruments.map((instrument) => diagnoseContract(connection, instrument, now));
      const hours = context.instruments.flatMap((instrument) => diagnoseHours(connection, instrument, context.calendars[instrument.calendar], now));
      const data: Finding[] = [];
      for (const instrument of context.instruments) data.push(await diagnoseMarketData(connection, instrument, context.timer));
      return [...contracts, ...hours, ...data];
    } finally {
      release();
    }
  }

  /** Also an instrument that is not of the account, for context. */
  private async resolved(id: string, { instrument }: HistoryRequest): Promise<ResolvedContract> {
    await this.connection.resolve([instrument]);
    const found = this.connection.contractOf(id);
    if (found === undefined) throw new BrokerError('BRK_CONNECTION', `${id} could not be found at the gateway`, { retry: 'safe' });
    return found;
  }

  private note({ instrument, contract }: ResolvedContract, chunk: BarColumns): void {
    let known = this.read.get(instrument.id);
    if (known === undefined) {
      known = { name: `${contract.localSymbol ?? contract.symbol}/${isoTime(toUtcMs(chunk.time[0] as number))}`, hash: createHash('sha256') };
      this.read.set(instrument.id, known);
    }
    for (const column of [chunk.time, chunk.open, chunk.high, chunk.low, chunk.close, chunk.volume]) known.hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
}
