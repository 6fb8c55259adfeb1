import type { Schema, SchemaIssue } from '@keelson/core/ports';
import { OFFLINE, type Card } from '../frame/card.js';
import { expectThat, show, vacuousUnless } from '../frame/expectations.js';

/** Something that a plugin adds, with the settings that it is tried with. */
export type Configured = {
  readonly definition: { readonly params: Schema };
  /** As they would stand in an account file; default: none. */
  readonly params?: unknown;
};

const STRANGER = 'no-such-setting';

/** The cards about settings, which are the same for every port. Ids end in 010, 020 and 030. */
export function paramsCards<Subject extends Configured>(prefix: string): ReadonlyArray<Card<Subject>> {
  return [
    {
      id: `${prefix}-010`,
      title: 'takes the settings it is tried with, and says the same of them each time',
      why: 'An account file that was right yesterday must be right today',
      tiers: OFFLINE,
      run({ definition, params = {} }) {
        const first = settingsOf(definition.params, params);
        expectThat('value' in first, `the schema refused ${show(params)}: ${issuesOf(first)}`, 'settings that it takes');
        const again = settingsOf(definition.params, structuredClone(params));
        expectThat('value' in again && show(again.value) === show(first.value), `the same settings came to ${show(again)}`, show(first.value));
      },
    },
    {
      id: `${prefix}-020`,
      title: 'refuses a setting that it does not know',
      why: 'A slip in a key would silently leave a default in force, with money behind it',
      tiers: OFFLINE,
      run({ definition, params = {} }) {
        const result = settingsOf(definition.params, { ...(params as object), [STRANGER]: 1 });
        expectThat(!('value' in result), `the unknown key '${STRANGER}' passed`, 'a strict schema, e.g. z.strictObject');
      },
    },
    {
      id: `${prefix}-030`,
      title: 'refuses a setting of the wrong type, without throwing',
      why: 'A wrong value must be a message about the account file, not a crash or a NaN in a price',
      tiers: OFFLINE,
      run({ definition, params = {} }) {
        const settings = settingsOf(definition.params, params);
        const keys = 'value' in settings && typeof settings.value === 'object' && settings.value !== null ? Object.keys(settings.value) : [];
        vacuousUnless(keys.length > 0, 'it has no settings');
        for (const key of keys) {
          const wrong = { 'not a': key };
          let result: SettingsResult;
          try {
            result = settingsOf(definition.params, { ...(params as object), [key]: [wrong] });
          } catch (thrown) {
            throw new TypeError(`the schema threw on ${key}: ${thrown instanceof Error ? thrown.message : show(thrown)}`, { cause: thrown });
          }
          expectThat(!('value' in result), `${key}: ${show([wrong])} passed`, 'an issue that names it');
          expectThat(result.issues.every(({ message }) => message.trim() !== ''), `the issue with ${key} had no message`, 'what was found and expected');
        }
      },
    },
  ];
}

type SettingsResult = { readonly value: unknown } | { readonly issues: readonly SchemaIssue[] };

function settingsOf(schema: Schema, params: unknown): SettingsResult {
  const result = schema['~standard'].validate(params);
  expectThat(!(result instanceof Promise), 'the schema answered with a promise', 'an answer at once');
  return result.issues === undefined ? { value: result.value } : { issues: result.issues };
}

const issuesOf = (result: SettingsResult): string => ('value' in result ? '' : result.issues.map(({ message }) => message).join('; '));

/** Settings as the kernel passes them: through the schema, defaults filled in. */
export function checkedParams({ definition, params = {} }: Configured): unknown {
  const result = settingsOf(definition.params, params);
  expectThat('value' in result, `the schema refused ${show(params)}: ${issuesOf(result)}`, 'settings that it takes');
  return (result as { readonly value: unknown }).value;
}
