import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, blocksOf, fileOf, readPages } from '../testing/pages.js';

/** Examples that the suites are tested with: what a page shows keeps its contract. */
const EXAMPLES = ['json-series', 'json-calendar', 'json-proposals', 'json-lines-journal', 'json-bar-store'];
const blocks = readPages().flatMap(blocksOf);

describe('examples in pages (KEELSON_UPDATE_DOCS=1 writes them)', () => {
  it.each(EXAMPLES)('%s is the one that the suite is tested with', (name) => {
    const file = `src/${name}.ts`;
    const expected = `// ${file}\n${readFileSync(join(ROOT, `packages/contract-tests/testing/${name}.ts`), 'utf8').trimEnd()}`;
    const shown = blocks.filter((block) => fileOf(block) === file);
    expect(shown).toHaveLength(1);
    const { page, text } = shown[0] as (typeof blocks)[number];
    if (process.env['KEELSON_UPDATE_DOCS'] === undefined) return expect(text.trimEnd()).toBe(expected);
    const path = join(ROOT, page);
    writeFileSync(path, readFileSync(path, 'utf8').replace(text.trimEnd(), () => expected));
  });
});
