import type { Host } from '../clock/simulator-clock.js';

/** Steps that are taken without a pause. */
const STEPS_AT_ONCE = 5;

/**
 * Does work that may take seconds a few steps at a time, so that other requests are answered in between. Short work is
 * done before this returns.
 * @returns ends it without an answer
 */
export function workInSteps<T>(host: Host, steps: Iterator<undefined, T>, done: (result: T) => void): () => void {
  let timer: unknown;
  const go = (): void => {
    timer = undefined;
    for (let taken = 0; taken <= STEPS_AT_ONCE; taken += 1) {
      const step = steps.next();
      if (step.done === true) return done(step.value);
    }
    timer = host.setTimer(go, 0);
    return undefined;
  };
  go();
  return () => {
    if (timer !== undefined) host.clearTimer(timer);
  };
}
