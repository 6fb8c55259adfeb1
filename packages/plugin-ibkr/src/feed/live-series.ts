import { toPrice, toUtcMs, type Bar } from '@keelson/core/domain';
import { messageOf } from '@keelson/core/errors';
import type { HistoryRequest, LiveHandlers, Logger, Timer } from '@keelson/core/ports';
import type { IBApi, WhatToShow } from '@stoqey/ib';
import type { IbConnection } from '../connection.js';
import type { ResolvedContract } from '../contracts/resolve-contract.js';
import type { Stream } from '../gateway/gateway.js';
import type { History } from '../history/history.js';
import { PeriodBars, type Period } from './period-bars.js';
import { TopQuotes } from './top-quotes.js';

/** So long after its end a period is taken for over although its last piece has not come. */
const GRACE_MS = 3_000;
/** So long after its end a bar stands in the gateway's history. */
const SETTLE_MS = 2_000;

export type LiveSeriesParts = {
  readonly connection: IbConnection;
  readonly resolved: ResolvedContract;
  readonly request: HistoryRequest;
  readonly history: History;
  readonly handlers: LiveHandlers;
  readonly timer: Timer;
  readonly logger: Logger;
  readonly source: string;
  readonly withDepth: boolean;
};

/**
 * Live bars of one instrument, from bars of five seconds. They are subscribed first; what closed before is taken from
 * history, and so is every period of which pieces were missed, the first one above all: history and live bars join
 * without a hole and without a bar twice.
 */
export class LiveSeries {
  private readonly periods: PeriodBars;
  private readonly quotes = new TopQuotes();
  private stream: Stream | undefined;
  private ended = false;
  /** Open of the newest bar that was given. */
  private given: number;
  /** Bars are given one after the other, also those that have to be looked up. */
  private queue: Promise<void> = Promise.resolve();
  private callOff: () => void = () => undefined;

  constructor(private readonly parts: LiveSeriesParts) {
    const { request } = parts;
    this.given = (request.from ?? Number.NEGATIVE_INFINITY) - 1;
    this.periods = new PeriodBars(request.timeframe, request.calendar, (period) => this.finish(period));
  }

  start(): void {
    const { connection, resolved, withDepth, request } = this.parts;
    const { gateway, pacing } = connection;
    // new subscriptions count like questions for history
    pacing.pass({ series: `${resolved.contract.conId}/live`, weight: 1 }, () => this.open(), (error) => this.fail(error));
    if (withDepth) this.quotes.open(gateway, resolved.contract, () => undefined, (error) => this.fail(error));
    if (request.from !== undefined) this.enqueue(() => this.backfill(request.from as number, undefined));
  }

  /** Bars are lacking from here on (UtcMs); undefined where it does not matter. */
  get lacking(): number | undefined {
    return Number.isFinite(this.given) ? this.given + 1 : undefined;
  }

  stop(): void {
    this.ended = true;
    this.callOff();
    this.stream?.close();
    this.quotes.close();
  }

  private open(): void {
    const { connection, resolved, source } = this.parts;
    if (this.ended) return;
    this.stream = connection.gateway.stream(
      (ib: IBApi, id) => ib.reqRealTimeBars(id, resolved.contract, 5, source as WhatToShow, false),
      (ib, id) => ib.cancelRealTimeBars(id),
      {
        onMessage: (event, [, time, open, high, low, close, volume]) => {
          if (event === 'realtimeBar') this.piece({ time: Number(time) * 1000, open: Number(open), high: Number(high), low: Number(low), close: Number(close), volume: Number(volume) });
        },
        onError: (error) => this.fail(error),
      },
    );
  }

  private piece(piece: Parameters<PeriodBars['take']>[0]): void {
    if (this.ended) return;
    this.periods.take(piece);
    this.callOff();
    const { ends } = this.periods;
    if (ends !== undefined) this.callOff = this.parts.timer.after(Math.max(0, ends - piece.time) + GRACE_MS, () => this.periods.flush(Number.POSITIVE_INFINITY));
  }

  private finish(period: Period): void {
    const depth = this.parts.withDepth ? this.quotes.top : undefined;
    if (period.complete) this.enqueue(async () => this.give(period.bar, depth));
    else {
      this.enqueue(async () => {
        await new Promise<void>((resolve) => this.parts.timer.after(SETTLE_MS, resolve));
        await this.backfill(Math.max(this.given + 1, Number.NEGATIVE_INFINITY), period, depth);
      });
    }
  }

  /** Gives the bars of the gateway's history from `from` on; those of `period` as they were seen where it has none yet. */
  private async backfill(from: number, period: Period | undefined, depth?: Bar['depth']): Promise<void> {
    const { connection, history, resolved, request } = this.parts;
    if (this.ended) return;
    const start = Number.isFinite(from) ? from : (period?.open ?? from);
    const now = period?.close ?? (await connection.now());
    for await (const chunk of history.bars(resolved, { ...request, from: toUtcMs(start), to: toUtcMs(now) }, now)) {
      for (let i = 0; i < chunk.length; i++) {
        const time = chunk.time[i] as number;
        const bar: Bar = { time: toUtcMs(time), open: toPrice(chunk.open[i] as number), high: toPrice(chunk.high[i] as number), low: toPrice(chunk.low[i] as number), close: toPrice(chunk.close[i] as number), volume: chunk.volume[i] as number };
        this.give(bar, time === period?.open ? depth : undefined);
      }
    }
    if (period !== undefined && this.given < period.open) {
      this.parts.logger.warn(`the bar of ${resolved.instrument.id} from ${new Date(period.open).toISOString()} lacks some seconds, and history does not have it yet`);
      this.give(period.bar, depth);
    }
  }

  private give(bar: Bar | undefined, depth: Bar['depth']): void {
    if (this.ended || bar === undefined || bar.time <= this.given) return;
    this.given = bar.time;
    if (this.parts.source === 'TRADES' && !(bar.volume > 0)) return; // nothing traded
    this.parts.handlers.onBar(this.parts.resolved.instrument.id, depth === undefined ? bar : { ...bar, depth });
  }

  private enqueue(step: () => Promise<void>): void {
    this.queue = this.queue.then(step).catch((thrown: unknown) => this.fail(thrown instanceof Error ? thrown : new Error(messageOf(thrown))));
  }

  private fail(error: Error): void {
    if (this.ended) return;
    this.stop();
    this.parts.handlers.onError(error);
  }
}
