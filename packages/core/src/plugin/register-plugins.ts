import semver from 'semver';
import { schemaFaults } from '../config/faults.js';
import { showValue } from '../config/show-value.js';
import { KeelsonError, PluginError, messageOf } from '../errors.js';
import type { HookRegistry } from '../pipeline/hook-registry.js';
import type { Schema } from '../domain/schema.js';
import type { PluginContainer } from './container.js';
import { PLUGIN_API_VERSION, isPlugin, type Plugin, type PluginContext } from './define-plugin.js';
import { guarded, type PluginRegistry } from './registry.js';
import { DEPRECATIONS, watchDeprecations, type Deprecations } from './deprecations.js';
import { LOGGER, PORT_NAMES, type PortName } from './tokens.js';

/** A plugin with the settings that the account file gives it. */
export type LoadedPlugin = {
  readonly plugin: Plugin;
  /** As it stands in the file; validated here. */
  readonly config: unknown;
  /** How the file names it, for messages. */
  readonly source: string;
  /** Dotted path of its entry in the account file, e.g. `plugins.0`; absent for one that the file does not name. */
  readonly path?: string;
};

export type Lifecycle = { readonly plugin: string; readonly start: Array<() => void | Promise<void>>; readonly stop: Array<() => void | Promise<void>> };

/**
 * Checks every plugin's manifest, API range, settings and provided ports, and lets it register.
 * The container's logger is warned of deprecated parts of the API, once for each plugin that uses one.
 * @returns the plugins' start and stop functions in order; faults are collected in the registry
 */
export function registerPlugins(plugins: readonly LoadedPlugin[], registry: PluginRegistry, hooks: HookRegistry, container: PluginContainer, deprecations: Deprecations = DEPRECATIONS): Lifecycle[] {
  const warn = (text: string): void => {
    if (container.has(LOGGER)) container.get(LOGGER).warn(text);
  };
  const lifecycles: Lifecycle[] = [];
  const names = new Map<string, string>();
  for (const { plugin, config, source, path } of plugins) {
    const faults = manifestFaults(plugin, source, names, path);
    if (faults.length > 0) {
      registry.faults.push(...faults);
      continue;
    }
    names.set(plugin.name, source);
    const settings = plugin.config === undefined ? noSettings(plugin.name, config, path) : checkSettings(plugin.config, config, path === undefined ? `plugins.${plugin.name}` : `${path}.config`, 'PLG_CONFIG');
    if (Array.isArray(settings)) {
      registry.faults.push(...settings);
      continue;
    }
    const lifecycle: Lifecycle = { plugin: plugin.name, start: [], stop: [] };
    const provided = new Set<PortName>();
    const fault = guarded(
      plugin.name,
      'registered',
      () => {
        const context: PluginContext<unknown> = {
          config: settings.value,
          hooks: hooks.forPlugin(plugin.name),
          container,
          add(token, id, definition) {
            provided.add(token.port);
            registry.add(token, id, definition, plugin.name, path);
          },
          onStart: (start) => void lifecycle.start.push(start),
          onStop: (stop) => void lifecycle.stop.push(stop),
        };
        const result: unknown = plugin.register(watchDeprecations(context, plugin.name, deprecations, warn));
        if (result instanceof Promise) {
          result.catch(() => undefined); // the fault below is what counts
          throw new TypeError('register returned a promise, expected it to be done at once; slow work belongs into onStart');
        }
      },
      path,
    );
    if (fault !== undefined) registry.faults.push(fault);
    else registry.faults.push(...providesFaults(plugin, provided, path));
    lifecycles.push(lifecycle);
  }
  return lifecycles;
}

