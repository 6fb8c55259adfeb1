import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { brokerParams } from '../../packages/plugin-ibkr/src/broker/ibkr-broker.js';
import { contractSpecSchema } from '../../packages/plugin-ibkr/src/contracts/contract-spec.js';
import { feedParams } from '../../packages/plugin-ibkr/src/feed/ibkr-feed.js';
import { IB_ERRORS } from '../../packages/plugin-ibkr/src/gateway/error-codes.js';
import { connectionSchema } from '../../packages/plugin-ibkr/src/settings.js';

const PAGE = new URL('./interactive-brokers.md', import.meta.url);
const [BEGIN, END] = ['<!-- written from the sources -->\n', '<!-- end -->\n'];

type Property = { readonly type?: string; readonly enum?: readonly unknown[]; readonly default?: unknown; readonly description?: string; readonly properties?: Readonly<Record<string, Property>> };

/** A row for each setting, those of a nested one under its path. */
function rows(schema: Property, prefix = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const values = property.enum === undefined ? (property.type ?? '') : property.enum.map((value) => `\`${String(value)}\``).join(', ');
    const fallback = property.default === undefined || typeof property.default === 'object' ? '' : `\`${String(property.default)}\``;
    return [`| \`${prefix}${name}\` | ${values} | ${fallback} | ${property.description ?? ''} |`, ...rows(property, `${prefix}${name}.`)];
  });
}

const table = (schema: z.ZodType): string => ['| key | values | default | meaning |', '|---|---|---|---|', ...rows(z.toJSONSchema(schema, { io: 'input' }) as Property)].join('\n');

function content(): string {
  return [
    '',
    "## `config:` of the plugin\n\nOne connection, shared by the account's broker and feed.",
    table(connectionSchema),
    '## `data:` with `feed: ibkr`',
    table(feedParams),
    '## `broker.config:` with `use: ibkr`',
    table(brokerParams),
    '## `symbols.ibkr` of an instrument\n\nA name alone, e.g. `symbols: { ibkr: MES1! }`, or:',
    table(contractSpecSchema),
    '## Messages of the gateway\n\nNumbers from 2100 to 2199 that are not listed are notices; any other unknown one refuses the order or the request that it names.\n\nSource: TWS API, "Message codes".',
    ['| number | meaning | taken as | code | trying again |', '|---|---|---|---|---|', ...[...IB_ERRORS].map(([number, { kind, code, retry, meaning }]) => `| ${number} | ${meaning} | ${kind} | [${code}](errors.md) | ${retry} |`)].join('\n'),
    '',
  ].join('\n\n').trimStart();
}

describe('the page of Interactive Brokers', () => {
  it('says what the sources say (KEELSON_UPDATE_DOCS=1 writes it)', () => {
    const page = readFileSync(PAGE, 'utf8');
    const [head = '', rest = ''] = page.split(BEGIN);
    const [found, tail = ''] = rest.split(END);
    const expected = `\n${content()}\n`;
    if (process.env['KEELSON_UPDATE_DOCS']) writeFileSync(PAGE, `${head}${BEGIN}${expected}${END}${tail}`);
    else expect(found).toBe(expected);
  });

  it('lists messages in order, each once', () => {
    const numbers = [...IB_ERRORS.keys()];
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });
});
