import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Workbench } from '../../test-kit/captured-io.js';

const PAGE = readFileSync(new URL('../../../../docs/reference/telemetry.md', import.meta.url), 'utf8');
const bench = new Workbench();
afterAll(() => bench.remove());

const blocks = (language: string): string[] => [...PAGE.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, text]) => text as string);
const linesOf = (name: string): string[] => readFileSync(join(bench.folder, name), 'utf8').trimEnd().split('\n');

it('shows lines on the page as the account on it writes them', async () => {
  const [account = ''] = blocks('yaml');
  bench.write('account.yaml', account);
  expect(await bench.keelson(['backtest', 'account.yaml'])).toMatchObject({ status: 0, err: '' });
  const lines = linesOf('told.jsonl').map((line) => JSON.parse(line) as unknown);
  const shown = blocks('json').map((text) => JSON.parse(text) as unknown);
  expect(shown).toHaveLength(4);
  for (const line of shown) expect(lines).toContainEqual(line);
});

it('names every field of a decision on the page', () => {
  const fields = linesOf('told.jsonl').flatMap((line) => {
    const { kind, ...rest } = JSON.parse(line) as { readonly kind: string };
    return kind === 'decision' ? Object.keys(rest) : [];
  });
  for (const field of new Set(fields)) if (field !== 'time' && field !== 'instrument') expect(PAGE, field).toMatch(new RegExp(`^\\|[^|]*\`${field}\``, 'm'));
});
