import { toPrice, toUtcMs } from '@keelson/core/domain';
import type { LiveHandlers } from '@keelson/core/ports';
import type { IBApi, TickByTickDataType } from '@stoqey/ib';
import type { IbConnection } from '../connection.js';
import type { ResolvedContract } from '../contracts/resolve-contract.js';
import type { Stream } from '../gateway/gateway.js';

/** Trades and quotes of one instrument, each as it came. The gateway gives few of these at a time: about one for 20 lines. */
export class LiveTicks {
  private readonly streams: Stream[] = [];

  constructor(
    private readonly connection: IbConnection,
    private readonly resolved: ResolvedContract,
    private readonly handlers: LiveHandlers,
    private readonly withQuotes: boolean,
  ) {}

  start(): void {
    const { handlers, resolved, withQuotes } = this;
    const { id } = resolved.instrument;
    this.open('AllLast', (event, [, , time, price, size]) => {
      if (event === 'tickByTickAllLast') handlers.onTick(id, { time: toUtcMs(Number(time) * 1000), price: toPrice(Number(price)), quantity: Number(size) });
    });
    if (!withQuotes) return;
    this.open('BidAsk', (event, [, time, bid, ask, bidSize, askSize]) => {
      if (event === 'tickByTickBidAsk') handlers.onQuote(id, { time: toUtcMs(Number(time) * 1000), bid: toPrice(Number(bid)), ask: toPrice(Number(ask)), bidSize: Number(bidSize), askSize: Number(askSize) });
    });
  }

  stop(): void {
    for (const stream of this.streams.splice(0)) stream.close();
  }

  private open(kind: 'AllLast' | 'BidAsk', onMessage: (event: string, args: readonly unknown[]) => void): void {
    const { contract } = this.resolved;
    this.streams.push(
      this.connection.gateway.stream(
        (ib: IBApi, id) => ib.reqTickByTickData(id, contract, kind as TickByTickDataType, 0, false),
        (ib, id) => ib.cancelTickByTickData(id),
        {
          onMessage,
          onError: (error) => {
            this.stop();
            this.handlers.onError(error);
          },
        },
      ),
    );
  }
}
