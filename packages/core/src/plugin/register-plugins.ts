import semver from 'semver';
import { schemaFaults } from '../config/faults.js';
import { KeelsonError, PluginError, messageOf } from '../errors.js';
import type { HookRegistry } from '../pipeline/hook-registry.js';
import type { Schema } from '../domain/schema.js';
import type { PluginContainer } from './container.js';
import { PLUGIN_API_VERSION, isPlugin, type Plugin } from './define-plugin.js';
import { guarded, type PluginRegistry } from './registry.js';
import { PORT_NAMES, type PortName } from './tokens.js';

/** A plugin with the settings that the account file gives it. */
export type LoadedPlugin = {
  readonly plugin: Plugin;
  /** As it stands in the file; validated here. */
  readonly config: unknown;
  /** How the file names it, for messages. */
  readonly source: string;
};

export type Lifecycle = { readonly plugin: string; readonly start: Array<() => void | Promise<void>>; readonly stop: Array<() => void | Promise<void>> };

/**
 * Checks every plugin's manifest, API range, settings and provided ports, and lets it register.
 * @returns the plugins' start and stop functions in order; faults are collected in the registry
 */
export function registerPlugins(plugins: readonly LoadedPlugin[], registry: PluginRegistry, hooks: HookRegistry, container: PluginContainer): Lifecycle[] {
  const lifecycles: Lifecycle[] = [];
  const names = new Map<string, string>();
  for (const { plugin, config, source } of plugins) {
    const faults = manifestFaults(plugin, source, names);
    if (faults.length > 0) {
      registry.faults.push(...faults);
      continue;
    }
    names.set(plugin.name, source);
    const settings = plugin.config === undefined ? noSettings(plugin.name, config) : checkSettings(plugin.config, config, `plugins.${plugin.name}`);
    if (Array.isArray(settings)) {
      registry.faults.push(...settings);
      continue;
    }
    const lifecycle: Lifecycle = { plugin: plugin.name, start: [], stop: [] };
    const provided = new Set<PortName>();
    const fault = guarded(plugin.name, 'registered', () => {
      const result: unknown = plugin.register({
        config: settings.value,
        hooks: hooks.forPlugin(plugin.name),
        container,
        add(token, id, definition) {
          provided.add(token.port);
          registry.add(token, id, definition, plugin.name);
        },
        onStart: (start) => void lifecycle.start.push(start),
        onStop: (stop) => void lifecycle.stop.push(stop),
      });
      if (result instanceof Promise) {
        result.catch(() => undefined); // the fault below is what counts
        throw new TypeError('register returned a promise, expected it to be done at once; slow work belongs into onStart');
      }
    });
    if (fault !== undefined) registry.faults.push(fault);
    else registry.faults.push(...providesFaults(plugin, provided));
    lifecycles.push(lifecycle);
  }
  return lifecycles;
}

function manifestFaults(plugin: Plugin, source: string, names: ReadonlyMap<string, string>): KeelsonError[] {
  if (!isPlugin(plugin)) {
    return [new PluginError('PLG_MANIFEST', `${source} gave something that definePlugin did not make, expected a plugin as its default export`, { hint: 'export default definePlugin({ … })' })];
  }
  const faults: KeelsonError[] = [];
  const fail = (message: string, hint: string): void => void faults.push(new PluginError('PLG_MANIFEST', message, { hint }));
  if (typeof plugin.name !== 'string' || plugin.name === '') fail(`${source} has no name`, 'give the manifest the name of its package');
  if (semver.valid(plugin.version) === null) fail(`version of ${source} was '${plugin.version}', expected a version like 1.2.3`, 'give the manifest the version of its package');
  const { provides } = plugin as { readonly provides: unknown };
  const unknown = Array.isArray(provides) ? (provides as PortName[]).filter((port) => !PORT_NAMES.includes(port)) : [];
  if (!Array.isArray(provides)) fail(`provides of ${source} was ${String(provides)}, expected a list of ports`, `name some of ${PORT_NAMES.join(', ')}`);
  if (typeof plugin.register !== 'function') fail(`${source} has no register`, 'give the manifest a register function');
  if (unknown.length > 0) fail(`${source} provides ${unknown.join(', ')}, expected ports of ${PORT_NAMES.join(', ')}`, 'correct provides');
  const twin = names.get(plugin.name);
  if (twin !== undefined) faults.push(new PluginError('PLG_DUPLICATE', `${plugin.name} is named by ${twin} and by ${source}, expected once`, { hint: 'leave one of the two out of plugins:' }));
  if (semver.validRange(plugin.api) === null || !semver.satisfies(PLUGIN_API_VERSION, plugin.api)) {
    faults.push(
      new PluginError('PLG_API', `${plugin.name} ${plugin.version} works with plugin API ${plugin.api}, found ${PLUGIN_API_VERSION}`, {
        hint: `install a version of ${plugin.name} for plugin API ${PLUGIN_API_VERSION}`,
      }),
    );
  }
  return faults;
}

function noSettings(name: string, config: unknown): { readonly value: unknown } | KeelsonError[] {
  const given = Object.keys((config ?? {}) as object);
  if (given.length === 0) return { value: {} };
  return [new PluginError('PLG_CONFIG', `${name} was given ${given.join(', ')}, expected no settings`, { hint: `remove config of ${name}` })];
}

/** Validates settings or parameters; a validator that answers later is a fault. */
export function checkSettings(schema: Schema, value: unknown, where: string): { readonly value: unknown } | KeelsonError[] {
  let result: ReturnType<Schema['~standard']['validate']>;
  try {
    result = schema['~standard'].validate(value ?? {});
  } catch (thrown) {
    return [new PluginError('PLG_CONFIG', `the schema of ${where} threw: ${messageOf(thrown)}`, { hint: 'mend the schema', cause: thrown })];
  }
  if (result instanceof Promise) return [new PluginError('PLG_CONFIG', `the schema of ${where} answers with a promise, expected an answer at once`, { hint: 'use a synchronous schema' })];
  return result.issues === undefined ? { value: result.value } : schemaFaults('CFG_TYPE', where, result.issues, value, schema);
}

function providesFaults(plugin: Plugin, provided: ReadonlySet<PortName>): KeelsonError[] {
  const missing = plugin.provides.filter((port) => !provided.has(port));
  const extra = [...provided].filter((port) => !plugin.provides.includes(port));
  const faults: KeelsonError[] = [];
  if (missing.length > 0) faults.push(new PluginError('PLG_PROVIDES', `${plugin.name} declares ${missing.join(', ')} and adds none`, { hint: 'add it in register, or take it out of provides' }));
  if (extra.length > 0) faults.push(new PluginError('PLG_PROVIDES', `${plugin.name} adds ${extra.join(', ')}, expected only what it declares (${plugin.provides.join(', ')})`, { hint: 'name it in provides' }));
  return faults;
}
