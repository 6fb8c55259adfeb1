import type { Hooks } from '../pipeline/hooks.js';
import type { PluginContext } from './define-plugin.js';
import type { PortName } from './tokens.js';

/**
 * A part of the plugin API that can be on its way out: a port, a hook by its kind and name, or a member of what
 * `register` is given.
 */
export type ApiPart = `port ${PortName}` | `hook ${keyof Hooks} ${string}` | `context ${keyof PluginContext<unknown>}`;

/** Both are versions of the plugin API. `instead` is what to do, imperative. */
export type Deprecation = { readonly since: string; readonly removedIn: string; readonly instead: string };

export type Deprecations = { readonly [Part in ApiPart]?: Deprecation };

/**
 * What will be removed from the plugin API. Mark it `@deprecated` in its docstring as well: editors show that, and this
 * reaches whoever runs a plugin that was built before.
 */
export const DEPRECATIONS: Deprecations = {};

/** What `register` is given, with a warning the first time a plugin uses each deprecated part. */
export function watchDeprecations<Config>(context: PluginContext<Config>, plugin: string, deprecations: Deprecations, warn: (text: string) => void): PluginContext<Config> {
  if (Object.keys(deprecations).length === 0) return context;
  const told = new Set<string>();
  const use = (part: ApiPart): void => {
    const found = deprecations[part];
    if (found === undefined || told.has(part)) return;
    told.add(part);
    warn(`${plugin} uses ${part}, deprecated since plugin API ${found.since} and removed in ${found.removedIn}: ${found.instead}`);
  };
  const { hooks } = context;
  const watched: PluginContext<Config> = {
    ...context,
    add(token, id, definition) {
      use(`port ${token.port}`);
      context.add(token, id, definition);
    },
    hooks: {
      observe(name, handler) {
        use(`hook observe ${name}`);
        hooks.observe(name, handler);
      },
      transform(name, handler, order) {
        use(`hook transform ${name}`);
        hooks.transform(name, handler, order);
      },
      review(name, handler) {
        use(`hook review ${name}`);
        hooks.review(name, handler);
      },
    },
  };
  // read when the plugin reads it: taking `container` out of the context is its use
  for (const member of Object.keys(watched) as Array<keyof PluginContext<Config>>) {
    const value = watched[member];
    Object.defineProperty(watched, member, {
      enumerable: true,
      get() {
        use(`context ${member}`);
        return value;
      },
    });
  }
  return watched;
}
