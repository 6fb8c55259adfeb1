import type { BarWindow } from '@keelson/core/domain';
import { z } from 'zod';
import { logRatio } from '../numeric/log-ratio.js';
import { RollingSum } from '../numeric/rolling-sum.js';
import { RollingVariance } from '../numeric/rolling-variance.js';
import { Sample } from '../numeric/sample.js';

/** How volatility is estimated; see `realised-volatility` for the formulas. */
export const volatilityEstimator = z.enum(['close', 'parkinson', 'garman-klass', 'rogers-satchell', 'yang-zhang']);
export type VolatilityEstimator = z.infer<typeof volatilityEstimator>;

/** Standard deviation of the logarithmic move of one bar, over the newest bars. */
export interface VolatilityEstimate {
  /** NaN until there are `warmupBars` bars, and while a price in the window is not above 0. */
  readonly value: number;
  readonly warmupBars: number;
  push(bars: BarWindow): void;
  clear(): void;
}

/** Fewest bars that the estimator can do with: a sample variance needs two. */
export function leastPeriod(estimator: VolatilityEstimator): number {
  return estimator === 'close' || estimator === 'yang-zhang' ? 2 : 1;
}

/** A rule for a schema: each of the named periods is enough for the schema's `estimator`. */
export function enoughBars<Name extends string>(...names: readonly Name[]) {
  return (params: Readonly<Record<Name, number>> & { readonly estimator: VolatilityEstimator }, context: z.RefinementCtx): void => {
    const least = leastPeriod(params.estimator);
    for (const name of names) {
      if (params[name] >= least) continue;
      context.addIssue({ code: 'custom', path: [name], message: `${name} was ${params[name]}, expected at least ${least} for the estimator ${params.estimator}: raise ${name}` });
    }
  };
}

export function estimateVolatility(estimator: VolatilityEstimator, period: number): VolatilityEstimate {
  if (estimator === 'close') return new CloseVolatility(period);
  if (estimator === 'yang-zhang') return new YangZhangVolatility(period);
  return new RangeVolatility(estimator, period);
}

/** Sample deviation of the logarithmic returns from close to close. */
class CloseVolatility implements VolatilityEstimate {
  value = NaN;
  readonly warmupBars: number;
  private readonly variance: RollingVariance;
  private readonly toSample: number;
  private readonly sample = new Sample();
  private previousClose = NaN;
  private isFirst = true;

  constructor(period: number) {
    this.warmupBars = period + 1;
    this.variance = new RollingVariance(period, 1);
    this.toSample = period / (period - 1);
  }

  push(bars: BarWindow): void {
    const close = bars.close[bars.index];
    const before = this.previousClose;
    this.previousClose = close;
    if (this.isFirst) {
      this.isFirst = false;
      return;
    }
    this.sample.price = logRatio(close, before);
    this.variance.push(this.sample);
    this.value = Math.sqrt(this.variance.value * this.toSample);
  }

  clear(): void {
    this.value = NaN;
    this.variance.clear();
    this.previousClose = NaN;
    this.isFirst = true;
  }
}

const [PARKINSON, GARMAN_KLASS, ROGERS_SATCHELL] = [0, 1, 2];
const OF_RANGE = 1 / (4 * Math.LN2);
const OF_BODY = 2 * Math.LN2 - 1;

/** Root of the mean of what each bar says about its variance by itself. */
class RangeVolatility implements VolatilityEstimate {
  value = NaN;
  readonly warmupBars: number;
  private readonly kind: number;
  private readonly sum: RollingSum;
  /** The newest bar's variance. */
  private readonly term = new Float64Array(1);

  constructor(
    estimator: 'parkinson' | 'garman-klass' | 'rogers-satchell',
    private readonly period: number,
  ) {
    this.warmupBars = period;
    this.kind = estimator === 'parkinson' ? PARKINSON : estimator === 'garman-klass' ? GARMAN_KLASS : ROGERS_SATCHELL;
    this.sum = new RollingSum(period);
  }

  push(bars: BarWindow): void {
    const i = bars.index;
    const high = bars.high[i];
    const low = bars.low[i];
    if (this.kind === ROGERS_SATCHELL) {
      const open = bars.open[i];
      const up = logRatio(high, open);
      const down = logRatio(low, open);
      const body = logRatio(bars.close[i], open);
      this.term[0] = up * (up - body) + down * (down - body);
    } else {
      const range = logRatio(high, low);
      if (this.kind === PARKINSON) {
        this.term[0] = OF_RANGE * range * range;
      } else {
        const body = logRatio(bars.close[i], bars.open[i]);
        this.term[0] = 0.5 * range * range - OF_BODY * body * body;
      }
    }
    this.sum.push(this.term, 0);
    const sum = this.sum.value;
    this.value = Math.sqrt((sum < 0 ? 0 : sum) / this.period);
  }

  clear(): void {
    this.value = NaN;
    this.sum.clear();
  }
}

/** Variance of the gaps, of the bodies and of the ranges, weighted for the least error. */
class YangZhangVolatility implements VolatilityEstimate {
  value = NaN;
  readonly warmupBars: number;
  private readonly gaps: RollingVariance;
  private readonly bodies: RollingVariance;
  private readonly ranges: RollingSum;
  private readonly gap = new Sample();
  private readonly body = new Sample();
  private readonly range = new Float64Array(1);
  private readonly toSample: number;
  private readonly bodyShare: number;
  private readonly rangeShare: number;
  private previousClose = NaN;
  private isFirst = true;

  constructor(period: number) {
    this.warmupBars = period + 1;
    this.gaps = new RollingVariance(period, 1);
    this.bodies = new RollingVariance(period, 1);
    this.ranges = new RollingSum(period);
    this.toSample = period / (period - 1);
    this.bodyShare = 0.34 / (1.34 + (period + 1) / (period - 1));
    this.rangeShare = (1 - this.bodyShare) / period;
  }

  push(bars: BarWindow): void {
    const i = bars.index;
    const close = bars.close[i];
    const before = this.previousClose;
    this.previousClose = close;
    if (this.isFirst) {
      this.isFirst = false;
      return;
    }
    const open = bars.open[i];
    const up = logRatio(bars.high[i], open);
    const down = logRatio(bars.low[i], open);
    const body = logRatio(close, open);
    this.gap.price = logRatio(open, before);
    this.body.price = body;
    this.range[0] = up * (up - body) + down * (down - body);
    this.gaps.push(this.gap);
    this.bodies.push(this.body);
    this.ranges.push(this.range, 0);
    const ranges = this.ranges.value;
    this.value = Math.sqrt(this.toSample * (this.gaps.value + this.bodyShare * this.bodies.value) + this.rangeShare * (ranges < 0 ? 0 : ranges));
  }

  clear(): void {
    this.value = NaN;
    this.gaps.clear();
    this.bodies.clear();
    this.ranges.clear();
    this.previousClose = NaN;
    this.isFirst = true;
  }
}
