import { readFileSync, writeFileSync } from 'node:fs';
import type { StrategyDefinition } from '@keelson/core/ports';
import strategies from '@keelson/plugin-strategies';
import { describe, expect, it } from 'vitest';
import { resultTables, strategyDocstrings, strategyFaults, strategySection } from './strategy-pages.js';

const PAGE = new URL('./strategies.md', import.meta.url);
const PARTS = {
  sections: ['<!-- the strategies, written from the sources -->\n', '<!-- end of the strategies -->\n'],
  results: ['<!-- the results, written from golden/pins -->\n', '<!-- end of the results -->\n'],
} as const;

const added: Array<readonly [string, StrategyDefinition]> = [];
strategies.register({ add: ({ port }: { port: string }, id: string, definition: StrategyDefinition) => void (port === 'strategy' && added.push([id, definition])) } as never);
const texts = strategyDocstrings();

/** Holds the part of the page between two marks equal to what it is written from, or writes it. */
function hold([begin, end]: readonly [string, string], expected: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const [head = '', rest = ''] = page.split(begin);
  const [found = '', tail = ''] = rest.split(end);
  if (process.env['KEELSON_UPDATE_DOCS']) writeFileSync(PAGE, `${head}${begin}\n${expected}\n${end}${tail}`);
  else expect(found).toBe(`\n${expected}\n`);
}

describe('the reference of strategies', () => {
  it.each(added)('has every part of %s in its docstring and schema', (id, definition) => {
    expect(strategyFaults(id, definition, texts.get(id))).toEqual([]);
  });

  it('says of the strategies what their sources say (KEELSON_UPDATE_DOCS=1 writes it)', () => {
    hold(PARTS.sections, added.map(([id, definition]) => strategySection(id, definition, texts.get(id) ?? '')).join('\n'));
  });

  it('shows the results that are pinned, those that lose money first', () => {
    hold(PARTS.results, resultTables());
  });

  it('describes every strategy that the plugin adds, and no other', () => {
    expect([...texts.keys()].toSorted()).toEqual(added.map(([id]) => id).toSorted());
  });

  it('names what a docstring lacks', () => {
    const definition = added[0]?.[1] as StrategyDefinition;
    expect(strategyFaults('x', definition, undefined)).toEqual(['x: there is no docstring that begins with `x`:']);
    expect(strategyFaults('x', definition, '`x`: a thing.\n\nIdea: one.\n\nSignals: some.')).toEqual(['x: the docstring has no "Fails:"', 'x: the docstring has no "Source:"']);
  });
});
