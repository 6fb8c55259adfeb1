import type { BarWindow } from '../domain/market-data.js';
import type { InstrumentId } from '../domain/instrument.js';
import type { SignalAction } from '../domain/signal.js';
import type { UtcMs } from '../domain/units.js';
import type { Desk } from '../pipeline/desk.js';
import type { FeatureBank } from '../pipeline/feature-bank.js';
import type { FeatureSlot } from '../pipeline/feature-slot.js';
import type { BankFeatureHandle } from '../pipeline/feature-handle.js';
import type { Regime } from '../ports/regime.js';

/*
 * A look at an account's parts from outside, for analyses. The views are live: read them in `observeBar`. Nobody
 * who does not look pays for them.
 */

/** Bars of one instrument and timeframe, with the features that are computed from them. */
export interface SeriesView {
  readonly instrument: InstrumentId;
  readonly timeframe: string;
  readonly bars: BarWindow;
  readonly features: readonly FeatureView[];
}

/** A feature in use. */
export interface FeatureView {
  readonly name: string;
  readonly plugin: string;
  /** With all defaults. */
  readonly params: unknown;
  readonly instrument: InstrumentId;
  readonly timeframe: string;
  readonly outputs: readonly string[];
  readonly warmupBars: number;
  /** Value of an output `bars` closed bars ago, fewer than 256; NaN where there is none. */
  at(output: number, bars: number): number;
}

/** A component at work on one instrument. */
export interface ComponentView {
  readonly id: string;
  readonly plugin: string;
  /** Place in its list in the account file. */
  readonly place: number;
  readonly instrument: InstrumentId;
  /** Features that it asked for. */
  readonly uses: readonly FeatureView[];
}

export interface StrategyView extends ComponentView {
  /** What it said when it was asked last; prices that it did not give are NaN. */
  readonly vote: { readonly action: SignalAction; readonly confidence: number; readonly reason: string; readonly entry: number; readonly stop: number; readonly target: number };
  /** Close of the bar on which it was asked last: none before its features are warm, or while a position is being left. */
  readonly askedAt: UtcMs;
}

export interface RegimeView extends ComponentView {
  /** What it said last. */
  readonly regime: Regime | undefined;
}

/** Everything that has a value on each bar. */
export interface AccountView {
  readonly series: readonly SeriesView[];
  readonly strategies: readonly StrategyView[];
  readonly regimes: readonly RegimeView[];
}

/** What seating notes of a component; `index` is its place at its desk. */
export type SeatedComponent = { readonly kind: 'strategy' | 'regime'; readonly id: string; readonly plugin: string; readonly place: number; readonly desk: Desk; readonly index: number; readonly taken: readonly BankFeatureHandle[] };

export function viewAccount(desks: readonly Desk[], components: readonly SeatedComponent[]): AccountView {
  const features = new Map<FeatureSlot, FeatureView>();
  const series = desks.flatMap((desk) =>
    [{ bars: desk.bars, bank: desk.bank }, ...desk.higher].map(({ bars, bank }): SeriesView => {
      const views = bank.features.map((slot) => viewFeature(slot, bank, desk.instrument.id));
      bank.features.forEach((slot, i) => features.set(slot, views[i] as FeatureView));
      return { instrument: desk.instrument.id, timeframe: bank.timeframe, bars, features: views };
    }),
  );
  const viewOf = ({ id, plugin, place, desk, taken }: SeatedComponent): ComponentView => ({
    id,
    plugin,
    place,
    instrument: desk.instrument.id,
    // a feature that the data cannot feed has no values
    uses: [...new Set(taken.flatMap(({ slot }) => features.get(slot) ?? []))],
  });
  return {
    series,
    strategies: components.flatMap((component) => {
      const seat = component.kind === 'strategy' ? component.desk.seats[component.index] : undefined;
      if (seat === undefined) return [];
      const { vote, context } = seat;
      return [{ ...viewOf(component), vote, get askedAt() { return context.time; } }];
    }),
    regimes: components.flatMap((component) => {
      const { kind, desk, index } = component;
      return kind === 'regime' ? [{ ...viewOf(component), get regime() { return desk.lastRegimes[index]; } }] : [];
    }),
  };
}

function viewFeature(slot: FeatureSlot, bank: FeatureBank, instrument: InstrumentId): FeatureView {
  const { name, origin, outputs, column } = slot;
  return {
    name,
    plugin: origin.plugin,
    params: origin.params,
    instrument,
    timeframe: bank.timeframe,
    outputs,
    warmupBars: slot.feature.warmupBars,
    at: (output, bars) => bank.valueAt(column + output, bars),
  };
}
