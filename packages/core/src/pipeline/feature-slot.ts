import type { Feature } from '../ports/feature.js';

/** One feature in use. */
export class FeatureSlot {
  /** The feature's own, looked up once: on each bar it would be looked up by as many shapes as there are features. */
  readonly update: Feature['update'];
  /** What `update` writes; the bank that it is added to gives it a place among its own. */
  out: Float64Array;
  /** Column of its first output in the bank's rows. */
  column = 0;
  /** Why it has no value and never will; it is in no bank's list then. */
  unavailable: string | undefined = undefined;

  constructor(
    readonly name: string,
    readonly feature: Feature,
    readonly outputs: readonly string[],
    /** Where it comes from and how it is set, for those who look from outside. */
    readonly origin: { readonly plugin: string; readonly params: unknown } = { plugin: 'no plugin', params: {} },
    /** May be computed before the kernel comes to a bar. */
    readonly ahead = false,
  ) {
    this.update = feature.update;
    this.out = new Float64Array(outputs.length).fill(Number.NaN);
  }
}
