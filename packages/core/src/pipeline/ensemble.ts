import type { EnsembleSettings } from '../config/decision-schema.js';
import type { Regime } from '../ports/regime.js';
import { VoterRecords } from './voter-records.js';
import type { VoteSlot } from './vote.js';

type Dimension = { readonly name: string; readonly labels: ReadonlyMap<string, Float64Array> };

/** The account's rules for weighing votes: `decision.ensemble`. Strategies are told apart by their place in the account. */
export class Ensemble {
  /** Share of voting weight and number of strategies that an entry needs. */
  readonly minShare: number;
  readonly minStrategies: number;
  /** Undefined where weights do not follow performance. */
  readonly records: VoterRecords | undefined;
  private readonly dimensions: readonly Dimension[];

  /** @param names of the strategies, in the account's order */
  constructor(settings: EnsembleSettings, names: readonly string[]) {
    const { performance, regime = {}, minAgreement } = settings;
    this.minShare = minAgreement?.share ?? 0;
    this.minStrategies = minAgreement?.strategies ?? 0;
    this.records = performance === undefined ? undefined : new VoterRecords(performance, names);
    this.dimensions = Object.entries(regime).map(([name, labels]) => ({
      name,
      labels: new Map(Object.entries(labels).map(([label, factors]) => [label, Float64Array.from(names, (voter) => (Object.hasOwn(factors, voter) ? (factors[voter] as number) : 1))])),
    }));
  }

  /**
   * Weight of a vote as it counts on this bar: static weight × factor of its record × factor of every label
   * that holds. A vote to leave never counts for less than the static weight: what quiets a strategy's entries
   * must not lock it into a position.
   */
  weigh(vote: VoteSlot, regime: Regime): void {
    const { place, weight } = vote;
    let factor = 1;
    if (place >= 0) {
      if (this.records !== undefined) factor *= this.records.factors[place] as number;
      for (let i = 0; i < this.dimensions.length; i++) {
        const { name, labels } = this.dimensions[i] as Dimension;
        const factors = labels.get(regime.labels[name] as string);
        if (factors !== undefined) factor *= factors[place] as number;
      }
    }
    vote.effectiveWeight = vote.action === 'flat' && factor < 1 ? weight : weight * factor;
  }

  /** Dimensions that weights are to follow and that are not among what classifiers say now; undefined for none. */
  silentDimensions(labels: Regime['labels']): readonly string[] | undefined {
    let silent: string[] | undefined;
    for (let i = 0; i < this.dimensions.length; i++) {
      const { name } = this.dimensions[i] as Dimension;
      if (!Object.hasOwn(labels, name)) (silent ??= []).push(name);
    }
    return silent;
  }
}
