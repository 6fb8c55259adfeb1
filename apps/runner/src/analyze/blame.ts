import type { Component } from './components.js';
import type { Difference } from './compare-until.js';

/** Differences of one run, by whether something that the component is made from differed before it. */
export type Blame = { readonly atFault: readonly Difference[]; readonly consequences: readonly Difference[] };

/** A component is at fault when nothing that its values are made from differs, at any number of removes, up to its first difference. */
export function blame(components: readonly Component[], differences: readonly Difference[]): Blame {
  const byKey = new Map(differences.map((difference) => [difference.key, difference]));
  const parts = new Map(components.map((component) => [component.key, component]));
  const follows = (key: string, time: number, seen: Set<string>): boolean => {
    const component = parts.get(key);
    if (component === undefined || seen.has(key)) return false;
    seen.add(key);
    return (
      component.inputs.some((input) => (byKey.get(input)?.time ?? Infinity) <= time || follows(input, time, seen)) ||
      component.pastInputs.some((input) => (byKey.get(input)?.time ?? Infinity) < time)
    );
  };
  const atFault = differences.filter(({ key, time }) => !follows(key, time, new Set()));
  return { atFault, consequences: differences.filter((difference) => !atFault.includes(difference)) };
}