function manifestFaults(plugin: Plugin, source: string, names: ReadonlyMap<string, string>, path: string | undefined): KeelsonError[] {
  const context = placeOf(path);
  if (!isPlugin(plugin)) {
    return [new PluginError('PLG_MANIFEST', `${source} gave something that definePlugin did not make, expected a plugin as its default export`, { hint: 'export default definePlugin({ … })', context })];
  }
  const faults: KeelsonError[] = [];
  const fail = (message: string, hint: string): void => void faults.push(new PluginError('PLG_MANIFEST', message, { hint, context }));
  if (typeof plugin.name !== 'string' || plugin.name === '') fail(`${source} has no name`, 'give the manifest the name of its package');
  if (semver.valid(plugin.version) === null) fail(`version of ${source} was '${plugin.version}', expected a version like 1.2.3`, 'give the manifest the version of its package');
  const { provides } = plugin as { readonly provides: unknown };
  const unknown = Array.isArray(provides) ? (provides as PortName[]).filter((port) => !PORT_NAMES.includes(port)) : [];
  if (!Array.isArray(provides)) fail(`provides of ${source} was ${String(provides)}, expected a list of ports`, `name some of ${PORT_NAMES.join(', ')}`);
  if (typeof plugin.register !== 'function') fail(`${source} has no register`, 'give the manifest a register function');
  if (unknown.length > 0) fail(`${source} provides ${unknown.join(', ')}, expected ports of ${PORT_NAMES.join(', ')}`, 'correct provides');
  const twin = names.get(plugin.name);
  if (twin !== undefined) faults.push(new PluginError('PLG_DUPLICATE', `${plugin.name} is named by ${twin} and by ${source}, expected once`, { hint: 'leave one of the two out of plugins:', context }));
  if (semver.validRange(plugin.api) === null) fail(`api of ${source} was ${showValue(plugin.api)}, expected a version range such as ^1.0.0`, 'give the range of the plugin API that it works with');
  else if (!semver.satisfies(PLUGIN_API_VERSION, plugin.api)) {
    faults.push(
      new PluginError('PLG_API', `${plugin.name} ${plugin.version} works with plugin API ${plugin.api}, found ${PLUGIN_API_VERSION}`, {
        hint: `install a version of ${plugin.name} for plugin API ${PLUGIN_API_VERSION}`,
        context,
      }),
    );
  }
  return faults;
}

function noSettings(name: string, config: unknown, path: string | undefined): { readonly value: unknown } | KeelsonError[] {
  const given = Object.keys((config ?? {}) as object);
  if (given.length === 0) return { value: {} };
  return [new PluginError('PLG_CONFIG', `${name} was given ${given.join(', ')}, expected no settings`, { hint: `remove config of ${name}`, context: placeOf(path === undefined ? undefined : `${path}.config`) })];
}

function placeOf(path: string | undefined): { readonly path?: string } {
  return path === undefined ? {} : { path };
}

/** Validates settings or parameters; a validator that answers later is a fault. */
export function checkSettings(schema: Schema, value: unknown, where: string, code: 'CFG_TYPE' | 'PLG_CONFIG' = 'CFG_TYPE'): { readonly value: unknown } | KeelsonError[] {
  let result: ReturnType<Schema['~standard']['validate']>;
  try {
    result = schema['~standard'].validate(value ?? {});
  } catch (thrown) {
    return [new PluginError('PLG_CONFIG', `the schema of ${where} threw: ${messageOf(thrown)}`, { hint: 'mend the schema', context: { path: where }, cause: thrown })];
  }
  if (result instanceof Promise) return [new PluginError('PLG_CONFIG', `the schema of ${where} answers with a promise, expected an answer at once`, { hint: 'use a synchronous schema', context: { path: where } })];
  return result.issues === undefined ? { value: result.value } : schemaFaults(code, where, result.issues, value, schema);
}

function providesFaults(plugin: Plugin, provided: ReadonlySet<PortName>, path: string | undefined): KeelsonError[] {
  const context = placeOf(path);
  const missing = plugin.provides.filter((port) => !provided.has(port));
  const extra = [...provided].filter((port) => !plugin.provides.includes(port));
  const faults: KeelsonError[] = [];
  if (missing.length > 0) faults.push(new PluginError('PLG_PROVIDES', `${plugin.name} declares ${missing.join(', ')} and adds none`, { hint: 'add it in register, or take it out of provides', context }));
  if (extra.length > 0) faults.push(new PluginError('PLG_PROVIDES', `${plugin.name} adds ${extra.join(', ')}, expected only what it declares (${plugin.provides.join(', ')})`, { hint: 'name it in provides', context }));
  return faults;
}
