import type { Desk } from '../pipeline/desk.js';
import type { FeatureBank } from '../pipeline/feature-bank.js';
import type { FeatureSlot } from '../pipeline/feature-slot.js';

type Labelled = { readonly label: string; readonly bank: FeatureBank; readonly column: number };

/** Names and places of every feature output that a desk decides with: its own, those of higher timeframes, and those its strategies take from elsewhere. */
export class FeatureLabels {
  private readonly outputs: readonly Labelled[];

  constructor(desk: Desk, instruments: readonly string[]) {
    const own = [desk.bank, ...desk.higher.map(({ bank }) => bank)];
    const taken = new Map<FeatureSlot, FeatureBank>();
    for (const bank of own) for (const slot of bank.features) taken.set(slot, bank);
    for (const { features } of desk.seats) for (const { slot, bank } of features) taken.set(slot, bank);
    this.outputs = [...taken].flatMap(([slot, bank]) => {
      const of = bank.instrument === desk.index ? '' : `${instruments[bank.instrument] ?? bank.instrument}:`;
      const on = bank.timeframe === desk.bank.timeframe ? '' : `@${bank.timeframe}`;
      const label = `${of}${slot.name}${paramsOf(slot.origin.params)}${on}`;
      return slot.outputs.map((output, i) => ({ label: slot.outputs.length === 1 ? label : `${label}.${output}`, bank, column: slot.column + i }));
    });
  }

  /** Newest values by name; null where there is none. */
  values(): Record<string, number | null> {
    const values: Record<string, number | null> = {};
    for (const { label, bank, column } of this.outputs) {
      const value = bank.valueAt(column, 0);
      values[label] = Number.isFinite(value) ? value : null;
    }
    return values;
  }
}

function paramsOf(params: unknown): string {
  if (typeof params !== 'object' || params === null) return '';
  const words = Object.entries(params)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return words.length === 0 ? '' : `(${words.join(',')})`;
}
