import { accountSchema, jsonSchemaOf, type JsonSchema } from '@keelson/core/config';
import type { PortName } from '@keelson/core/plugin';
import type { Schema } from '@keelson/core/ports';

export type ComponentParams = { readonly port: PortName; readonly id: string; readonly plugin: string; readonly params: Schema };
export type PluginConfig = { readonly name: string; readonly config: Schema };

type Node = { -readonly [K in keyof JsonSchema]: JsonSchema[K] };

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/**
 * JSON Schema (draft 2020-12) of the account file, for editors: the components of the given plugins are offered
 * where their ids may stand, and their parameters are checked. A reference `${NAME}` is taken for any plain value.
 */
export function accountJsonSchema(components: readonly ComponentParams[], plugins: readonly PluginConfig[]): JsonSchema {
  const root = plainSchema(accountSchema);
  const properties = root.properties as Record<string, Node>;
  const of = (port: PortName): readonly ComponentParams[] => components.filter((component) => component.port === port);
  const items = (key: string): Node => (properties[key] as Node).items as Node;

  offer(items('strategies'), 'params', of('strategy'));
  offer(properties['broker'] as Node, 'config', of('broker'));
  offer(items('overlays'), 'config', of('risk-overlay'));
  offer(items('regimes'), 'config', of('regime'));
  offer(items('advisors'), 'config', of('advisor'));
  offer(sourcesOf(properties['decision'] as Node), 'config', of('proposal-source'));
  offer(items('notifiers'), 'config', of('notifier'));
  offer(properties['memory'] as Node, 'config', of('memory'));
  offer(properties['journal'] as Node, 'config', of('journal'));
  offer((properties['context'] as Node).additionalProperties as Node, 'config', of('context-feed'));
  const { sources } = (properties['news'] as Node).properties as Record<string, Node>;
  offer((sources as Node).additionalProperties as Node, 'config', of('news-feed'));
  offer((properties['data'] as Node).properties?.['store'] as Node, 'config', of('bar-store'));
  offerFeeds(properties['data'] as Node, of('data-feed'));
  offerPlugins(items('plugins'), plugins);
  return { $schema: DIALECT, title: 'Keelson account', ...(allowReferences(root) as JsonSchema) };
}

/** Where `decision.proposals` names its sources. */
function sourcesOf(decision: Node): Node {
  const proposals = decision.properties?.['proposals'];
  return proposals?.properties?.['sources']?.items as Node;
}

/** A schema that may be nested in another: what refers to itself is left open. */
function plainSchema(schema: Schema): Node {
  const { $schema: _, ...node } = jsonSchemaOf(schema) ?? {};
  return JSON.stringify(node).includes('"$ref"') ? {} : structuredClone(node);
}

/** Ids to choose from; others stay allowed, as an account may load more plugins. */
function choice(node: Node, ids: readonly string[]): Node {
  const { description, default: preset } = node;
  return { ...(description === undefined ? {} : { description }), ...(preset === undefined ? {} : { default: preset }), anyOf: [{ enum: ids }, { type: 'string', minLength: 1 }] };
}

function when(test: JsonSchema, outcome: JsonSchema): JsonSchema {
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema; nothing awaits this object
  return { if: test, then: outcome };
}

function offer(entry: Node, settings: string, components: readonly ComponentParams[]): void {
  if (components.length === 0) return;
  const properties = entry.properties as Record<string, Node>;
  properties['use'] = choice(properties['use'] as Node, components.map(({ id }) => id));
  entry['allOf'] = components.map(({ id, params }) => {
    const node = plainSchema(params);
    const needed = (node.required ?? []).length > 0 ? [settings] : [];
    return when({ properties: { use: { const: id } }, required: ['use'] }, { properties: { [settings]: node }, required: needed });
  });
}

/** A feed's settings stand beside the keys that every feed has. */
function offerFeeds(data: Node, feeds: readonly ComponentParams[]): void {
  if (feeds.length === 0) return;
  const properties = data.properties as Record<string, Node>;
  const preset = (properties['feed'] as Node).default;
  properties['feed'] = choice(properties['feed'] as Node, feeds.map(({ id }) => id));
  data['allOf'] = feeds.map(({ id, params }) => {
    const node = plainSchema(params);
    const own = Object.keys(node.properties ?? {});
    const closed = node.additionalProperties === false ? { propertyNames: { enum: [...Object.keys(properties), ...own] } } : {};
    return when({ properties: { feed: { const: id } }, required: id === preset ? [] : ['feed'] }, { properties: node.properties ?? {}, required: node.required ?? [], ...closed });
  });
}

function offerPlugins(entry: Node, plugins: readonly PluginConfig[]): void {
  const object = entry.anyOf?.find((branch) => branch.properties !== undefined) as Node | undefined;
  if (object === undefined || plugins.length === 0) return;
  object['allOf'] = plugins.map(({ name, config }) => when({ properties: { use: { const: name } }, required: ['use'] }, { properties: { config: plainSchema(config) } }));
}

const REFERENCE: JsonSchema = { type: 'string', pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}', description: 'From the environment.' };

/** Lets `${NAME}` stand for every plain value that is not any text. */
function allowReferences(value: unknown, key?: string): unknown {
  if (Array.isArray(value)) return key === 'enum' || key === 'required' || key === 'type' ? value : value.map((entry) => allowReferences(entry));
  if (typeof value !== 'object' || value === null || key === 'default' || key === 'const' || key === 'if' || key === 'propertyNames') return value;
  const node = value as Record<string, unknown>;
  const narrow = key !== 'properties' && (['number', 'integer', 'boolean'].includes(String(node['type'])) || (node['type'] === 'string' && (node['pattern'] !== undefined || node['format'] !== undefined || node['enum'] !== undefined)));
  if (!narrow) return Object.fromEntries(Object.entries(node).map(([name, inner]) => [name, key === 'properties' ? allowReferences(inner, 'property') : allowReferences(inner, name)]));
  const { description, default: preset, ...rest } = node;
  return { ...(description === undefined ? {} : { description }), ...(preset === undefined ? {} : { default: preset }), anyOf: [rest, REFERENCE] };
}
