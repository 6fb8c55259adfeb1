import { stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

/** Lets what is ready run, and a look at a file come back: what needs files only gets as far as on an idle machine. */
export async function turn(): Promise<void> {
  await setImmediate();
  await stat('.');
}

export type Outcome<T> = { readonly value: T } | { readonly failed: unknown };

/** How a promise ended; undefined when it has not, after `patience` times `settle`. */
export async function outcomeOf<T>(promise: Promise<T>, settle: () => Promise<void> = turn, patience = 200): Promise<Outcome<T> | undefined> {
  let outcome: Outcome<T> | undefined;
  promise.then(
    (value) => (outcome = { value }),
    (failed: unknown) => (outcome = { failed }),
  );
  for (let left = patience; left > 0 && outcome === undefined; left--) await settle();
  return outcome;
}
