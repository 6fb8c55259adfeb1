import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { FeatureDefinition } from '@keelson/core/ports';
import { families } from '@keelson/plugin-features';
import { describe, expect, it } from 'vitest';
import { docstringsOf, docstringsOfFamily, familyPage, featureFaults, featureIndex, parseDocstring } from './feature-pages.js';

const sets: Readonly<Record<string, Readonly<Record<string, FeatureDefinition>>>> = families;
const filled = Object.entries(sets).filter(([, features]) => Object.keys(features).length > 0);
const all = filled.flatMap(([family, features]) => Object.entries(features).map(([id, definition]) => ({ id, family, definition })));
const FOLDER = new URL('./features/', import.meta.url);
const INDEX = new URL('./features.md', import.meta.url);
const [BEGIN, END] = ['<!-- the features, written from the sources -->\n', '<!-- end of the features -->\n'];

/** Holds a page equal to what the sources say, or writes it. */
function hold(page: URL, expected: string, found: () => string): void {
  if (process.env['KEELSON_UPDATE_DOCS']) writeFileSync(page, expected);
  else expect(found()).toBe(expected);
}

describe('the reference of features', () => {
  it.each(all)('has every part of $id in its docstring and schema', ({ id, family, definition }) => {
    expect(featureFaults(id, definition, docstringsOfFamily(family).get(id) ?? [])).toEqual([]);
  });

  it.each(filled)('says of %s what the sources say (KEELSON_UPDATE_DOCS=1 writes it)', (family, features) => {
    const page = new URL(`${family}.md`, FOLDER);
    hold(page, familyPage(family, features), () => readFileSync(page, 'utf8'));
  });

  it('lists all features by family', () => {
    const page = readFileSync(INDEX, 'utf8');
    const [head, rest = ''] = page.split(BEGIN);
    const [, tail] = rest.split(END);
    hold(INDEX, `${head}${BEGIN}\n${featureIndex(sets)}\n${END}${tail}`, () => page);
  });

  it('has no page without a family', () => {
    const left = readdirSync(FOLDER).filter((name) => !filled.some(([family]) => name === `${family}.md`));
    if (process.env['KEELSON_UPDATE_DOCS']) for (const name of left) rmSync(new URL(name, FOLDER));
    else expect(left).toEqual([]);
  });

  it('describes every feature of a family by the name it is added under, and no other', () => {
    for (const [family, features] of Object.entries(sets)) expect([...docstringsOfFamily(family).keys()].toSorted()).toEqual(Object.keys(features).toSorted());
  });

  it('reads the parts of a docstring', () => {
    const source = "/**\n * `x`: what it is. More of it.\n *\n * Outputs: `x` (a), `y` (b). Unit: price, with (brackets). Range: 0 to\n * 1. Warm-up: 1 bar.\n *\n * Formula: a + b.\n *\n * A note: with a colon.\n *\n * Source: A. B., *C* (1999).\n */\nexport const x = 1;\n/** another */\nconst y = {\n  /** `z`: in a table. */\n  z: 1,\n};\n";
    const found = docstringsOf(source);
    expect(found.map(([id]) => id)).toEqual(['x', 'z']);
    const { summary, parts, notes } = parseDocstring(found[0]?.[1] ?? '');
    expect(summary).toBe('what it is. More of it.');
    expect(Object.fromEntries(parts)).toEqual({ Outputs: '`x` (a), `y` (b).', Unit: 'price, with (brackets).', Range: '0 to 1.', 'Warm-up': '1 bar.', Formula: 'a + b.', Source: 'A. B., *C* (1999).' });
    expect(notes).toEqual(['A note: with a colon.']);
  });

  it('names the feature and what it lacks', () => {
    const definition: FeatureDefinition = { ...(sets['momentum']?.['macd'] as FeatureDefinition), needs: ['volume'] };
    expect(featureFaults('macd', definition, [])).toEqual(['macd: found 0 docstrings that begin with `macd`:, expected one']);
    expect(featureFaults('macd', definition, ['`macd`: a distance.\n\nOutputs: `macd` (a), `signal` (b). Unit: price. Range: any.\n\nFormula: x.\n\nSource: A.'])).toEqual([
      'macd: the docstring has no "Warm-up:"',
      'macd: the docstring\'s "Outputs:" name macd, signal, expected macd, signal, histogram, each followed by its meaning in brackets',
      'macd: the docstring\'s "Needs:" name nothing, the definition volume',
    ]);
  });
});
