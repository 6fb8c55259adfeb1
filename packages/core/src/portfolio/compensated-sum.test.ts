import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CompensatedSum } from './compensated-sum.js';

/** Enough digits for every sum here to be exact. */
const Exact = Decimal.clone({ precision: 400 });

describe('CompensatedSum', () => {
  it('keeps what a plain sum loses beside a large term', () => {
    const sum = new CompensatedSum(1e16);
    for (let i = 0; i < 10; i++) sum.add(1);
    sum.add(-1e16);
    expect(sum.value).toBe(10);
  });

  it('keeps a large term that follows small ones', () => {
    const sum = new CompensatedSum();
    sum.add(1);
    sum.add(1e100);
    sum.add(1);
    sum.add(-1e100);
    expect(sum.value).toBe(2);
  });

  it('stays within a rounding or two of the exact sum, relative to the largest term', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger(), { maxLength: 300 }), (terms) => {
        const sum = new CompensatedSum();
        let exact = new Exact(0);
        for (const term of terms) {
          sum.add(term);
          exact = exact.plus(term);
        }
        const scale = Math.max(1e-300, ...terms.map(Math.abs));
        expect(Math.abs(sum.value - exact.toNumber())).toBeLessThanOrEqual(2 ** -52 * Math.abs(exact.toNumber()) + 1e-28 * scale * terms.length);
      }),
    );
  });
});
