import type { Quote } from '../market/quote.js';
import { emptyQuote } from '../market/quote.js';
import { TICK, tickPriceMessage, tickSizeMessage, tickStringMessage, type TickNumbers } from '../protocol/market-data.js';
import type { Session } from '../server/session.js';

/** What of a quote a client gets. */
export interface QuoteView {
  /** Live or delayed numbers of the ticks. */
  readonly numbers: TickNumbers;
  /** Trades only: the quotes are not subscribed. */
  readonly tradesOnly: boolean;
  /** Each trade with the volume of the day, generic tick 233. */
  readonly tradeVolume: boolean;
}

/** Tells a client what changed in a quote since it was last told. */
export class QuoteTeller {
  private readonly told: Quote = emptyQuote();
  private toldSecond = NaN;

  constructor(private readonly session: Session, private readonly requestId: number, private readonly view: QuoteView) {}

  /** @param traded there was a trade, even if price and size are as before */
  tell(quote: Quote, traded: boolean): void {
    const { numbers, tradesOnly } = this.view;
    const { told } = this;
    if (!tradesOnly) {
      this.side(numbers.bid, numbers.bidSize, quote.bid, quote.bidSize, told.bid, told.bidSize);
      this.side(numbers.ask, numbers.askSize, quote.ask, quote.askSize, told.ask, told.askSize);
    }
    if (traded && !Number.isNaN(quote.last)) this.trade(quote);
    this.price(numbers.open, quote.open, told.open);
    this.price(numbers.high, quote.high, told.high);
    this.price(numbers.low, quote.low, told.low);
    this.price(numbers.close, quote.close, told.close);
    Object.assign(told, quote);
  }

  private trade(quote: Quote): void {
    const { session, requestId, told } = this;
    const { numbers, tradeVolume } = this.view;
    this.side(numbers.last, numbers.lastSize, quote.last, quote.lastSize, told.last, told.lastSize);
    if (quote.volume !== told.volume) session.send(tickSizeMessage(requestId, numbers.volume, quote.volume));
    const second = Math.floor(quote.lastTimeMs / 1000);
    if (second !== this.toldSecond) {
      this.toldSecond = second;
      session.send(tickStringMessage(requestId, numbers.lastTime, String(second)));
    }
    if (tradeVolume) {
      const average = (quote.high + quote.low + quote.last) / 3;
      session.send(tickStringMessage(requestId, TICK.tradeVolume, `${quote.last};${quote.lastSize};${Math.floor(quote.lastTimeMs)};${quote.volume};${average};true`));
    }
  }

  /** A price carries its size; a size alone goes alone. */
  private side(priceKind: number, sizeKind: number, price: number, size: number, oldPrice: number, oldSize: number): void {
    if (Number.isNaN(price)) return;
    const { session, requestId } = this;
    if (price !== oldPrice) session.send(tickPriceMessage(requestId, priceKind, price, size, priceKind === this.view.numbers.last ? 0 : 1));
    if (size !== oldSize) session.send(tickSizeMessage(requestId, sizeKind, size));
  }

  private price(kind: number, price: number, old: number): void {
    if (!Number.isNaN(price) && price !== old) this.session.send(tickPriceMessage(this.requestId, kind, price, 0, 0));
  }
}
