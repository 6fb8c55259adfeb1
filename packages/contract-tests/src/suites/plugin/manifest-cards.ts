import { inspectPlugins } from '@keelson/core/engine';
import { PORT_NAMES, isPlugin } from '@keelson/core/plugin';
import { KeptLog } from '../../fakes/kept-log.js';
import { OFFLINE, type Card } from '../../frame/card.js';
import { expectEqual, expectThat, needed, show } from '../../frame/expectations.js';
import { importAlone } from './import-alone.js';
import type { PluginSubject } from './plugin-subject.js';
import { pluginOf, recordRegister, withSoundManifest } from './record-register.js';

/** Lets the kernel check one field of the manifest. */
function check(subject: PluginSubject, field: 'name' | 'version' | 'api'): void {
  inspectPlugins([{ plugin: withSoundManifest(subject, [field]), config: {}, source: 'the plugin' }], new KeptLog());
}

export const manifestCards: ReadonlyArray<Card<PluginSubject>> = [
  {
    id: 'PLG-010',
    title: 'the default export is what definePlugin made',
    why: 'the kernel takes nothing else for a plugin',
    tiers: OFFLINE,
    run: ({ plugin }) => expectThat(isPlugin(plugin), `the default export was ${show(plugin)}`, 'what definePlugin returns'),
  },
  {
    id: 'PLG-020',
    title: 'name and version are those of the package',
    why: 'a report or a lock file would name something else than what ran',
    tiers: OFFLINE,
    run(subject) {
      const { name, version } = needed(subject.packageJson, 'the subject has no packageJson');
      const plugin = pluginOf(subject);
      expectEqual({ name: plugin.name, version: plugin.version }, { name, version }, 'name and version of the manifest');
    },
  },
  {
    id: 'PLG-030',
    title: 'name and version can be used as such',
    why: 'messages name the plugin, and the kernel refuses a version that is none',
    tiers: OFFLINE,
    run(subject) {
      check(subject, 'name');
      check(subject, 'version');
    },
  },
  {
    id: 'PLG-040',
    title: 'its API range includes the plugin API of this kernel',
    why: 'the kernel refuses to load it otherwise',
    tiers: OFFLINE,
    run: (subject) => check(subject, 'api'),
  },
  {
    id: 'PLG-050',
    title: 'provides lists known ports, each once',
    why: 'listings and the check at load read it',
    tiers: OFFLINE,
    run(subject) {
      const { provides } = pluginOf(subject);
      expectThat(Array.isArray(provides), `provides was ${show(provides)}`, 'a list of ports');
      for (const port of provides) expectThat(PORT_NAMES.includes(port), `provides names ${show(port)}`, `ports of ${PORT_NAMES.join(', ')}`);
      expectEqual(new Set(provides).size, provides.length, 'number of different ports in provides');
    },
  },
  {
    id: 'PLG-060',
    title: 'importing it does nothing',
    why: 'listing plugins imports them all: one that connects, prints or sets a timer then acts without an account',
    tiers: OFFLINE,
    async run(subject) {
      const main = needed(subject.main, 'the subject names no built main module');
      const { resources, globals, environment, listeners, output } = await importAlone(main);
      expectEqual({ resources, globals, environment, listeners, output }, { resources: [], globals: [], environment: [], listeners: [], output: '' }, 'what the import left behind');
    },
  },
  {
    id: 'PLG-070',
    title: 'register adds what provides says, and nothing else',
    why: 'what is added without being declared is in no listing, and what is declared without being added is missed at load',
    tiers: OFFLINE,
    run(subject) {
      const { added } = recordRegister(subject);
      const declared = [...new Set(pluginOf(subject).provides as readonly string[])].filter((port) => (PORT_NAMES as readonly string[]).includes(port));
      const ports = new Set<string>(added.map(({ port }) => port));
      expectEqual([...ports].filter((port) => !declared.includes(port)), [], 'ports added and not in provides');
      expectEqual(declared.filter((port) => !ports.has(port)), [], 'ports in provides and not added');
    },
  },
  {
    id: 'PLG-080',
    title: 'register is done at once',
    why: 'the kernel does not wait for it: what is added later is not there',
    tiers: OFFLINE,
    run(subject) {
      const { returned } = recordRegister(subject);
      if (returned instanceof Promise) returned.catch(() => undefined); // the fault below is what counts
      expectThat(!(returned instanceof Promise), 'register returned a promise', 'nothing, at once; slow work belongs into onStart');
    },
  },
  {
    id: 'PLG-085',
    title: 'register adds the same under equal settings each time',
    why: 'several accounts run in one process, and each registers its plugins',
    tiers: OFFLINE,
    run(subject) {
      const ids = (): string[] => recordRegister(subject).added.map(({ port, id }) => `${port} ${id}`);
      const first = ids();
      expectEqual(new Set(first).size, first.length, 'number of different ids');
      expectEqual(ids(), first, 'what the second register added');
    },
  },
  {
    id: 'PLG-090',
    title: 'register does not write to its settings',
    why: 'they belong to the account, which may register again',
    tiers: OFFLINE,
    run(subject) {
      const [before, after] = recordRegister(subject).settings;
      expectEqual(after, before, 'settings after register');
    },
  },
];
