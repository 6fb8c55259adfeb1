import { readFileSync } from 'node:fs';
import { PORT_NAMES } from '@keelson/core/plugin';
import { describe, expect, it } from 'vitest';
import * as all from '../index.js';
import { SUITES } from './index.js';

describe('the suites', () => {
  it('have names and prefixes of their own', () => {
    expect(new Set(SUITES.map(({ name }) => name)).size).toBe(SUITES.length);
    expect(new Set(SUITES.map(({ prefix }) => prefix)).size).toBe(SUITES.length);
  });

  it('are there for every port, beside that of plugins', () => {
    expect(SUITES.map(({ name }) => name).sort()).toEqual(['plugin', ...PORT_NAMES].sort());
  });

  it('are exported, and named by the README, each of them', () => {
    const exported = Object.entries(all).flatMap(([name, value]) => (SUITES.includes(value as (typeof SUITES)[number]) ? [name] : []));
    expect(exported).toHaveLength(SUITES.length);
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(exported.filter((name) => !readme.includes(`| \`${name}\` |`))).toEqual([]);
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
