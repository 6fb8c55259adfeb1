import { ConfigError } from '@keelson/core/errors';
import { isMap, isNode, isScalar, isSeq, parseDocument, type Document, type Node, type Pair } from 'yaml';
import { flow } from '../plugins/settings-text.js';
import { shieldReferences, unshield } from './substitute-env.js';

/** What is added to `plugins:`. `settings` are lines of a block mapping, without indent. */
export type PluginEntry = { readonly use: string; readonly settings: readonly string[] };

/**
 * The text of an account with one more entry under `plugins:`. Only that is inserted: comments, order and layout of
 * the rest stay as they are.
 *
 * @param shown how the file is named in messages
 * @throws ConfigError `CFG_CONFLICT` when the plugin is listed already, `CFG_YAML` for a file whose form leaves no place
 */
export function insertPlugin(text: string, entry: PluginEntry, shown: string): string {
  const document = parse(text);
  const root = document.contents;
  const unusable = (found: string, hint: string): ConfigError => new ConfigError('CFG_YAML', `${shown} ${found}, expected an account in YAML`, { hint });
  if (document.errors.length > 0) throw unusable('was not valid YAML', `run "keelson validate ${shown}" and correct it first`);
  if (!isMap(root)) throw unusable('was no mapping', 'name an account file, or run "keelson init" for one');
  const pair = root.items.find(({ key }) => isScalar(key) && key.value === 'plugins');
  const value = pair?.value;
  const known = (document.toJS() as { readonly plugins?: unknown }).plugins;
  if (Array.isArray(known) && known.some((item: unknown) => item === entry.use || (item as { readonly use?: unknown } | null)?.use === entry.use)) {
    throw new ConfigError('CFG_CONFLICT', `${shown} lists ${entry.use} already, expected each plugin once`, { hint: 'change its entry under plugins: by hand' });
  }
  const byHand = unusable('has a form of plugins: that cannot be added to', `add ${flow(entry.use)} there by hand`);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';

  let result: string;
  if (isSeq(value) && value.flow === true && value.items.length > 0) result = intoFlow(text, value, `, ${inFlow(entry)}`, byHand);
  else if (isSeq(value) && value.flow !== true && value.items.length > 0) result = afterLastItem(text, value, entry, eol, byHand);
  else if (root.flow === true) result = intoFlowRoot(text, root, pair, entry, byHand);
  else if (pair === undefined) result = beforeInstruments(text, root.items, ['plugins:', ...blockLines(entry, '  ')], eol);
  else if (value === null || (isScalar(value) && value.value === null) || (isSeq(value) && value.items.length === 0)) result = afterKey(text, pair, value, entry, eol, byHand);
  else throw byHand;

  // held against what was meant: a file that decides about money is not written on a guess
  const after = parse(result);
  const wanted = { ...(document.toJS() as object), plugins: [...(Array.isArray(known) ? (known as unknown[]) : []), plain(entry)] };
  if (after.errors.length > 0 || canonical(after.toJS()) !== canonical(wanted)) throw byHand;
  return result;
}

// references to the environment may stand anywhere; shielded, they keep their length and the text is YAML
const parse = (text: string): Document => parseDocument(shieldReferences(text), { prettyErrors: false, logLevel: 'silent' });

const plain = ({ use, settings }: PluginEntry): unknown => (settings.length === 0 ? use : { use, config: parse(settings.join('\n')).toJS() as unknown });

const canonical = (value: unknown): string => JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner));

function blockLines({ use, settings }: PluginEntry, indent: string): string[] {
  if (settings.length === 0) return [`${indent}- ${flow(use)}`];
  return [`${indent}- use: ${flow(use)}`, `${indent}  config:`, ...settings.map((line) => `${indent}    ${line}`)];
}

/** JSON, so that it fits into a file in JSON as well. */
const inFlow = (entry: PluginEntry): string => unshield(JSON.stringify(plain(entry)));

function intoFlow(text: string, sequence: Node, addition: string, byHand: ConfigError): string {
  const end = sequence.range?.[1];
  if (end === undefined || text[end - 1] !== ']') throw byHand;
  const bare = text.slice(0, end - 1).replace(/,?\s*$/, '');
  if (/#[^\n]*$/.test(bare)) throw byHand; // the last line is a comment
  return `${bare}${addition}${text.slice(bare.length, end - 1).replace(',', '')}${text.slice(end - 1)}`;
}

function intoFlowRoot(text: string, root: Node, pair: Pair | undefined, entry: PluginEntry, byHand: ConfigError): string {
  const [start] = root.range ?? [];
  const value = pair?.value;
  if (pair !== undefined && isSeq(value)) return intoFlow(text, value, inFlow(entry), byHand);
  if (pair !== undefined || start === undefined || text[start] !== '{') throw byHand;
  return `${text.slice(0, start + 1)} "plugins": [${inFlow(entry)}],${text.slice(start + 1)}`;
}

function afterLastItem(text: string, sequence: { readonly items: readonly unknown[]; readonly range?: readonly number[] | null | undefined }, entry: PluginEntry, eol: string, byHand: ConfigError): string {
  const last = sequence.items.at(-1);
  const dash = sequence.range?.[0];
  const end = isNode(last) ? last.range?.[1] : undefined;
  if (dash === undefined || end === undefined || text[dash] !== '-') throw byHand;
  const indent = text.slice(text.lastIndexOf('\n', dash) + 1, dash);
  if (indent.trim() !== '') throw byHand;
  let at = endOfLine(text, end);
  // comments that are indented further than the dash belong to the last entry
  for (const next = /\r?\n([ \t]+)#[^\n\r]*/y; ; ) {
    next.lastIndex = at;
    const found = next.exec(text);
    if (found === null || (found[1] as string).length <= indent.length) break;
    at = next.lastIndex;
  }
  return insertLines(text, at, blockLines(entry, indent), eol);
}

function afterKey(text: string, pair: Pair, value: unknown, entry: PluginEntry, eol: string, byHand: ConfigError): string {
  const key = isNode(pair.key) ? pair.key.range : undefined;
  if (key === undefined || key === null) throw byHand;
  const [, keyEnd] = key;
  const place = isNode(value) ? value.range : undefined;
  // an empty list is taken away, what stands behind it on the line stays
  const emptied = isSeq(value) && place !== undefined && place !== null ? `${text.slice(0, place[0]).trimEnd()}${text.slice(place[1])}` : text;
  return insertLines(emptied, endOfLine(emptied, keyEnd), blockLines(entry, '  '), eol);
}

/** Where the sections of an account that `keelson init` writes have it; comments above `instruments:` stay with it. */
function beforeInstruments(text: string, items: readonly Pair[], lines: readonly string[], eol: string): string {
  const key = items.find((item) => isScalar(item.key) && item.key.value === 'instruments')?.key;
  const offset = isNode(key) ? key.range?.[0] : undefined;
  if (offset === undefined) return insertLines(text, text.trimEnd().length, ['', ...lines], eol);
  let start = text.lastIndexOf('\n', offset - 1) + 1;
  for (;;) {
    const before = text.lastIndexOf('\n', start - 2) + 1;
    if (start === 0 || !/^\s*#/.test(text.slice(before, start))) break;
    start = before;
  }
  return `${text.slice(0, start)}${lines.join(eol)}${eol}${eol}${text.slice(start)}`;
}

const endOfLine = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : text[end - 1] === '\r' ? end - 1 : end;
};

function insertLines(text: string, at: number, lines: readonly string[], eol: string): string {
  const rest = text.slice(at);
  return `${text.slice(0, at)}${eol}${lines.join(eol)}${rest === '' ? eol : rest}`;
}
