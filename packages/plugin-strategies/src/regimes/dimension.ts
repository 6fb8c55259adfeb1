import type { BarWindow, UtcMs } from '@keelson/core/domain';
import type { Regime, RegimeClassifier } from '@keelson/core/ports';
import { z } from 'zod';
import { HeldBucket, type Hysteresis } from './held-bucket.js';

/** One thing to say of a market: a level on each bar, and labels for its buckets, lowest first. */
export type Dimension = {
  readonly name: string;
  readonly labels: readonly string[];
  /** Ascending, one fewer than labels. */
  readonly thresholds: readonly number[];
  readonly hysteresis: Hysteresis;
  /** Undefined while unknown. */
  readonly level: () => number | undefined;
};

/** Parameters of every dimension that says when a label changes. */
export const hysteresisParams = (margin: number, unit: string) => ({
  margin: z.number().min(0).max(10).default(margin).describe(`How far beyond a threshold it must be to change the label, ${unit}.`),
  holdBars: z.int().min(1).max(10_000).default(3).describe('Bars in a row that it must be there.'),
  dwellBars: z.int().min(1).max(100_000).default(10).describe('Bars from one change to the next, at least.'),
});

/** Thresholds that must ascend. @returns a check for `superRefine` */
export const ascending =
  <Name extends string>(...names: readonly Name[]) =>
  (params: Readonly<Record<Name, number>>, context: z.core.$RefinementCtx): void => {
    names.forEach((name, i) => {
      const before = names[i - 1];
      if (before !== undefined && params[name] <= params[before]) context.addIssue({ code: 'custom', path: [name], message: `expected more than ${before} (${params[before]}): raise ${name} or lower ${before}` });
    });
  };

/** A level from 0 to 1 must be able to get beyond `lowest` and `highest` by the margin, or their labels are never said. @returns a check for `superRefine` */
export const reachable =
  <Name extends string>(lowest: Name, highest: Name) =>
  (params: Readonly<Record<Name | 'margin', number>>, context: z.core.$RefinementCtx): void => {
    if (params[lowest] - params.margin <= 0) context.addIssue({ code: 'custom', path: ['margin'], message: `expected less than ${lowest} (${params[lowest]}), or what is below it is never said again: lower margin or raise ${lowest}` });
    if (params[highest] + params.margin > 1) context.addIssue({ code: 'custom', path: ['margin'], message: `expected at most 1 less ${highest} (${params[highest]}), or it is hardly ever said: lower margin or ${highest}` });
  };

/** Follows some dimensions, and calls the market not tradable while a label is one to avoid. */
export class DimensionRegime implements RegimeClassifier {
  readonly labels: Readonly<Record<string, readonly string[]>>;
  private readonly held: readonly HeldBucket[];
  private readonly buckets: Array<number | undefined>;
  private regime: Regime;

  constructor(
    private readonly dimensions: readonly Dimension[],
    /** Labels to avoid, by dimension. */
    private readonly avoid: Readonly<Record<string, readonly string[] | undefined>>,
    private readonly whileUnknown: 'trade' | 'wait',
  ) {
    this.held = dimensions.map(({ thresholds, hysteresis }) => new HeldBucket(thresholds, hysteresis));
    this.labels = Object.fromEntries(dimensions.map(({ name, labels }) => [name, labels]));
    this.buckets = dimensions.map(() => undefined);
    this.regime = this.describe();
  }

  classify(_bars: BarWindow, _close: UtcMs): Regime {
    const { dimensions, held, buckets } = this;
    let changed = false;
    for (let i = 0; i < dimensions.length; i++) {
      const bucket = (held[i] as HeldBucket).update((dimensions[i] as Dimension).level());
      if (bucket === buckets[i]) continue;
      buckets[i] = bucket;
      changed = true;
    }
    if (changed) this.regime = this.describe();
    return this.regime;
  }

  private describe(): Regime {
    const labels: Record<string, string> = {};
    const reasons: string[] = [];
    this.dimensions.forEach(({ name, labels: names }, i) => {
      const bucket = this.buckets[i];
      if (bucket === undefined) {
        if (this.whileUnknown === 'wait') reasons.push(`${name} is not known yet`);
        return;
      }
      const label = names[bucket] as string;
      labels[name] = label;
      if (this.avoid[name]?.includes(label) === true) reasons.push(`${name} is ${label}`);
    });
    return Object.freeze({ tradable: reasons.length === 0, reason: reasons.join('; '), labels: Object.freeze(labels) });
  }
}
