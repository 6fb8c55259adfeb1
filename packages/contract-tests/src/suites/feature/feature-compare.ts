import { expectThat } from '../../frame/expectations.js';
import type { FeatureSubject } from './feature-subject.js';

/** Fails a card where two runs of a feature differ within their first `rows` bars; not a number equals itself. */
export function expectSameColumns(subject: FeatureSubject, found: readonly Float64Array[], wanted: readonly Float64Array[], rows: number, what: string): void {
  subject.definition.outputs.forEach((output, k) => {
    for (let row = 0; row < rows; row++) {
      const [value, expected] = [found[k]?.[row], wanted[k]?.[row]];
      expectThat(Object.is(value, expected) || value === expected, `${output} of bar ${row + 1} was ${String(value)} ${what}`, String(expected));
    }
  });
}

/** First bar (from 0) on which an output has a value; −1 for none. */
export const firstValue = (column: Float64Array | undefined, rows: number): number => (column === undefined ? -1 : column.subarray(0, rows).findIndex((value) => !Number.isNaN(value)));
