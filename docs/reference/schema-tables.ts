import { describeSchema, type JsonSchema } from '@keelson/core/config';

type Section = { readonly title: string; readonly rows: readonly string[] };

/** One table for each mapping of a file, in the order of the schema. */
export function schemaTables(schema: JsonSchema): string {
  const sections: Section[] = [];
  section('Top level', schema, '', sections);
  return sections.map(({ title, rows }) => `## ${title}\n\n| key | value | default | meaning |\n|---|---|---|---|\n${rows.join('\n')}\n`).join('\n');
}

function section(title: string, schema: JsonSchema, path: string, sections: Section[]): void {
  const rows: string[] = [];
  const inner: Array<() => void> = [];
  sections.push({ title, rows });
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const at = path === '' ? key : `${path}.${key}`;
    rows.push(`| \`${key}\` | ${cell(valueOf(property))} | ${cell(presetOf(property, schema.required?.includes(key) ?? false))} | ${cell(property.description ?? '')} |`);
    for (const [heading, child] of mappingsOf(at, property)) inner.push(() => section(heading, child, at, sections));
  }
  for (const visit of inner) visit();
}

/** The mappings with known keys that a value can be, each with the heading it gets. */
function mappingsOf(path: string, schema: JsonSchema): Array<[string, JsonSchema]> {
  if (schema.items !== undefined) return mappingsOf(`${path}[]`, schema.items);
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) {
    return options.flatMap((option): Array<[string, JsonSchema]> => {
      const name = ['use', 'kind'].find((key) => option.properties?.[key]?.const !== undefined);
      return mappingsOf(path, option).map(([heading, child]) => [name === undefined ? heading : `${heading}, ${name}: ${String(option.properties?.[name]?.const)}`, child]);
    });
  }
  return schema.properties === undefined ? [] : [[`\`${path}\``, schema]];
}

function valueOf(schema: JsonSchema): string {
  if (schema.items !== undefined) return `list of: ${valueOf(schema.items)}`;
  const own = schema.type === 'object' && schema.properties === undefined && typeof schema.additionalProperties === 'object' && schema.additionalProperties.type !== undefined;
  return own ? `mapping of names to ${valueOf(schema.additionalProperties as JsonSchema)}` : describeSchema(schema);
}

function presetOf(schema: JsonSchema, required: boolean): string {
  if (schema.default === '') return 'empty';
  if (schema.default !== undefined) return `\`${typeof schema.default === 'string' ? schema.default : JSON.stringify(schema.default)}\``;
  return required ? 'required' : '';
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
