import { CLOSE, HIGH, LOW, OPEN, SPAN_MS, VOLUME, type PriceSource } from './price-source.js';

interface Change {
  readonly timeMs: number;
  /** Undefined: from here on the source underneath holds again. */
  readonly price: number | undefined;
  readonly size: number;
}

/** Prices set by hand over a source: each holds until the next, or until the source is let through again. */
export class SetPrices implements PriceSource {
  private readonly changes: Change[] = [];

  constructor(private readonly under: PriceSource) {}

  get firstMs(): number {
    return Math.min(this.under.firstMs, this.changes[0]?.timeMs ?? Infinity);
  }

  /** Whether a price set by hand holds now. */
  get holds(): boolean {
    return this.changes[this.changes.length - 1]?.price !== undefined;
  }

  set(timeMs: number, price: number | undefined, size: number): void {
    this.changes.push({ timeMs, price, size });
  }

  span(startMs: number, out: Float64Array): boolean {
    const endMs = startMs + SPAN_MS;
    const first = this.changes[0];
    if (first === undefined || first.timeMs >= endMs) return this.under.span(startMs, out);
    const before = this.changes.findLast(({ timeMs }) => timeMs <= startMs);
    const inside = this.changes.filter(({ timeMs }) => timeMs > startMs && timeMs < endMs);
    if (before?.price === undefined && inside.every(({ price }) => price === undefined)) return this.under.span(startMs, out);
    const prices = [before, ...inside].flatMap((change) => change?.price ?? []);
    if (before?.price === undefined && this.under.span(startMs, out)) prices.unshift(out[OPEN] as number);
    out[OPEN] = prices[0] as number;
    out[HIGH] = Math.max(...prices);
    out[LOW] = Math.min(...prices);
    out[CLOSE] = prices[prices.length - 1] as number;
    // the second that a price is set in counts its trade; standing still trades nothing
    out[VOLUME] = inside.reduce((sum, { size }) => sum + size, before?.timeMs === startMs ? before.size : 0);
    return true;
  }
}
