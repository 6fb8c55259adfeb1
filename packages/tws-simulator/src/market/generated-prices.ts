import { stableId, type Instrument } from '../reference/instrument.js';
import { hashUnit } from './hash-noise.js';
import { CLOSE, HIGH, LOW, OPEN, SPAN_MS, toTick, VOLUME, type PriceSource } from './price-source.js';

const YEAR_MS = 365.25 * 86_400_000;
/** Waves of 20 seconds, 40 seconds, … up to more than a year. */
const FIRST_OCTAVE = 2;
const OCTAVES = 22;
/** Futures trade above spot by this much a year. */
const CARRY = 0.03;

/**
 * A price that wanders like a market's, as a function of time alone: value noise over doubling periods, each as strong as
 * a random walk is over that time (after Perlin, "An Image Synthesizer", 1985, and Mandelbrot and Van Ness, 1968). Any time
 * can be asked for in any order, and the same seed gives the same prices.
 */
export class GeneratedPrices implements PriceSource {
  readonly firstMs: number;
  private readonly seed: number;
  private readonly ownSeed: number;
  private readonly widths = new Float64Array(OCTAVES);
  private readonly amplitudes = new Float64Array(OCTAVES);
  private readonly cells = new Float64Array(OCTAVES).fill(NaN);
  private readonly left = new Float64Array(OCTAVES);
  private readonly right = new Float64Array(OCTAVES);
  /** The close of a span is the open of the next: kept, so that spans in order cost one price each. */
  private lastIndex = NaN;
  private lastPrice = NaN;

  constructor(private readonly instrument: Instrument, seed: number) {
    this.seed = (seed ^ stableId(instrument.priceKey)) | 0;
    this.ownSeed = (seed ^ stableId(`own ${instrument.conId}`)) | 0;
    // futures are listed for about 15 months, everything else trades since the start of 2005
    this.firstMs = instrument.expiresMs === Infinity ? Date.UTC(2005, 0, 3, 14, 30) : Math.floor((instrument.expiresMs - 1.25 * YEAR_MS) / SPAN_MS) * SPAN_MS;
    for (let octave = 0; octave < OCTAVES; octave += 1) {
      const width = 2 ** (octave + FIRST_OCTAVE);
      const periodMs = SPAN_MS * width;
      this.widths[octave] = width;
      this.amplitudes[octave] = instrument.annualVolatility * Math.sqrt(Math.min(1, periodMs / YEAR_MS)) * 0.5;
    }
  }

  span(startMs: number, out: Float64Array): boolean {
    const { minTick, expiresMs, volumePerMinute, hours } = this.instrument;
    if (startMs < this.firstMs || startMs >= expiresMs) return false;
    const index = startMs / SPAN_MS;
    const open = toTick(this.priceAt(index), minTick);
    const close = toTick(this.priceAt(index + 1), minTick);
    const reach = open * this.instrument.annualVolatility * Math.sqrt(SPAN_MS / YEAR_MS);
    const up = -Math.log(1 - hashUnit(this.ownSeed, index, 1)) * reach * 0.4;
    const down = -Math.log(1 - hashUnit(this.ownSeed, index, 2)) * reach * 0.4;
    out[OPEN] = open;
    out[CLOSE] = close;
    out[HIGH] = toTick(Math.max(open, close) + up, minTick);
    out[LOW] = toTick(Math.min(open, close) - down, minTick);
    const busy = hours.isOpen(startMs, true) ? 1 : 0.12;
    out[VOLUME] = Math.max(1, Math.round((volumePerMinute / 12) * busy * (0.3 - Math.log(1 - hashUnit(this.ownSeed, index, 3)) * 0.7)));
    return true;
  }

  private priceAt(index: number): number {
    if (index === this.lastIndex) return this.lastPrice;
    const { widths, cells, left, right, amplitudes } = this;
    let sum = 0;
    for (let octave = 0; octave < OCTAVES; octave += 1) {
      const place = index / (widths[octave] as number);
      const cell = Math.floor(place);
      if (cell !== cells[octave]) {
        cells[octave] = cell;
        left[octave] = hashUnit(this.seed, cell, octave) * 2 - 1;
        right[octave] = hashUnit(this.seed, cell + 1, octave) * 2 - 1;
      }
      const at = place - cell;
      const from = left[octave] as number;
      sum += (from + ((right[octave] as number) - from) * at * at * (3 - 2 * at)) * (amplitudes[octave] as number);
    }
    const { basePrice, expiresMs } = this.instrument;
    const carry = expiresMs === Infinity ? 0 : CARRY * ((expiresMs - index * SPAN_MS) / YEAR_MS);
    this.lastIndex = index;
    this.lastPrice = basePrice * Math.exp(sum + carry);
    return this.lastPrice;
  }
}
