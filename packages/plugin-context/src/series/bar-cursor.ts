import type { BarColumns } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import type { DataFeedCapabilities, OpenedFeed } from '@keelson/core/ports';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The newest closed bars of a feed at any time, read forward as time goes on. */
export class BarCursor {
  /** Closes of the newest bars, oldest first: prices, and when they became known. */
  readonly prices: number[] = [];
  readonly closedAt: number[] = [];
  private connected: Promise<void> | undefined;
  private chunks: AsyncIterator<BarColumns> | undefined;
  private chunk: BarColumns | undefined;
  private row = 0;
  private over = false;
  private lastOpen = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly opened: OpenedFeed,
    /** Closes that are kept. */
    private readonly kept: number,
  ) {}

  get capabilities(): DataFeedCapabilities {
    return this.opened.feed.capabilities;
  }

  /** Takes every bar that closed by `time`; after a failure the next call begins anew. */
  async advance(time: number): Promise<void> {
    const { feed } = this.opened;
    try {
      await (this.connected ??= feed.connect());
    } catch (error) {
      this.connected = undefined;
      throw error;
    }
    try {
      await this.takeUntil(time);
    } catch (error) {
      this.chunks = undefined;
      this.chunk = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.chunks?.return?.();
    if (this.connected === undefined) return;
    await this.connected.catch(() => undefined);
    await this.opened.feed.disconnect();
  }

  private async takeUntil(time: number): Promise<void> {
    const { feed, request } = this.opened;
    if (this.over) {
      if (!feed.capabilities.live) return;
      this.over = false;
    }
    // long enough for the bars that are kept, over nights, weekends and holidays
    const reach = (this.kept + 1) * request.timeframe.ms * 6 + 10 * DAY_MS;
    const from = toUtcMs(Math.max(this.lastOpen + 1, time - reach));
    this.chunks ??= feed.history({ ...request, from })[Symbol.asyncIterator]();
    for (;;) {
      if (this.chunk === undefined || this.row >= this.chunk.length) {
        const next = await this.chunks.next();
        if (next.done === true) return this.end();
        this.chunk = next.value;
        this.row = 0;
        continue;
      }
      const open = this.chunk.time[this.row] as number;
      const closed = this.closeOf(open);
      if (closed > time) return;
      this.take(open, closed, this.chunk.close[this.row] as number);
      this.row++;
    }
  }

  private take(open: number, closed: number, price: number): void {
    if (open <= this.lastOpen) return;
    this.lastOpen = open;
    this.prices.push(price);
    this.closedAt.push(closed);
    if (this.prices.length > this.kept) {
      this.prices.shift();
      this.closedAt.shift();
    }
  }

  private end(): void {
    this.over = true;
    this.chunks = undefined;
    this.chunk = undefined;
  }

  /** Bars of an hour and more may be cut short by the end of the session. */
  private closeOf(open: number): number {
    const { timeframe, calendar } = this.opened.request;
    if (!timeframe.session && timeframe.ms < HOUR_MS) return open + timeframe.ms;
    const session = calendar.sessionAt(toUtcMs(open));
    if (session === undefined) return open + timeframe.ms;
    return timeframe.session ? session.close : Math.min(open + timeframe.ms, session.close);
  }
}
