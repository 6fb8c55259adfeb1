import { builtinModules } from 'node:module';
import { ConfigError } from '@keelson/core/errors';

export type PluginName = {
  /** Name of the package. */
  readonly name: string;
  /** Name of its folder: that of the package without its scope. */
  readonly folder: string;
  /** Id of what it provides: the folder's name without `keelson-plugin-`. */
  readonly id: string;
};

const TAKEN = new Set([...builtinModules, 'node_modules', 'favicon.ico', 'keelson']);

/**
 * Holds a name to the rules of npm (https://docs.npmjs.com/cli/configuring-npm/package-json#name).
 * @throws ConfigError `CFG_USAGE` that says which rule it breaks
 */
export function pluginName(name: string): PluginName {
  const refuse = (found: string, expected: string, hint: string): never => {
    throw new ConfigError('CFG_USAGE', `the name was "${name}", which ${found}, expected ${expected}`, { hint });
  };
  const scoped = /^@([^/]*)\/(.*)$/.exec(name);
  const [scope, bare] = scoped === null ? [undefined, name] : [scoped[1] as string, scoped[2] as string];
  const proposal = name.toLowerCase().replace(/[^a-z0-9@/._-]+/g, '-').replace(/^[-._]+|[-._]+$/g, '');
  const spelling = (part: string): boolean => /^[a-z0-9][a-z0-9._-]*$/.test(part);
  if (name.length > 214) refuse(`is ${name.length} characters long`, 'at most 214', 'choose a shorter name');
  if (!spelling(bare) || (scope !== undefined && !spelling(scope))) {
    refuse('npm does not allow', 'lower-case letters, digits, ".", "_" and "-", beginning with a letter or digit, and before it a scope if any: @me/name', spelling(proposal) ? `try ${proposal}` : 'try keelson-plugin-NAME');
  }
  if (scope === 'keelson') refuse("is in the scope of Keelson's own packages", 'a scope of your own, or none', `try ${bare.startsWith('keelson-') ? bare : `keelson-plugin-${bare}`}`);
  if (scope === undefined && TAKEN.has(bare)) refuse('is the name of something else', 'a name of its own', `try keelson-plugin-${bare}`);
  const id = bare.replace(/^(keelson-)?plugin-/, '').replace(/[._]+/g, '-').replace(/-+$/, '');
  return { name, folder: bare, id: id === '' ? bare : id };
}
