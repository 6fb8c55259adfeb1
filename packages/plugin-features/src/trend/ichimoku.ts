import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { period } from '../numeric/price-source.js';
import { MiddleOfRange } from './middle-of-range.js';

/**
 * `ichimoku`: Hosoda's cloud chart, as it stands over the newest bar.
 *
 * Outputs: `conversion` (the fast middle), `base` (the slow middle), `spanA` (the cloud over the newest bar: its edge from
 * both middles), `spanB` (its edge from the longest middle), `leadingA` (the edge computed now, which a chart draws ahead),
 * `leadingB` (the other one computed now), `lagging` (how far the close stands above the close where a chart draws the
 * lagging line). Unit: price. Range: `lagging` is unbounded around 0, the others lie between the lowest low and
 * the highest high of their bars. Warm-up: max(`conversion`, `base`, `span`) + `displacement` − 1 bars, for all outputs.
 *
 * Formula: each middle is (highest high + lowest low) / 2 over its bars; leadingA = (conversion + base) / 2, leadingB the
 * middle of `span` bars. A chart draws both `displacement` bars ahead, the newest bar counted as the first, so the cloud
 * over the newest bar was computed `displacement` − 1 bars ago: spanA = leadingA[t − displacement + 1], and spanB likewise.
 * The lagging line is the close drawn as many bars back; what can be known of it now is where the newest close stands
 * against the close there: lagging = close − close[t − displacement + 1].
 *
 * Nothing here comes from after the newest bar: what a chart draws in the future is the present `leadingA` and `leadingB`,
 * and what it draws in the past is compared, not written back. With `displacement: 1` nothing is shifted.
 *
 * Source: G. Hosoda, *Ichimoku Kinkō Hyō* (1969); in English: N. Péloille, *Trading with Ichimoku* (2017), chapter 2.
 */
export const ichimoku = defineFeature({
  params: z.strictObject({
    conversion: period.default(9).describe('Bars of the fast middle.'),
    base: period.default(26).describe('Bars of the slow middle.'),
    span: period.default(52).describe('Bars of the longest middle, the second edge of the cloud.'),
    displacement: period.default(26).describe('Bars that the cloud is drawn ahead, the newest counted as the first.'),
  }),
  outputs: ['conversion', 'base', 'spanA', 'spanB', 'leadingA', 'leadingB', 'lagging'],
  ahead: true,
  create: ({ params }) => new Ichimoku(params.conversion, params.base, params.span, params.displacement),
});

class Ichimoku implements Feature {
  readonly warmupBars: number;
  private readonly conversion: MiddleOfRange;
  private readonly base: MiddleOfRange;
  private readonly span: MiddleOfRange;
  /** The newest edges of the cloud and closes: what stands at `next` is the oldest. */
  private readonly leadingA: Float64Array;
  private readonly leadingB: Float64Array;
  private readonly closes: Float64Array;
  private next = 0;

  constructor(
    conversion: number,
    base: number,
    span: number,
    private readonly displacement: number,
  ) {
    this.warmupBars = Math.max(conversion, base, span) + displacement - 1;
    this.conversion = new MiddleOfRange(conversion);
    this.base = new MiddleOfRange(base);
    this.span = new MiddleOfRange(span);
    this.leadingA = new Float64Array(displacement).fill(NaN);
    this.leadingB = new Float64Array(displacement).fill(NaN);
    this.closes = new Float64Array(displacement).fill(NaN);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const at = this.next;
    const oldest = at + 1 === this.displacement ? 0 : at + 1;
    this.next = oldest;
    this.conversion.push(bars);
    this.base.push(bars);
    this.span.push(bars);
    const close = bars.close[bars.index];
    const leadingA = (this.conversion.value + this.base.value) / 2;
    const leadingB = this.span.value;
    this.leadingA[at] = leadingA;
    this.leadingB[at] = leadingB;
    this.closes[at] = close;
    const spanA = this.leadingA[oldest];
    const spanB = this.leadingB[oldest];
    const isWarm = spanA === spanA && spanB === spanB;
    out[0] = isWarm ? this.conversion.value : NaN;
    out[1] = isWarm ? this.base.value : NaN;
    out[2] = isWarm ? spanA : NaN;
    out[3] = isWarm ? spanB : NaN;
    out[4] = isWarm ? leadingA : NaN;
    out[5] = isWarm ? leadingB : NaN;
    out[6] = isWarm ? close - this.closes[oldest] : NaN;
  }

  reset(): void {
    this.conversion.clear();
    this.base.clear();
    this.span.clear();
    this.leadingA.fill(NaN);
    this.leadingB.fill(NaN);
    this.closes.fill(NaN);
    this.next = 0;
  }
}
