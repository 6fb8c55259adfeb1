import { describe, expect, it } from 'vitest';
import { convergenceOf } from './convergence.js';

const column = (length: number, of: (row: number) => number): Float64Array => Float64Array.from({ length }, (_, row) => of(row));
const FULL = column(1000, (row) => 100 + Math.sin(row));

/** The run that began 200 rows later, with a distance to the values of the whole. */
const late = (apart: (row: number) => number): Float64Array => column(800, (row) => (FULL[row + 200] as number) + apart(row));
const of = (values: Float64Array, from = 10) => convergenceOf(FULL, 200, values, from, 1e-9);

describe('convergenceOf', () => {
  it('finds equal values equal, whatever they were before the warm-up', () => {
    expect(of(late((row) => (row < 10 ? 5 : 0)))).toEqual({ kind: 'equal' });
    expect(of(late(() => 1e-8))).toEqual({ kind: 'equal' });
  });

  it('counts the bars until a distance that shrinks is within the tolerance', () => {
    // 10 × 0.9^row ≤ 1e-9 × 101, or less where the sine is low
    const found = of(late((row) => 10 * 0.9 ** row));
    const first = Array.from({ length: 800 }, (_, row) => row).findLastIndex((row) => 10 * 0.9 ** row > 1e-9 * Math.max(FULL[row + 200] as number, 100.0)) + 1;
    expect(found).toEqual({ kind: 'converges', extraBars: first - 10 });
  });

  it('extrapolates what is still shrinking at the end, by its pace', () => {
    const found = of(late((row) => 10 * Math.exp(-row / 200)));
    expect(found.kind).toBe('slow');
    // 10 × e^(-row/200) = 1e-7 at row 200 × ln 1e8 = 3684
    expect('extraBars' in found ? found.extraBars : 0).toBeGreaterThan(3684 * 0.9);
    expect('extraBars' in found ? found.extraBars : 0).toBeLessThan(3684 * 1.1);
  });

  it('finds a constant distance to depend on the start, also while the level grows', () => {
    const growing = column(1000, (row) => row * row);
    expect(convergenceOf(growing, 200, column(800, (row) => (row + 200) ** 2 - 40_000), 0, 1e-9)).toEqual({ kind: 'depends', row: 0 });
  });

  it('finds a value on one side only to be a difference', () => {
    expect(of(late((row) => (row % 100 === 99 ? Number.NaN : 0))).kind).toBe('depends');
    expect(of(late((row) => (row < 300 ? Number.NaN : 0)))).toEqual({ kind: 'converges', extraBars: 290 });
  });

  it('says nothing about fewer than two bars', () => {
    expect(of(late(() => 5), 799)).toEqual({ kind: 'too short' });
  });
});
