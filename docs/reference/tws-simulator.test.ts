import { readFileSync, writeFileSync } from 'node:fs';
import { jsonSchemaOf } from '@keelson/core/config';
import { main, scenarioSchema } from '@keelson/tws-simulator';
import { machine } from '@keelson/tws-simulator/machine';
import { expect, it } from 'vitest';
import { schemaTables } from './schema-tables.js';

const PAGE = new URL('./tws-simulator.md', import.meta.url);
const MARK = '<!-- from here on the page is written from the schema -->\n';
const page = readFileSync(PAGE, 'utf8');

it('says of the scenario what its schema says (KEELSON_UPDATE_DOCS=1 writes it)', () => {
  const [head = ''] = page.split(MARK);
  const schema = jsonSchemaOf(scenarioSchema);
  if (schema === undefined) throw new Error('the scenario has no JSON Schema');
  const expected = `${head}${MARK}\n${schemaTables(schema)}`;
  if (process.env['KEELSON_UPDATE_DOCS']) writeFileSync(PAGE, expected);
  else expect(page).toBe(expected);
});

it('names every option of the command', async () => {
  let help = '';
  expect(await main(['--help'], { host: machine, out: (text) => void (help += text), error: () => undefined, ended: Promise.resolve() })).toBe(0);
  const options = [...help.matchAll(/(-\w), (--\w+)/g)].filter(([, , long]) => long !== '--help').map(([, short, long]) => `| \`${short}\`, \`${long}\` |`);
  expect(options).toHaveLength(5);
  for (const option of options) expect(page).toContain(option);
});
