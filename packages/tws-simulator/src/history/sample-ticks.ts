import { bidFor } from '../market/live-quote.js';
import { priceInside, SPAN_MS, toTick, type PriceSource } from '../market/price-source.js';
import { hashUnit } from '../market/hash-noise.js';
import type { HistoryTick } from '../protocol/historical-data.js';
import type { Instrument } from '../reference/instrument.js';

/** A tick a second. */
const STEP_MS = 1000;
/** The longest search for ticks, so that a request into closed days ends. */
const LONGEST_SEARCH_MS = 10 * 86_400_000;

/**
 * Ticks of the past, one a second while the market is open.
 * @param fromMs forward from here, or, when it is undefined, backward from `toMs`
 */
export function sampleTicks(instrument: Instrument, prices: PriceSource, seed: number, fromMs: number | undefined, toMs: number, count: number, liquidOnly: boolean): HistoryTick[] {
  const ticks: HistoryTick[] = [];
  const span = new Float64Array(5);
  const forward = fromMs !== undefined;
  const start = Math.floor((forward ? fromMs : toMs - 1) / STEP_MS) * STEP_MS;
  for (let away = 0; ticks.length < count && away < LONGEST_SEARCH_MS; away += STEP_MS) {
    const timeMs = forward ? start + away : start - away;
    if (timeMs >= toMs) break;
    if (!instrument.hours.isOpen(timeMs, liquidOnly)) continue;
    const spanStart = Math.floor(timeMs / SPAN_MS) * SPAN_MS;
    if (!prices.span(spanStart, span)) continue;
    const price = toTick(priceInside(span, timeMs - spanStart), instrument.minTick);
    const bid = bidFor(price, instrument, spanStart, seed);
    const sizeOf = (salt: number): number => 1 + Math.floor(hashUnit(seed ^ instrument.conId, timeMs, salt) * 60);
    ticks.push({ timeMs, price, bid, ask: toTick(bid + instrument.minTick, instrument.minTick), bidSize: sizeOf(5), askSize: sizeOf(6), size: sizeOf(7) });
  }
  return forward ? ticks : ticks.toReversed();
}
