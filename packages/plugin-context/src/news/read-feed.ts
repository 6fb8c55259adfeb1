import { DataError } from '@keelson/core/errors';
import type { SourceEvent } from '@keelson/core/ports';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { feedDate } from './feed-date.js';
import { inOrder } from './known-events.js';
import { idOf } from './news-file.js';

type Node = string | { readonly [key: string]: Node | readonly Node[] };

/** Items of a feed, and what was wrong with those that were left out. */
export type FeedContent = { readonly events: readonly SourceEvent[]; readonly faults: readonly string[] };

const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', textNodeName: '#text', parseTagValue: false, parseAttributeValue: false, trimValues: true, htmlEntities: true });

/**
 * Reads RSS 2.0, RSS 1.0 (RDF) and Atom (RFC 4287). An item that cannot be used is left out and named.
 *
 * @throws DataError DATA_FORMAT when it is no XML or no feed
 */
export function readFeed(text: string, name: string): FeedContent {
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new DataError('DATA_FORMAT', `${name} is no XML (line ${valid.err.line}: ${valid.err.msg}), expected RSS or Atom`, { hint: 'see what it says in a browser' });
  const root = parser.parse(text) as Readonly<Record<string, Node>>;
  const rss = child(root['rss'], 'channel');
  const rdf = root['rdf:RDF'] ?? root['RDF'];
  const atom = root['feed'];
  if (rss !== undefined) return contentOf(children(rss, 'item'), rssItem);
  if (rdf !== undefined) return contentOf(children(rdf, 'item'), rssItem);
  if (atom !== undefined) return contentOf(children(atom, 'entry'), atomEntry);
  const found = Object.keys(root).find((key) => !key.startsWith('?'));
  throw new DataError('DATA_FORMAT', `${name} is XML with <${found ?? 'nothing'}>, expected RSS or Atom`, { hint: 'give the address of a feed, not of a page' });
}

function contentOf(items: readonly Node[], read: (item: Node) => SourceEvent | string): FeedContent {
  const events = new Map<string, SourceEvent>();
  const faults: string[] = [];
  items.forEach((item, i) => {
    const event = read(item);
    if (typeof event === 'string') faults.push(`item ${i + 1} ${event}`);
    else if (!events.has(event.id)) events.set(event.id, event);
  });
  return { events: inOrder([...events.values()]), faults };
}

function rssItem(item: Node): SourceEvent | string {
  const date = textOf(child(item, 'pubDate')) ?? textOf(child(item, 'dc:date'));
  const id = textOf(child(item, 'guid')) ?? textOf(child(item, 'link'));
  const words = children(item, 'category').concat(children(item, 'dc:subject')).flatMap((category) => textOf(category) ?? []);
  return eventOf(id, textOf(child(item, 'title')) ?? textOf(child(item, 'description')), date, words);
}

function atomEntry(entry: Node): SourceEvent | string {
  const date = textOf(child(entry, 'published')) ?? textOf(child(entry, 'updated'));
  const words = children(entry, 'category').flatMap((category) => textOf(child(category, '@label')) ?? textOf(child(category, '@term')) ?? []);
  return eventOf(textOf(child(entry, 'id')), textOf(child(entry, 'title')), date, words);
}

function eventOf(id: string | undefined, heading: string | undefined, date: string | undefined, keywords: readonly string[]): SourceEvent | string {
  const title = heading === undefined ? '' : plain(heading);
  if (title === '') return 'has no title';
  if (date === undefined) return `('${short(title)}') has no date`;
  const time = feedDate(date);
  if (time === undefined) return `('${short(title)}') has the date '${short(date)}', expected one of RFC 822 or RFC 3339 with a zone`;
  return { id: id ?? idOf(title, date), time, title, keywords: keywords.map(plain).filter((word) => word !== ''), knownAt: time };
}

function children(node: Node | undefined, key: string): readonly Node[] {
  if (node === undefined || typeof node === 'string') return [];
  const found = node[key];
  return found === undefined ? [] : Array.isArray(found) ? (found as readonly Node[]) : [found as Node];
}

const child = (node: Node | undefined, key: string): Node | undefined => children(node, key)[0];

function textOf(node: Node | undefined): string | undefined {
  const text = typeof node === 'object' ? child(node, '#text') : node;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

/** Text without the markup that some feeds put into titles. */
function plain(text: string): string {
  return text.replace(/<\/?[A-Za-z][^>]*>/g, '').replaceAll('&nbsp;', ' ').replace(/\s+/g, ' ').trim();
}

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
