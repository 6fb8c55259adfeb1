import { describe, expect, it } from 'vitest';
import { FeatureRows } from './feature-rows.js';
import { FEATURE_WINDOW } from './feature-window.js';

function write(rows: FeatureRows, columns: number, row: number): void {
  for (let column = 0; column < columns; column++) rows.newest[column] = 1_000 * row + column;
  rows.keep(row);
}

describe('FeatureRows', () => {
  it.each([1, 3, 16, 17, 200])('keeps a window of rows of %i columns', (columns) => {
    const rows = new FeatureRows();
    expect(rows.add(columns)).toBe(0);
    for (let row = 0; row < FEATURE_WINDOW; row++) write(rows, columns, row);
    for (const row of [0, 1, FEATURE_WINDOW - 1]) for (const column of [0, columns - 1]) expect(rows.at(row, column)).toBe(1_000 * row + column);
  });

  it('keeps what was written when columns come later, and these are NaN until they are written', () => {
    const rows = new FeatureRows();
    let columns = 0;
    for (const more of [2, 5, 1, 12, 40, 7]) {
      expect(rows.add(more)).toBe(columns);
      expect(rows.newest.subarray(columns, columns + more)).toEqual(new Float64Array(more).fill(NaN));
      for (let column = 0; column < columns; column++) expect(rows.newest[column]).toBe(5_000 + column);
      for (let row = 0; row < 6; row++) for (let column = 0; column < columns + more; column++) expect(rows.at(row, column)).toBe(column < columns ? 1_000 * row + column : NaN);
      columns += more;
      for (let row = 0; row < 6; row++) write(rows, columns, row);
    }
  });
});
