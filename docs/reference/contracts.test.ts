import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { SUITES, type SuiteOutline } from '@keelson/contract-tests';
import { describe, expect, it } from 'vitest';

const FOLDER = new URL('./contracts/', import.meta.url);
const INDEX = new URL('./contracts.md', import.meta.url);
const MARK = '<!-- the suites, written from the cards -->\n';

const cell = (text: string): string => text.replaceAll('|', '\\|');

function pageOf({ name, prefix, about, cards }: SuiteOutline): string {
  const sections = cards.map(({ id, title, why, tiers }) => `## ${id}\n\n**${title}**\n\nWhy: ${why}. Tiers: ${tiers.join(', ')}.\n`);
  return `# The contract of ${name}\n\n${about}\n\n${cards.length} cards, ${prefix}-…; [how suites are run](../contracts.md).\n\n${sections.join('\n')}`;
}

function table(): string {
  return `| suite | cards | |\n|---|---|---|\n${SUITES.map(({ name, about, cards }) => `| [${name}](contracts/${name}.md) | ${cards.length} | ${cell(about)} |`).join('\n')}\n`;
}

describe('the pages of contracts (KEELSON_UPDATE_DOCS=1 writes them)', () => {
  it.each(SUITES.map((suite) => [suite.name, suite] as const))('%s: every card with its id, title and reason', (name, suite) => {
    const file = new URL(`${name}.md`, FOLDER);
    if (process.env['KEELSON_UPDATE_DOCS']) writeFileSync(file, pageOf(suite));
    else expect(readFileSync(file, 'utf8')).toBe(pageOf(suite));
  });

  it('lists every suite, and has no page of another', () => {
    const [head = ''] = readFileSync(INDEX, 'utf8').split(MARK);
    const expected = `${head}${MARK}\n${table()}`;
    if (process.env['KEELSON_UPDATE_DOCS']) writeFileSync(INDEX, expected);
    else expect(readFileSync(INDEX, 'utf8')).toBe(expected);
    expect(readdirSync(FOLDER).sort()).toEqual(SUITES.map(({ name }) => `${name}.md`).sort());
  });
});
