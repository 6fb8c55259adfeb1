import { KeelsonError, KeelsonErrors } from '../errors.js';
import type { Desk } from '../pipeline/desk.js';
import type { FeatureBank } from '../pipeline/feature-bank.js';
import type { FeatureSlot } from '../pipeline/feature-slot.js';
import type { Carried } from './carried.js';
import type { FeatureNeed } from '../ports/feature.js';

/** One `use` of a feature that not every feed can serve. */
export type FeatureWish = {
  /** Undefined where nobody decides by it. */
  readonly user: string | undefined;
  readonly optional: boolean;
  /** Whose bars the feature reads. */
  readonly desk: Desk;
  readonly bank: FeatureBank;
  readonly slot: FeatureSlot;
  readonly needs: readonly FeatureNeed[];
};

const NAMES: Readonly<Record<FeatureNeed, string>> = { volume: 'traded volume', depth: 'the top of the order book' };
const REMEDIES: Readonly<Record<FeatureNeed, string>> = { volume: 'use data with volume', depth: 'use data with bid, ask, bidSize and askSize' };

/**
 * Marks the features that the feed cannot serve: `carried` is what it has.
 * @returns one line for each component that goes without a feature
 * @throws KeelsonErrors FEA_UNAVAILABLE: one for each component and feature that it cannot go without
 */
export function settleNeeds(wishes: readonly FeatureWish[], carried: Carried, feedName: string): readonly string[] {
  const notes = new Set<string>();
  const faults = new Map<string, { readonly wish: FeatureWish; readonly need: FeatureNeed; readonly instruments: Set<string> }>();
  for (const wish of wishes) {
    const { slot, bank, desk, user } = wish;
    const { id } = desk.instrument;
    const need = wish.needs.find((each) => carried[id]?.[each] !== true);
    if (need === undefined) continue;
    if (slot.unavailable === undefined) bank.retire(slot, `feed '${feedName}' has no ${need} for ${id}`);
    if (wish.optional) {
      if (user !== undefined) notes.add(`${user} runs without feature '${slot.name}': ${slot.unavailable}`);
      continue;
    }
    const key = `${user} ${slot.name} ${need}`;
    const known = faults.get(key);
    if (known === undefined) faults.set(key, { wish, need, instruments: new Set([id]) });
    else known.instruments.add(id);
  }
  if (faults.size > 0) {
    throw new KeelsonErrors(
      [...faults.values()].map(
        ({ wish, need, instruments }) =>
          new KeelsonError('FEA_UNAVAILABLE', `${wish.user} asked for feature '${wish.slot.name}', which needs ${need}, and feed '${feedName}' has none for ${[...instruments].join(', ')}, expected bars with ${NAMES[need]}`, {
            hint: `${REMEDIES[need]}, or leave ${wish.user} out`,
          }),
      ),
    );
  }
  return [...notes];
}
