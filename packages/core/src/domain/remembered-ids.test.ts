import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RememberedIds } from './remembered-ids.js';

/** The numbers that are there, by a list: one that is there already does not become newer. */
function keptNumbers(ids: readonly string[], capacity: number): readonly string[] {
  const kept: string[] = [];
  for (const id of ids) {
    if (!kept.includes(id)) kept.push(id);
    if (kept.length > capacity) kept.shift();
  }
  return kept;
}

describe('RememberedIds', () => {
  it('knows the newest ids that a venue counts, and forgets the oldest', () => {
    const ids = new RememberedIds(4);
    for (let i = 1; i <= 6; i++) ids.add(`acc-E${i}`);
    expect(Array.from({ length: 7 }, (_, i) => ids.has(`acc-E${i + 1}`))).toEqual([false, false, true, true, true, true, false]);
  });

  it('does not take ids for one another that read as the same number', () => {
    const ids = new RememberedIds(8);
    ids.add('E7');
    expect(['E07', 'E7 ', 'F7', '7', 'E', 'E7.0', 'E007', 'E0', ''].filter((id) => ids.has(id))).toEqual([]);
    for (const id of ['E07', 'E', '', 'E123456789012345678']) ids.add(id);
    expect(['E7', 'E07', 'E', '', 'E123456789012345678'].every((id) => ids.has(id))).toBe(true);
    expect(['E007', 'E123456789012345679'].some((id) => ids.has(id))).toBe(false);
  });

  it('knows at least as many of the newest ids as it was asked to, and not all', () => {
    const ids = new RememberedIds(8);
    const nth = (i: number): string => `id${i}.`;
    for (let i = 0; i < 95; i++) {
      ids.add(nth(i));
      for (let k = Math.max(0, i - 7); k <= i; k++) expect(ids.has(nth(k))).toBe(true);
    }
    expect(ids.has(nth(70))).toBe(false);
    expect(ids.has('other')).toBe(false);
  });

  it('knows the newest ids and none that it was not given, whatever they look like', () => {
    const id = fc.oneof(
      fc.integer({ min: 1, max: 40 }).map((n) => `v-E${n}`),
      // the same places of the table
      fc.integer({ min: 1, max: 9 }).map((n) => `v-E${n * 16}`),
      fc.integer({ min: 0, max: 12 }).map((n) => `v-E0${n}`),
      fc.constantFrom('0000e0d5.6571a1a2.01.01', 'liquidation', 'v-E', '', 'v-E9007199254740993', 'v-E999999999999999'),
    );
    fc.assert(
      fc.property(fc.array(id, { maxLength: 80, size: 'max' }), (ids) => {
        const tested = new RememberedIds(8);
        const all = ['v-E1', ...ids];
        for (const each of all) tested.add(each);
        const isNumbered = (each: string): boolean => /^v-E[1-9]\d{0,14}$/.test(each);
        const numbers = keptNumbers(all.filter(isNumbered), 8);
        for (const each of all.filter(isNumbered)) expect([each, tested.has(each)]).toEqual([each, numbers.includes(each)]);
        for (const each of all.filter((text) => !isNumbered(text)).slice(-8)) expect([each, tested.has(each)]).toEqual([each, true]);
        for (const each of ['v-E1', 'v-E2', 'v-E16', 'v-E01', 'v-E', 'liquidation']) if (!all.includes(each)) expect([each, tested.has(each)]).toEqual([each, false]);
      }),
      { numRuns: 200 },
    );
  });
});
