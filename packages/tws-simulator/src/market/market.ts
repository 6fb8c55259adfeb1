import type { ClockTimer, SimulatorClock } from '../clock/simulator-clock.js';
import type { Instrument } from '../reference/instrument.js';
import { LiveQuote, type GivenPrice, type QuoteChange } from './live-quote.js';
import { SPAN_MS, type PriceSource } from './price-source.js';
import type { Quote, Tick } from './quote.js';
import { SetPrices } from './set-prices.js';

/** Prices of all contracts: history, and quotes that move with the clock while someone watches. */
export class Market {
  private readonly live = new Map<number, LiveQuote>();
  private readonly watched = new Map<number, number>();
  private readonly tickListeners = new Set<(tick: Tick) => void>();
  private readonly spanListeners = new Set<(endMs: number) => void>();
  private readonly stepMs: number;
  private tickTimer: ClockTimer | undefined;
  private spanTimer: ClockTimer | undefined;

  /**
   * @param sourceOf where the prices of a contract come from
   * @param ticksPerSecond of each contract that is watched
   */
  constructor(private readonly clock: SimulatorClock, private readonly sourceOf: (instrument: Instrument) => PriceSource, readonly seed: number, ticksPerSecond: number) {
    this.stepMs = 1000 / ticksPerSecond;
  }

  /** Prices of a contract, past ones and those set by hand. */
  prices(instrument: Instrument): PriceSource {
    return this.liveOf(instrument).prices;
  }

  /** The quote now. Read it, do not keep it. */
  quote(instrument: Instrument): Quote {
    const live = this.liveOf(instrument);
    if (!this.watched.has(instrument.conId)) live.moveTo(this.clock.now(), this.stepMs);
    if (Number.isNaN(live.quote.last) && Number.isNaN(live.quote.bid)) {
      // closed now: what the last session ended with
      const last = instrument.hours.lastBefore(this.clock.now(), 1, false)[0];
      if (last !== undefined) live.moveTo(last.endMs - this.stepMs, this.stepMs);
    }
    return live.quote;
  }

  /** A quote that follows the market some time behind; its holder moves it. */
  lateQuote(instrument: Instrument): LiveQuote {
    return new LiveQuote(instrument, this.liveOf(instrument).prices, this.seed, true);
  }

  /** Ms between two changes of a quote. */
  get tickMs(): number {
    return this.stepMs;
  }

  /** Lets the quote of a contract move with the clock. @returns ends it */
  watch(instrument: Instrument): () => void {
    const { conId } = instrument;
    this.quote(instrument);
    this.watched.set(conId, (this.watched.get(conId) ?? 0) + 1);
    this.startTicking();
    let over = false;
    return () => {
      if (over) return;
      over = true;
      const left = (this.watched.get(conId) ?? 1) - 1;
      if (left > 0) this.watched.set(conId, left);
      else this.watched.delete(conId);
    };
  }

  /** Tells of every change of a watched quote. @returns ends it */
  onTick(listener: (tick: Tick) => void): () => void {
    this.tickListeners.add(listener);
    return () => void this.tickListeners.delete(listener);
  }

  /** Tells of the end of every five seconds. @returns ends it */
  onSpan(listener: (endMs: number) => void): () => void {
    this.spanListeners.add(listener);
    if (this.spanTimer === undefined) this.nextSpan();
    return () => {
      this.spanListeners.delete(listener);
      if (this.spanListeners.size > 0) return;
      this.spanTimer?.cancel();
      this.spanTimer = undefined;
    };
  }

  /** Sets the price of a contract by hand; it holds until `release`. Whoever watches is told at once. */
  setPrice(instrument: Instrument, given: GivenPrice): void {
    const live = this.liveOf(instrument);
    this.tell(live, live.set(this.clock.now(), given));
  }

  /** Lets the price of a contract follow its source again. */
  release(instrument: Instrument): void {
    this.liveOf(instrument).release(this.clock.now());
  }

  private liveOf(instrument: Instrument): LiveQuote {
    let live = this.live.get(instrument.conId);
    if (live === undefined) {
      live = new LiveQuote(instrument, new SetPrices(this.sourceOf(instrument)), this.seed);
      this.live.set(instrument.conId, live);
    }
    return live;
  }

  private startTicking(): void {
    if (this.tickTimer !== undefined) return;
    const next = (Math.floor(this.clock.now() / this.stepMs) + 1) * this.stepMs;
    this.tickTimer = this.clock.at(next, () => {
      this.tickTimer = undefined;
      if (this.watched.size === 0) return;
      for (const conId of this.watched.keys()) {
        const live = this.live.get(conId);
        const change = live?.moveTo(next, this.stepMs);
        if (live !== undefined && change !== undefined) this.tell(live, change);
      }
      this.startTicking();
    });
  }

  private nextSpan(): void {
    const end = (Math.floor(this.clock.now() / SPAN_MS) + 1) * SPAN_MS;
    this.spanTimer = this.clock.at(end, () => {
      this.nextSpan();
      for (const listener of this.spanListeners) listener(end);
    });
  }

  private tell({ instrument, quote }: LiveQuote, change: QuoteChange): void {
    const tick: Tick = { instrument, timeMs: quote.timeMs, quote, bidChanged: change.bid, askChanged: change.ask, traded: change.trade };
    for (const listener of this.tickListeners) listener(tick);
  }
}
