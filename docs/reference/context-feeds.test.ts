import { readFileSync, writeFileSync } from 'node:fs';
import { describeSchema, jsonSchemaOf, type JsonSchema } from '@keelson/core/config';
import { DEFAULT_KEYWORDS } from '@keelson/core/engine';
import type { PortName, PortToken } from '@keelson/core/plugin';
import type { Schema } from '@keelson/core/ports';
import plugin from '@keelson/plugin-context';
import { expect, it } from 'vitest';

const PAGE = new URL('./context-feeds.md', import.meta.url);
const CONCEPT = new URL('../concepts/context.md', import.meta.url);
const MARK = '<!-- from here on the page is written from the schemas -->\n';

/** What each does, beside its settings. */
const ABOUT: Readonly<Record<string, string>> = {
  'series-file': 'A series from a CSV file with a header. Times ascend and are ISO-8601 with a zone, dates (midnight UTC) or epochs in seconds or milliseconds. Any fault in the file makes the series absent, and is reported with its row. A file that grows is read again.',
  'feed-series': 'A series made of the closed bars of any data feed: ETH/BTC, SPY, a funding rate. `close` is the last close, `return` and `log-return` compare it with the close `bars` bars before; `ratio` (a/b), `premium` (a/b - 1) and `difference` (a - b) compare it with the last close of `over`. A bar counts from its close on; of two instruments the age is that of the older close.',
  'http-json': 'A number out of a JSON document on the web. Where the server knows `ETag` or `Last-Modified`, the document is only sent again when it has changed. It knows the past only when the address holds `{time}`, `{timeMs}` or `{timeS}` and the answer says its `time`.',
  'news-file': 'Events from JSON Lines (`.jsonl`, `.ndjson`) or CSV with a header. Fields: `time` and `title`; and where known `id`, `keywords` (a list; in CSV split by `;` or `|`), `importance` (low, medium, high) and `knownAt`. Any fault in the file fails all of it, and is reported with its row.',
  'news-rss': 'Headlines from RSS 2.0, RSS 1.0 or Atom. Categories become keywords. An item that cannot be used is left out and reported. A file of a feed can be used over history; an address has the present headlines only.',
  'news-ics': 'Events of a calendar (iCalendar, RFC 5545): zones of the file or of the IANA database, rules of repetition, exceptions. Categories become keywords; a priority of 1 to 4 is high importance, 5 medium, 6 to 9 low. What is cancelled is left out. At most 1000 occurrences of one event are taken from 90 days. An address can be used live only.',
  'event-blackout': 'An overlay: no entries around events of `news:`. Both ends of the span are inside. What does not grow a position passes always.',
};

function sections(): string {
  const added: Array<{ readonly id: string; readonly port: PortName; readonly params: Schema }> = [];
  plugin.register({ add: (token: PortToken<PortName>, id: string, definition: { readonly params: Schema }) => added.push({ id, port: token.port, params: definition.params }) } as never);
  return added
    .map(({ id, port, params }) => {
      const schema = jsonSchemaOf(params) as JsonSchema;
      const rows = Object.entries(schema.properties ?? {}).map(([key, value]) => {
        const preset = value.default === undefined ? (schema.required?.includes(key) === true ? 'required' : '') : `\`${typeof value.default === 'string' ? value.default : JSON.stringify(value.default)}\``;
        return `| \`${key}\` | ${describeSchema(value).replaceAll('|', '\\|')} | ${preset} | ${(value.description ?? '').replaceAll('|', '\\|')} |`;
      });
      return `## \`${id}\`\n\n*${port}.* ${ABOUT[id] as string}\n\n| key | value | default | meaning |\n|---|---|---|---|\n${rows.join('\n')}\n`;
    })
    .join('\n');
}

function keywordRows(): string {
  return Object.entries(DEFAULT_KEYWORDS).map(([keyword, spellings]) => `| \`${keyword}\` | ${spellings.join(', ')} |`).join('\n');
}

it('says of the feeds what their schemas say (KEELSON_UPDATE_DOCS=1 writes it)', () => {
  const page = readFileSync(PAGE, 'utf8');
  const expected = `${page.split(MARK)[0] as string}${MARK}\n${sections()}`;
  if (process.env['KEELSON_UPDATE_DOCS']) writeFileSync(PAGE, expected);
  else expect(page).toBe(expected);
});

it('lists the default keywords (KEELSON_UPDATE_DOCS=1 writes them)', () => {
  const page = readFileSync(CONCEPT, 'utf8');
  const head = '| keyword | spellings |\n|---|---|\n';
  const from = page.indexOf(head) + head.length;
  const to = page.indexOf('\n\n', from);
  const expected = page.slice(0, from) + keywordRows() + page.slice(to);
  if (process.env['KEELSON_UPDATE_DOCS']) writeFileSync(CONCEPT, expected);
  else expect(page).toBe(expected);
});
