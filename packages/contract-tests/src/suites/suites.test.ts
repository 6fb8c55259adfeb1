import { describe, expect, it } from 'vitest';
import { SUITES } from './index.js';

describe('the suites', () => {
  it('have names and prefixes of their own', () => {
    expect(new Set(SUITES.map(({ name }) => name)).size).toBe(SUITES.length);
    expect(new Set(SUITES.map(({ prefix }) => prefix)).size).toBe(SUITES.length);
  });

  it.each(SUITES.map((suite) => [suite.name, suite] as const))('%s: ids ascend, titles differ, and every card has a reason and a tier', (_name, { prefix, cards }) => {
    const ids = cards.map(({ id }) => id);
    for (const id of ids) expect(id).toMatch(new RegExp(`^${prefix}-\\d{3,4}$`));
    const numbers = ids.map((id) => Number(id.slice(prefix.length + 1)));
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(new Set(cards.map(({ title }) => title)).size).toBe(cards.length);
    for (const { title, why, tiers } of cards) {
      expect(title).toMatch(/^\S.*[^.]$/);
      expect(why.length).toBeGreaterThan(15);
      expect(why).not.toMatch(/\.$/);
      expect(tiers.length).toBeGreaterThan(0);
    }
  });
});
