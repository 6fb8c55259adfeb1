import { readFileSync } from 'node:fs';
import type { Schema } from '@keelson/core/ports';
import strategies from '@keelson/plugin-strategies';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

type Row = { readonly param: string; readonly fallback: string };

/** The table of the section on `id`, and its text. */
function sectionOf(page: string, id: string): { readonly rows: readonly Row[]; readonly text: string } {
  const pages = readFileSync(new URL(`./${page}.md`, import.meta.url), 'utf8');
  const text = pages.split(/^## /m).find((section) => section.startsWith(`\`${id}\`\n`)) ?? '';
  const rows = [...text.matchAll(/^\| `([^`]+)` \| (`?)([^|`]*)\2 \|/gm)].map((match) => ({ param: match[1], fallback: match[3] }));
  return { rows, text };
}

function paramsOf(schema: Schema): readonly Row[] {
  const { properties = {} } = z.toJSONSchema(schema as unknown as z.ZodType, { io: 'input' });
  return Object.entries(properties).map(([param, value]) => ({ param, fallback: shown((value as { default?: unknown }).default ?? 'required') }));
}

const shown = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

const added: Array<readonly [string, { readonly params: Schema }]> = [];
strategies.register({ add: ({ port }: { port: string }, id: string, definition: { readonly params: Schema }) => void (port === 'regime' && added.push([id, definition])) } as never);

describe('the reference pages', () => {
  it.each(added)('list the parameters and defaults of the regime %s', (id, definition) => {
    expect(sectionOf('strategies', id).rows).toEqual(paramsOf(definition.params));
  });
});
