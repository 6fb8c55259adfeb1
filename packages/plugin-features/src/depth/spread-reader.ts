import type { BarWindow } from '@keelson/core/domain';
import { Sample } from '../numeric/sample.js';
import { TickScale } from '../numeric/tick-scale.js';
import type { BookReader } from './book-percentile.js';
import { Quotes } from './quotes.js';

/** Ask less bid of the newest bar, without the noise of the subtraction where both lie on the tick grid. */
export class SpreadReader implements BookReader {
  readonly quotes = new Quotes();
  /** In price; NaN where a side is absent or the quotes are crossed. In an array, to be pushed on. */
  readonly value = new Float64Array(1);
  ticks = NaN;
  private readonly bid = new Sample();
  private readonly ask = new Sample();
  private readonly scale: TickScale;

  constructor(private readonly tickSize: number) {
    this.scale = TickScale.of(tickSize, 2);
  }

  read(bars: BarWindow): void {
    const { quotes, bid, ask, scale } = this;
    quotes.read(bars);
    bid.price = quotes.bid;
    ask.price = quotes.ask;
    scale.locate(bid);
    scale.locate(ask);
    let ticks = ask.ticks - bid.ticks;
    let price = scale.price(ticks, 1);
    if (ticks !== ticks) {
      price = quotes.ask - quotes.bid;
      ticks = price / this.tickSize;
    }
    this.value[0] = price >= 0 ? price : NaN;
    this.ticks = price >= 0 ? ticks : NaN;
  }
}
