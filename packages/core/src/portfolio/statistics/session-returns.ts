/**
 * Simple returns from one session's close to the next, the first from `startEquity`. Undefined when a session
 * began with nothing left: its return has no meaning.
 */
export function sessionReturns(startEquity: number, sessionEquity: Float64Array): Float64Array | undefined {
  const returns = new Float64Array(sessionEquity.length);
  let before = startEquity;
  for (let i = 0; i < returns.length; i++) {
    if (before <= 0) return undefined;
    const equity = sessionEquity[i] as number;
    returns[i] = equity / before - 1;
    before = equity;
  }
  return returns;
}

/** Arithmetic mean; `values` are not empty. */
export function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Root of the squared deviations' sum over n − 1; two values or more. */
export function sampleDeviation(values: Float64Array, average: number): number {
  let sum = 0;
  for (const value of values) sum += (value - average) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}
