import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RiskOverlayDefinition } from '@keelson/core/ports';
import basics from '@keelson/plugin-basics';
import { describe, expect, it } from 'vitest';
import { ROOT, filesOf } from '../testing/pages.js';
import { capital, docstringsOf, paramTable, paramsOf, parseDocstring } from './feature-pages.js';

const PAGE = new URL('./overlays.md', import.meta.url);
const [BEGIN, END] = ['<!-- the overlays, written from the sources -->\n', '<!-- end of the overlays -->\n'];

const added: Array<readonly [string, RiskOverlayDefinition]> = [];
basics.register({ add: ({ port }: { port: string }, id: string, definition: RiskOverlayDefinition) => void (port === 'risk-overlay' && added.push([id, definition])) } as never);
const files = filesOf(join(ROOT, 'packages/plugin-basics/src/overlays')).filter((file) => !file.endsWith('.test.ts'));
const texts = new Map(files.flatMap((file) => docstringsOf(readFileSync(file, 'utf8'))));

function section(id: string, definition: RiskOverlayDefinition): string {
  const { summary, parts, notes } = parseDocstring(texts.get(id) ?? '', /^(Source): /);
  const source = parts.get('Source');
  return [`## \`${id}\``, capital(summary), ...notes, paramTable(definition), ...(source === undefined ? [] : [`Source: ${source}`])].join('\n\n') + '\n';
}

describe('the reference of overlays', () => {
  it.each(added)('has a docstring for %s, and a description of each of its settings', (id, definition) => {
    expect(texts.has(id)).toBe(true);
    const settings = (schema: ReturnType<typeof paramsOf>): unknown[] => Object.values(schema.properties ?? {}).flatMap((each) => [each.description, ...settings(each), ...settings(each.items ?? {})]);
    for (const description of settings(paramsOf(definition))) expect(description).toBeTruthy();
  });

  it('says of the overlays what their sources say (KEELSON_UPDATE_DOCS=1 writes it)', () => {
    const page = readFileSync(PAGE, 'utf8');
    const [head = '', rest = ''] = page.split(BEGIN);
    const [found, tail = ''] = rest.split(END);
    const expected = `\n${added.map(([id, definition]) => section(id, definition)).join('\n')}\n`;
    if (process.env['KEELSON_UPDATE_DOCS']) writeFileSync(PAGE, `${head}${BEGIN}${expected}${END}${tail}`);
    else expect(found).toBe(expected);
  });
});
