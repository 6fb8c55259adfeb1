import { stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { messageOf } from '@keelson/core/errors';
import { expectThat, show } from '../frame/expectations.js';

/** Lets what is ready run, and a look at a file come back: what needs files only gets as far as on an idle machine. */
export async function turn(): Promise<void> {
  await setImmediate();
  await stat('.');
}

/** Lets what was begun get as far as to wait. */
export async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left--) await turn();
}

/** The promise that a call returns; a throw that is not a rejection fails the card, and so does anything else. `what` names the call: `refresh`. */
export function promised<T>(call: () => Promise<T>, what: string): Promise<T> {
  let promise: unknown;
  try {
    promise = call();
  } catch (thrown) {
    expectThat(false, `${what} threw at once: ${messageOf(thrown)}`, 'a promise that rejects');
  }
  expectThat(promise instanceof Promise, `${what} returned ${show(promise)}`, 'a promise');
  promise.catch(() => undefined); // it may reject before it is looked at
  return promise as Promise<T>;
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
