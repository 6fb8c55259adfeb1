import { createRandom } from '@keelson/core/engine';
import { CLOCK, LOGGER, RANDOM, createContainer, definePlugin, type Plugin, type PluginContext, type PortName } from '@keelson/core/plugin';
import type { Schema } from '@keelson/core/ports';
import { KeptLog } from '../../fakes/kept-log.js';
import { VirtualTime } from '../../fakes/virtual-time.js';
import { expectThat, show } from '../../frame/expectations.js';
import type { PluginSubject } from './plugin-subject.js';

export type Added = { readonly port: PortName; readonly id: string; readonly definition: { readonly params?: Schema } };

/** What a plugin did in `register`. */
export type Registration = {
  readonly added: readonly Added[];
  readonly returned: unknown;
  /** The settings on one line, before and after. */
  readonly settings: readonly [before: string, after: string];
};

/** The plugin as an object, whatever else may be wrong with it. */
export function pluginOf({ plugin }: PluginSubject): Plugin {
  expectThat(typeof plugin === 'object' && plugin !== null, `the default export was ${show(plugin)}`, 'a plugin');
  return plugin as Plugin;
}

/** Lets a plugin register with a kernel that only takes notes. Settings are those of the subject, with their defaults. */
export function recordRegister(subject: PluginSubject): Registration {
  const plugin = pluginOf(subject);
  const added: Added[] = [];
  const container = createContainer();
  container.provide(CLOCK, new VirtualTime());
  container.provide(RANDOM, createRandom('contract'));
  container.provide(LOGGER, new KeptLog());
  const config = settingsOf(subject);
  const before = show(config);
  const context: PluginContext<unknown> = {
    config,
    hooks: { observe: () => undefined, transform: () => undefined, review: () => undefined },
    container,
    add: ({ port }, id, definition) => void added.push({ port, id, definition }),
    onStart: () => undefined,
    onStop: () => undefined,
  };
  const returned: unknown = plugin.register(context);
  return { added, returned, settings: [before, show(config)] };
}

/** The subject's settings as the plugin's schema gives them back; as they are, where it refuses them. */
function settingsOf(subject: PluginSubject): unknown {
  const given = { ...subject.config };
  const checked = pluginOf(subject).config?.['~standard'].validate(given);
  return checked === undefined || checked instanceof Promise || checked.issues !== undefined ? given : checked.value;
}

/**
 * The plugin with its settings, and with a manifest that passes, but for the fields in `kept`: so that one fault is
 * seen by one card.
 */
export function withSoundManifest(subject: PluginSubject, kept: ReadonlyArray<'name' | 'version' | 'api'> = []): Plugin {
  const plugin = pluginOf(subject);
  const provides = [...new Set(recordRegister(subject).added.map(({ port }) => port))];
  return definePlugin<unknown>({
    name: 'plugin-under-test',
    version: '1.0.0',
    api: '>=1.0.0',
    ...Object.fromEntries(kept.map((key) => [key, plugin[key]])),
    provides,
    register(context) {
      const returned: unknown = plugin.register({ ...context, config: settingsOf({ ...subject, plugin }) });
      if (returned instanceof Promise) returned.catch(() => undefined); // PLG-080 tells
    },
  });
}
