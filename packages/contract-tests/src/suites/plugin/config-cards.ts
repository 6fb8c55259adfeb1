import { jsonSchemaOf, schemaFaults } from '@keelson/core/config';
import type { Schema } from '@keelson/core/ports';
import { OFFLINE, type Card } from '../../frame/card.js';
import { expectEqual, expectThat, show, skipUnless, vacuousUnless } from '../../frame/expectations.js';
import type { PluginSubject } from './plugin-subject.js';
import { pluginOf, recordRegister } from './record-register.js';

const STRANGER = 'contractStranger';
/** No setting has this type. */
const UNUSABLE = Symbol('no setting');

/** What a schema says against a value, as the kernel shows it: one line for each fault. */
function faultsOf(schema: Schema, settings: Readonly<Record<string, unknown>>, what: string): readonly string[] {
  const value = { ...settings };
  const checked = schema['~standard'].validate(value);
  expectThat(!(checked instanceof Promise), `the schema of ${what} answered with a promise`, 'an answer at once');
  return checked.issues === undefined ? [] : schemaFaults('CFG_TYPE', what, checked.issues, value, schema).map(({ line }) => line);
}

function expectStrict(schema: Schema, config: Readonly<Record<string, unknown>>, what: string): void {
  const faults = faultsOf(schema, { ...config, [STRANGER]: 1 }, what);
  expectThat(faults.some((line) => line.includes(STRANGER)), `the unknown key ${STRANGER} of ${what} was taken`, 'a refusal that names it: use z.strictObject');
}

export const configCards: ReadonlyArray<Card<PluginSubject>> = [
  {
    id: 'PLG-100',
    title: 'accepts the settings that it is documented with',
    why: 'an account that was copied from its README must run',
    tiers: OFFLINE,
    run(subject) {
      const { config } = pluginOf(subject);
      if (config === undefined) expectEqual(subject.config ?? {}, {}, 'settings of a plugin without a schema');
      else expectEqual(faultsOf(config, subject.config ?? {}, 'the settings'), [], 'what the schema says against them');
    },
  },
  {
    id: 'PLG-110',
    title: 'an unknown setting is refused by name',
    why: 'a misspelt setting would silently be the default',
    tiers: OFFLINE,
    run(subject) {
      const { config } = pluginOf(subject);
      vacuousUnless(config !== undefined, 'it has no settings');
      expectStrict(config, subject.config ?? {}, 'the settings');
    },
  },
  {
    id: 'PLG-120',
    title: 'a setting of the wrong type is refused by name',
    why: 'the message has to say what to change in the account file',
    tiers: OFFLINE,
    run(subject) {
      const { config: schema } = pluginOf(subject);
      vacuousUnless(schema !== undefined, 'it has no settings');
      const keys = Object.entries(jsonSchemaOf(schema)?.properties ?? {}).filter(([, { type, anyOf, enum: choices, const: only }]) => (type ?? anyOf ?? choices ?? only) !== undefined);
      skipUnless(keys.length > 0, 'its schema does not say which settings there are');
      for (const [key] of keys) {
        const faults = faultsOf(schema, { ...subject.config, [key]: UNUSABLE }, 'the settings');
        expectThat(faults.some((line) => line.includes(key)), `${key}: ${show(UNUSABLE)} gave ${show(faults)}`, `a fault that names ${key}`);
      }
    },
  },
  {
    id: 'PLG-130',
    title: 'an unknown parameter of anything it adds is refused by name',
    why: 'a misspelt parameter would silently be the default',
    tiers: OFFLINE,
    run(subject) {
      for (const { port, id, definition } of recordRegister(subject).added) {
        expectThat(typeof definition.params?.['~standard']?.validate === 'function', `${port} '${id}' has no schema as its params`, 'a Standard Schema such as z.strictObject({})');
        expectStrict(definition.params, {}, `${port} '${id}'`);
      }
    },
  },
  {
    id: 'PLG-140',
    title: 'its schemas leave what they check as it was',
    why: 'the account file is checked more than once, and shown as it stands',
    tiers: OFFLINE,
    async run(subject) {
      const { config } = pluginOf(subject);
      const schemas = [...(config === undefined ? [] : [['the settings', config, subject.config ?? {}] as const]), ...recordRegister(subject).added.flatMap(({ port, id, definition }) => (definition.params === undefined ? [] : [[`${port} '${id}'`, definition.params, {}] as const]))];
      for (const [what, schema, value] of schemas) {
        const given = structuredClone(value);
        await schema['~standard'].validate(given);
        expectEqual(given, value, `what the schema of ${what} was given`);
      }
    },
  },
];
