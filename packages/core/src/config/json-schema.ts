import type { Schema } from '../domain/schema.js';

/** The part of JSON Schema (draft 2020-12) that descriptions of settings use. */
export type JsonSchema = {
  readonly [key: string]: unknown;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
};

type JsonSchemaSource = { readonly input: (options: { readonly target: string; readonly libraryOptions?: Record<string, unknown> }) => Record<string, unknown> };

/** JSON Schema of what may be written, or undefined for a validator that cannot give one (https://standardschema.dev/json-schema). */
export function jsonSchemaOf(schema: Schema): JsonSchema | undefined {
  const source = (schema['~standard'] as { readonly jsonSchema?: JsonSchemaSource }).jsonSchema;
  try {
    return source?.input({ target: 'draft-2020-12', libraryOptions: { unrepresentable: 'any' } }) as JsonSchema | undefined;
  } catch {
    return undefined; // a validator may refuse what JSON Schema cannot say; descriptions are then poorer, nothing else
  }
}

/** The alternatives that can describe `value`: one for a plain schema, the fitting branches of a union. */
function branches(schema: JsonSchema, value: unknown): readonly JsonSchema[] {
  const options = schema.anyOf ?? schema.oneOf;
  if (options === undefined) return [schema];
  const fitting = options.filter((option) => fits(option, value));
  return (fitting.length > 0 ? fitting : options).flatMap((option) => branches(option, value));
}

function fits(schema: JsonSchema, value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return schema.properties === undefined;
  if (schema.properties === undefined) return schema.type === 'object';
  return Object.entries(schema.properties).every(([key, property]) => property.const === undefined || property.const === (value as Record<string, unknown>)[key]);
}

/** The schemas that describe what stands at a path, counted from the root that `schema` and `value` are. */
export function schemasAt(schema: JsonSchema, path: readonly PropertyKey[], value: unknown): readonly JsonSchema[] {
  const here = branches(schema, value);
  const [key, ...rest] = path;
  if (key === undefined) return here;
  const inner = typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
  return here.flatMap((option) => {
    const open = typeof option.additionalProperties === 'object' ? option.additionalProperties : undefined;
    const next = typeof key === 'number' ? option.items : (option.properties?.[String(key)] ?? open);
    return next === undefined ? [] : schemasAt(next, rest, inner);
  });
}

/** Keys that may stand in the mapping at a path, counted from the root that `schema` and `value` are. */
export function keysAt(schema: JsonSchema, path: readonly PropertyKey[], value: unknown): string[] {
  return [...new Set(schemasAt(schema, path, value).flatMap((option) => Object.keys(option.properties ?? {})))];
}

/** Where each key of the schema stands: key to the dotted paths of the mappings that know it; `[]` stands for a list's entry. */
export function placesOfKeys(schema: JsonSchema): Map<string, string[]> {
  const places = new Map<string, string[]>();
  const visit = (node: JsonSchema, path: string): void => {
    for (const option of node.anyOf ?? node.oneOf ?? []) visit(option, path);
    if (node.items !== undefined) visit(node.items, `${path}[]`);
    for (const [key, property] of Object.entries(node.properties ?? {})) {
      const known = places.get(key) ?? [];
      if (!known.includes(path)) places.set(key, [...known, path]);
      visit(property, path === '' ? key : `${path}.${key}`);
    }
  };
  visit(schema, '');
  return places;
}

/** What a schema expects, in words: `a number above 0`, `one of backtest, paper, live`. */
export function describeSchema(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return `one of ${schema.enum.map(String).join(', ')}`;
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) return [...new Set(options.map(describeSchema))].join(' or ');
  switch (schema.type) {
    case 'integer':
      return `a whole number${range(schema)}`;
    case 'number':
      return `a number${range(schema)}`;
    case 'string':
      return 'text';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object':
      return 'a mapping';
    case 'null':
      return 'nothing';
    default:
      return 'a value';
  }
}

function range(schema: JsonSchema): string {
  const low = schema.minimum === Number.MIN_SAFE_INTEGER ? undefined : schema.minimum;
  const high = schema.maximum === Number.MAX_SAFE_INTEGER ? undefined : schema.maximum;
  if (low !== undefined && high !== undefined) return ` from ${low} to ${high}`;
  const parts = [
    schema.exclusiveMinimum === undefined ? undefined : `above ${schema.exclusiveMinimum}`,
    low === undefined ? undefined : `of at least ${low}`,
    schema.exclusiveMaximum === undefined ? undefined : `below ${schema.exclusiveMaximum}`,
    high === undefined ? undefined : `of at most ${high}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? '' : ` ${parts.join(' and ')}`;
}
