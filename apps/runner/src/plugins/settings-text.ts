import { describeSchema, isSecretKey, type JsonSchema } from '@keelson/core/config';
import { stringify } from 'yaml';
import { variableNameFor } from '../account/secrets.js';

/** One line of settings as YAML; `commented` for a key that may be left out and has no default. */
export type SettingLine = { readonly key: string; readonly value: string; readonly comment: string; readonly commented: boolean };

/**
 * The settings that a schema knows, as lines of a block mapping: defaults as they are, required keys with nothing to
 * fill in, the others commented out. What a key expects and means stands behind it.
 */
export function settingLines(schema: JsonSchema): SettingLine[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([key, property]) => {
    const meaning = [describeSchema(property), property.description?.replace(/\s+/g, ' ')].filter((part) => part !== undefined && part !== '').join('. ');
    if (property.default !== undefined) return { key, value: flow(property.default), comment: meaning, commented: false };
    const secret = isSecretKey(key) ? `\${${variableNameFor(key)}}` : '';
    return { key, value: secret, comment: required.has(key) ? `required: ${meaning}` : meaning, commented: !required.has(key) };
  });
}

/** Lines of block YAML, each after `indent`. */
export function settingsText(lines: readonly SettingLine[], indent: string): string[] {
  return lines.map(({ key, value, comment, commented }) => `${indent}${commented ? '# ' : ''}${flow(key)}:${value === '' ? '' : ` ${value}`}${comment === '' ? '' : ` # ${comment}`}`);
}

/** A value on one line. */
export function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd();
}
