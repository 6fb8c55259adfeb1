import type { Hooks } from '../pipeline/hooks.js';
import type { Schema } from '../domain/schema.js';
import type { PluginContainer } from './container.js';
import type { PortMap, PortName, PortToken } from './tokens.js';

/** Version of the plugin API; a plugin states the range that it works with. */
export const PLUGIN_API_VERSION = '1.0.0';

/** What `register` may use. */
export interface PluginContext<Config> {
  readonly config: Config;
  readonly hooks: Hooks;
  readonly container: PluginContainer;
  /** Adds an implementation of a port under an id; a second one with the same id is an error. */
  add<Name extends PortName>(token: PortToken<Name>, id: string, definition: PortMap[Name]): void;
  /** Started with the account, in the order plugins are listed; stopped in reverse. */
  onStart(start: () => void | Promise<void>): void;
  onStop(stop: () => void | Promise<void>): void;
}

/** An inert manifest and one `register`: nothing happens at import. */
export interface Plugin<Config = unknown> {
  readonly name: string;
  readonly version: string;
  /** Range of the plugin API that this works with, e.g. `^1.0.0`. */
  readonly api: string;
  readonly config?: Schema<Config>;
  readonly provides: readonly PortName[];
  register(context: PluginContext<Config>): void;
}

const MARKER = Symbol.for('keelson.plugin');

/** Marks a manifest as a plugin and checks its types. */
export function definePlugin<Config = Record<string, never>>(plugin: Plugin<Config>): Plugin<Config> {
  return Object.freeze(Object.assign({ [MARKER]: true }, plugin));
}

/** True for what `definePlugin` returned, also from another copy of the package. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[MARKER] === true;
}
