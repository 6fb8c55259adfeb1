import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeSchema, jsonSchemaOf, type JsonSchema } from '@keelson/core/config';
import type { FeatureDefinition, Schema } from '@keelson/core/ports';
import ts from 'typescript';
import { ROOT, filesOf } from '../testing/pages.js';

/** What a feature's docstring says, by part; `notes` are paragraphs without a label. */
export type FeatureText = { readonly summary: string; readonly parts: ReadonlyMap<string, string>; readonly notes: readonly string[] };

const REQUIRED = ['Unit', 'Range', 'Warm-up', 'Formula', 'Source'];
const LABEL = /(?:^|(?<=[.)] ))(Outputs|Unit|Range|Warm-up|Needs|Formula|Source): /;

/** The parts of a docstring of the form `` `id`: what it is. … Unit: … `` and so on. */
export function parseDocstring(text: string, label: RegExp = LABEL): FeatureText {
  const parts = new Map<string, string>();
  const notes: string[] = [];
  let summary = '';
  for (const [index, paragraph] of text.trim().split(/\n\s*\n/).entries()) {
    const [opening = '', ...labelled] = paragraph.replace(/\s*\n\s*/g, ' ').split(label);
    if (index === 0) summary = opening.replace(/^`[^`]+`:\s*/, '').trim();
    else if (opening.trim() !== '') notes.push(opening.trim());
    for (let at = 0; at < labelled.length; at += 2) parts.set(labelled[at] ?? '', (labelled[at + 1] ?? '').trim());
  }
  return { summary, parts, notes };
}

/** Every docstring in a source that begins with a name in backquotes and a colon, by that name. */
export function docstringsOf(source: string): Array<readonly [id: string, text: string]> {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const found: Array<readonly [string, string]> = [];
  const visit = (node: ts.Node): void => {
    for (const doc of ts.isVariableStatement(node) || ts.isPropertyAssignment(node) ? ts.getJSDocCommentsAndTags(node) : []) {
      if (!ts.isJSDoc(doc)) continue;
      // the text itself: the compiler's reading of it takes words that begin with @ for tags
      const text = doc.getText(file).replace(/^\/\*\*|\*\/$/g, '').replace(/^[ \t]*\*[ \t]?/gm, '').trim();
      const id = /^`([^`]+)`:/.exec(text)?.[1];
      if (id !== undefined) found.push([id, text]);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The docstrings of a family's sources by feature; two of one name are both kept. */
export function docstringsOfFamily(family: string): ReadonlyMap<string, readonly string[]> {
  const files = filesOf(join(ROOT, 'packages/plugin-features/src', family)).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const texts = new Map<string, string[]>();
  for (const [id, text] of files.flatMap((file) => docstringsOf(readFileSync(file, 'utf8')))) texts.set(id, [...(texts.get(id) ?? []), text]);
  return texts;
}

/** What a docstring or a schema lacks for the reference page. */
export function featureFaults(id: string, definition: FeatureDefinition, texts: readonly string[]): string[] {
  if (texts.length !== 1) return [`${id}: found ${texts.length} docstrings that begin with \`${id}\`:, expected one`];
  const { summary, parts } = parseDocstring(texts[0] ?? '');
  const faults = REQUIRED.filter((part) => !parts.get(part)).map((part) => `${id}: the docstring has no "${part}:"`);
  if (summary === '') faults.unshift(`${id}: the docstring does not say what it is`);
  const named = [...(parts.get('Outputs') ?? '').matchAll(/`([^`]+)` \(/g)].map((match) => match[1]);
  const outputs = definition.outputs.length > 1 || parts.has('Outputs') ? definition.outputs : [];
  if (named.join() !== outputs.join()) faults.push(`${id}: the docstring's "Outputs:" name ${named.join(', ') || 'none'}, expected ${outputs.join(', ')}, each followed by its meaning in brackets`);
  const needs = needsOf(definition);
  const toldNeeds = (parts.get('Needs') ?? '').split(/, | and |[.]/).filter((word) => word !== '');
  if (toldNeeds.join() !== needs.join()) faults.push(`${id}: the docstring's "Needs:" name ${toldNeeds.join(', ') || 'nothing'}, the definition ${needs.join(', ') || 'nothing'}`);
  for (const [param, schema] of Object.entries(paramsOf(definition).properties ?? {})) if (!schema.description) faults.push(`${id}: the param ${param} has no description`);
  return faults;
}

/** The page of one family. */
export function familyPage(family: string, features: Readonly<Record<string, FeatureDefinition>>): string {
  const texts = docstringsOfFamily(family);
  const sections = Object.entries(features).map(([id, definition]) => featureSection(id, definition, parseDocstring(texts.get(id)?.[0] ?? '')));
  return `# Features: ${family}\n\n<!-- written from the sources of packages/plugin-features: KEELSON_UPDATE_DOCS=1 npx vitest run docs/reference -->\n\n${familyText(family)} [What holds for all features](../features.md#what-holds-for-all).\n\n${sections.join('\n')}`;
}

/** The table of all features. */
export function featureIndex(families: Readonly<Record<string, Readonly<Record<string, FeatureDefinition>>>>): string {
  const filled = Object.entries(families).filter(([, features]) => Object.keys(features).length > 0);
  return filled
    .map(([family, features]) => {
      const texts = docstringsOfFamily(family);
      const rows = Object.keys(features).map((id) => `| [\`${id}\`](features/${family}.md#${id}) | ${cell(firstSentence(parseDocstring(texts.get(id)?.[0] ?? '').summary))} |`);
      return `### [${capital(family)}](features/${family}.md)\n\n${familyText(family)}\n\n| feature | what it is |\n|---|---|\n${rows.join('\n')}\n`;
    })
    .join('\n');
}

function featureSection(id: string, definition: FeatureDefinition, { summary, parts, notes }: FeatureText): string {
  const outputs = parts.get('Outputs') ?? `\`${definition.outputs[0]}\`.`;
  const facts = [['Outputs', outputs], ...['Unit', 'Range', 'Warm-up', 'Needs', 'Formula'].map((part) => [part, parts.get(part)] as const)].filter(([, text]) => text !== undefined);
  const list = facts.map(([label, text]) => `- **${label}:** ${text}`).join('\n');
  return [`## \`${id}\``, capital(summary), paramTable(definition), list, ...notes, `Source: ${parts.get('Source')}`].join('\n\n') + '\n';
}

/** The parameters of a component, one to a row; those of a mapping come after it, with its name before theirs. */
export function paramTable(definition: { readonly params: Schema }): string {
  const rows = paramRows(paramsOf(definition), '');
  return rows.length === 0 ? 'It has no params.' : `| param | default | value | meaning |\n|---|---|---|---|\n${rows.join('\n')}`;
}

function paramRows({ properties = {}, required = [] }: JsonSchema, prefix: string): string[] {
  return Object.entries(properties).flatMap(([param, schema]) => [
    `| \`${prefix}${param}\` | ${defaultOf(schema, required.includes(param))} | ${cell(describeSchema(schema))} | ${cell(schema.description ?? '')} |`,
    ...paramRows(schema, `${prefix}${param}.`),
    ...paramRows(schema.items ?? {}, `${prefix}${param}[].`),
  ]);
}

/** The docstring of the family's set. */
function familyText(family: string): string {
  const index = readFileSync(join(ROOT, 'packages/plugin-features/src', family, 'index.ts'), 'utf8');
  const text = /\/\*\*\s*([\s\S]*?)\s*\*\/\s*export const/.exec(index)?.[1];
  if (text === undefined) throw new Error(`${family}/index.ts has no docstring, expected one that says what the family is`);
  return text.replace(/\s*\n\s*\*?\s*/g, ' ');
}

export function paramsOf(definition: { readonly params: Schema }): JsonSchema {
  const schema = jsonSchemaOf(definition.params);
  if (schema === undefined) throw new Error('the params have no JSON Schema');
  return schema;
}

function needsOf(definition: FeatureDefinition): readonly string[] {
  return definition.needs ?? [];
}

function defaultOf(schema: JsonSchema, isRequired: boolean): string {
  if (schema.default !== undefined) return `\`${typeof schema.default === 'object' ? JSON.stringify(schema.default) : String(schema.default)}\``;
  return isRequired ? 'required' : 'none';
}

const firstSentence = (text: string): string => capital(/^.*?[.](?= [A-Z`]|$)/.exec(text)?.[0] ?? text);
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const cell = (text: string): string => text.replaceAll('|', '\\|');
