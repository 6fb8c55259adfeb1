import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PLUGIN_KINDS } from '../../apps/runner/src/scaffold/plugin-kinds.js';
import { ROOT, blocksOf, readPages } from '../testing/pages.js';
import { templateOf } from '../testing/template-blocks.js';

const shown = readPages().flatMap(blocksOf).filter(({ text }) => templateOf(text) !== undefined);

describe('files of templates in pages (KEELSON_UPDATE_DOCS=1 writes them)', () => {
  it('stand in a page for every kind of plugin', () => {
    const kinds = new Set(shown.map(({ text }) => /plugin new (\S+)/.exec(text)?.[1]));
    expect(kinds).toEqual(new Set(Object.keys(PLUGIN_KINDS)));
  });

  it.each(shown.map((block) => [`${block.page}:${block.line}`, block] as const))('%s is what keelson plugin new writes', (_place, { page, text }) => {
    const expected = templateOf(text)?.shown ?? '';
    if (process.env['KEELSON_UPDATE_DOCS'] === undefined) return expect(text).toBe(expected);
    const path = join(ROOT, page);
    writeFileSync(path, readFileSync(path, 'utf8').replace(text, () => expected));
  });
});
