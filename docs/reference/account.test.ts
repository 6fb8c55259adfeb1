import { readFileSync, writeFileSync } from 'node:fs';
import { accountSchema, jsonSchemaOf } from '@keelson/core/config';
import { expect, it } from 'vitest';
import { schemaTables } from './schema-tables.js';

const PAGE = new URL('./account.md', import.meta.url);
const MARK = '<!-- from here on the page is written from the schema -->\n';

it('says of the account file what its schema says (KEELSON_UPDATE_DOCS=1 writes it)', () => {
  const page = readFileSync(PAGE, 'utf8');
  const [head = ''] = page.split(MARK);
  const schema = jsonSchemaOf(accountSchema);
  if (schema === undefined) throw new Error('the account schema has no JSON Schema');
  const expected = `${head}${MARK}\n${schemaTables(schema)}`;
  if (process.env['KEELSON_UPDATE_DOCS']) writeFileSync(PAGE, expected);
  else expect(page).toBe(expected);
});
