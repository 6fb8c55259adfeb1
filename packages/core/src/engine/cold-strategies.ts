import type { Desk } from '../pipeline/desk.js';
import type { BankFeatureHandle } from '../pipeline/feature-handle.js';

/** One line for each strategy that was never asked, since a feature that it uses saw too few bars. */
export function coldStrategies(desks: readonly Desk[]): string[] {
  return desks.flatMap((desk) =>
    desk.seats.flatMap(({ warm, features, vote }) => {
      const cold = warm ? undefined : longest(features.filter((feature) => !feature.warm));
      if (cold === undefined) return [];
      const { slot, bank } = cold;
      return [`strategy '${vote.strategy}' never decided on ${desk.instrument.id}: feature '${slot.name}' needs ${slot.feature.warmupBars} bars of ${bank.timeframe}, and saw ${bank.count}`];
    }),
  );
}

/** The one that would have kept its strategy waiting for the longest time. */
function longest(features: readonly BankFeatureHandle[]): BankFeatureHandle | undefined {
  const wait = ({ slot, bank }: BankFeatureHandle): number => (slot.feature.warmupBars - bank.count) * bank.timeframeMs;
  return features.reduce<BankFeatureHandle | undefined>((most, each) => (most === undefined || wait(each) > wait(most) ? each : most), undefined);
}
