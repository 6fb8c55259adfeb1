import { featureKey, seriesKey, type Trace } from './trace.js';

/** A part of an account that may differ between two runs. */
export type Component = {
  readonly key: string;
  readonly kind: 'bars' | 'higher bars' | 'feature' | 'regime' | 'strategy' | 'signals' | 'orders' | 'venue';
  /** Id of the component; of bars: the timeframe. */
  readonly name: string;
  readonly plugin?: string;
  readonly instrument?: string;
  readonly timeframe?: string;
  /** JSON of a feature's parameters. */
  readonly params?: string;
  /** Place in its list in the account file. */
  readonly place?: number;
  /** Keys of what its values are made from, at the same moment. */
  readonly inputs: readonly string[];
  /** Keys of what its values are made from, of moments before. */
  readonly pastInputs: readonly string[];
};

export const componentKey = (component: { readonly kind: string; readonly id: string; readonly place: number; readonly instrument: string }): string => `${component.kind} ${component.place} ${component.id} ${component.instrument}`;

/** All parts of an account, each after what it is made from. */
export function componentsOf(trace: Trace): readonly Component[] {
  const all: Component[] = [];
  const base = new Map<string, string>();
  for (const series of trace.series) {
    const key = seriesKey(series);
    const { instrument, timeframe } = series;
    const baseKey = base.get(instrument);
    if (baseKey === undefined) base.set(instrument, key);
    all.push({ key, kind: baseKey === undefined ? 'bars' : 'higher bars', name: timeframe, instrument, timeframe, inputs: baseKey === undefined ? [] : [baseKey], pastInputs: [] });
    for (const feature of series.features) {
      all.push({ key: featureKey(series, feature), kind: 'feature', name: feature.name, plugin: feature.plugin, params: feature.params, instrument, timeframe, inputs: [key], pastInputs: [] });
    }
  }
  const market = all.map(({ key }) => key);
  const regimes = new Map<string, string[]>();
  for (const component of trace.components) {
    const { kind, id, plugin, place, instrument, uses } = component;
    const key = componentKey(component);
    const ownRegimes = regimes.get(instrument) ?? [];
    regimes.set(instrument, ownRegimes);
    const inputs = [base.get(instrument) as string, ...uses, ...(kind === 'strategy' ? ownRegimes : [])];
    all.push({ key, kind, name: id, plugin, place, instrument, inputs, pastInputs: kind === 'strategy' ? ['orders', 'venue'] : [] });
    if (kind === 'regime') ownRegimes.push(key);
  }
  const deciders = all.map(({ key }) => key);
  all.push({ key: 'signals', kind: 'signals', name: 'signals', inputs: deciders.filter((key) => !market.includes(key)), pastInputs: ['orders', 'venue'] });
  // exits read bars and features by themselves
  all.push({ key: 'orders', kind: 'orders', name: 'orders', inputs: [...deciders, 'signals'], pastInputs: ['venue'] });
  // it answers at once to what is sent
  all.push({ key: 'venue', kind: 'venue', name: 'venue', inputs: [...market, 'orders'], pastInputs: [] });
  return all;
}
