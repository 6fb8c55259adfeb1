import type { TopOfBook } from '@keelson/core/domain';
import { toPrice } from '@keelson/core/domain';
import type { Contract, IBApi } from '@stoqey/ib';
import type { IbGateway, Stream } from '../gateway/gateway.js';

/** Tick types of the best prices and sizes; the second of each is the delayed one. */
const FIELDS: ReadonlyMap<number, 'bid' | 'ask' | 'bidSize' | 'askSize'> = new Map([[1, 'bid'], [66, 'bid'], [2, 'ask'], [67, 'ask'], [0, 'bidSize'], [69, 'bidSize'], [3, 'askSize'], [70, 'askSize']]);

/** The best prices of one contract as they stand now. */
export class TopQuotes {
  private bid = Number.NaN;
  private ask = Number.NaN;
  private bidSize = Number.NaN;
  private askSize = Number.NaN;
  private stream: Stream | undefined;

  /** @param onChange told after each change */
  open(gateway: IbGateway, contract: Contract, onChange: () => void, onError: (error: Error) => void): void {
    this.stream = gateway.stream(
      (ib: IBApi, id) => ib.reqMktData(id, contract, '', false, false),
      (ib, id) => ib.cancelMktData(id),
      {
        onMessage: (event, [, field, value]) => {
          const name = event === 'tickPrice' || event === 'tickSize' ? FIELDS.get(Number(field)) : undefined;
          if (name === undefined) return;
          const number = Number(value);
          this[name] = number < 0 ? Number.NaN : number; // -1: there is none
          onChange();
        },
        onError,
      },
    );
  }

  close(): void {
    this.stream?.close();
  }

  get top(): TopOfBook {
    const { bid, ask, bidSize, askSize } = this;
    return {
      ...(bid === bid ? { bid: toPrice(bid) } : {}),
      ...(ask === ask ? { ask: toPrice(ask) } : {}),
      ...(bidSize === bidSize ? { bidSize } : {}),
      ...(askSize === askSize ? { askSize } : {}),
    };
  }
}
