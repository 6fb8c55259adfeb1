import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NOTIFIER, STRATEGY, defineNotifier, definePlugin, defineStrategy, type Plugin } from '@keelson/core/plugin';
import { afterAll } from 'vitest';
import { z } from 'zod';
import { proveSuite, type BrokenTwin } from '../../../testing/twins.js';
import type { PluginSubject } from './plugin-subject.js';
import { pluginSuite } from './plugin-suite.js';

const folder = mkdtempSync(join(tmpdir(), 'keelson-plugin-suite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function moduleOf(name: string, text: string): URL {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, text);
  return pathToFileURL(file);
}

const idle = defineStrategy({ params: z.strictObject({ period: z.int().min(2).default(10) }), create: () => ({ onBar: () => undefined }) });
const config = z.strictObject({ path: z.string(), retries: z.int().min(0).default(3) });

/** A plugin that keeps every promise, with some fields changed. */
function sound(fields: Partial<Plugin<z.infer<typeof config>>> = {}): Plugin {
  return definePlugin<z.infer<typeof config>>({
    name: 'plugin-sound',
    version: '1.2.3',
    api: '^1.0.0',
    config,
    provides: ['strategy'],
    register: ({ add }) => add(STRATEGY, 'idle', idle),
    ...fields,
  }) as Plugin;
}

function subject(plugin: Plugin | (() => Plugin) = sound(), fields: Partial<PluginSubject> = {}): PluginSubject {
  return {
    get plugin() {
      return typeof plugin === 'function' ? plugin() : plugin;
    },
    config: { path: './x.db' },
    packageJson: { name: 'plugin-sound', version: '1.2.3' },
    main: moduleOf('sound', 'export default {};'),
    ...fields,
  };
}

/** One that adds the strategy and does something more in register. */
type Register = Plugin<z.infer<typeof config>>['register'];

function registering(more: Register): Plugin {
  return sound({
    register(context) {
      context.add(STRATEGY, 'idle', idle);
      return more(context);
    },
  });
}

const servers: Server[] = [];
afterAll(() => servers.forEach((server) => server.close()));

function openServer(): void {
  servers.push(createServer().listen(0));
}

function counting(): Plugin {
  let times = 0;
  return sound({ register: ({ add }) => add(STRATEGY, `idle-${++times}`, idle) });
}

function writing(schema: typeof config): typeof config {
  const { validate, ...rest } = schema['~standard'];
  return { '~standard': { ...rest, validate: (given: unknown) => validate(Object.assign(given as object, { retries: 3, ...(given as object) })) } } as unknown as typeof config;
}

function startsOnce(): Plugin {
  let stopped = false;
  return registering(({ onStart, onStop }) => {
    onStart(() => {
      if (stopped) throw new Error('the pool is closed');
    });
    onStop(() => void (stopped = true));
  });
}

function startsAlone(): Plugin {
  let running = false;
  return registering(({ onStart, onStop }) => {
    onStart(() => {
      if (running) throw new Error('it runs already');
      running = true;
    });
    onStop(() => void (running = false));
  });
}

const closesBlindly: Register = ({ onStart, onStop }) => {
  let open: { close(): void } | undefined;
  onStart(() => void (open = { close: () => undefined }));
  onStop(() => (open as { close(): void }).close());
};

const twins: ReadonlyArray<BrokenTwin<PluginSubject>> = [
  { breaks: 'PLG-010', how: 'exports a plain object', subject: () => subject(Object.fromEntries(Object.entries(sound())) as unknown as Plugin) },
  { breaks: 'PLG-020', how: 'forgot its version at a release', subject: () => subject(sound({ version: '1.2.2' })) },
  { breaks: 'PLG-030', how: 'has a version that is none', subject: () => subject(sound({ version: 'next' }), { packageJson: { name: 'plugin-sound', version: 'next' } }) },
  { breaks: 'PLG-040', how: 'works with a later plugin API', subject: () => subject(sound({ api: '^99.0.0' })) },
  { breaks: 'PLG-050', how: 'provides a port that there is not', subject: () => subject(sound({ provides: ['strategy', 'tea' as never] })) },
  { breaks: 'PLG-050', how: 'names a port twice', subject: () => subject(sound({ provides: ['strategy', 'strategy'] })) },
  { breaks: 'PLG-060', how: 'sets a timer at import', subject: () => subject(sound(), { main: moduleOf('timer', 'setInterval(() => {}, 1000); export default {};') }) },
  { breaks: 'PLG-060', how: 'prints at import', subject: () => subject(sound(), { main: moduleOf('print', "console.log('hello'); export default {};") }) },
  { breaks: 'PLG-060', how: 'makes a global at import', subject: () => subject(sound(), { main: moduleOf('global', 'globalThis.mine = 1; export default {};') }) },
  { breaks: 'PLG-070', how: 'adds what it does not declare', subject: () => subject(registering(({ add }) => add(NOTIFIER, 'n', defineNotifier({ params: z.strictObject({}), create: () => ({ notify: async () => undefined }) })))) },
  { breaks: 'PLG-070', how: 'declares what it does not add', subject: () => subject(sound({ provides: ['strategy', 'notifier'] })) },
  { breaks: 'PLG-080', how: 'registers later', subject: () => subject(sound({ register: (({ add }: { add: (...given: unknown[]) => void }) => { add(STRATEGY, 'idle', idle); return Promise.resolve(); }) as never })) },
  { breaks: 'PLG-085', how: 'counts how often it registered', subject: () => subject(counting()) },
  { breaks: 'PLG-090', how: 'writes to its settings', subject: () => subject(registering((context) => void (context.config.path = '/elsewhere'))) },
  { breaks: 'PLG-100', how: 'refuses the settings of its README', subject: () => subject(sound(), { config: { path: './x.db', retries: 1.5 } }) },
  { breaks: 'PLG-110', how: 'takes any setting', subject: () => subject(sound({ config: z.looseObject(config.shape) })) },
  { breaks: 'PLG-120', how: 'takes any type for a setting', subject: () => subject(sound({ config: z.strictObject({ path: z.string(), retries: z.int().catch(3) }) })) },
  { breaks: 'PLG-130', how: 'adds a strategy that takes any parameter', subject: () => subject(sound({ register: ({ add }) => add(STRATEGY, 'idle', { ...idle, params: z.looseObject({}) }) })) },
  { breaks: 'PLG-140', how: 'checks settings by writing into them', subject: () => subject(sound({ config: writing(config) })) },
  { breaks: 'PLG-200', how: 'opens a server in register', subject: () => subject(registering(() => openServer())) },
  { breaks: 'PLG-210', how: 'cannot start', subject: () => subject(registering(({ onStart }) => onStart(() => { throw new Error('no licence'); }))) },
  { breaks: 'PLG-220', how: 'leaves a server open', subject: () => subject(registering(({ onStart }) => onStart(() => openServer()))) },
  { breaks: 'PLG-230', how: 'starts once only', subject: () => subject(() => startsOnce()) },
  { breaks: 'PLG-240', how: 'has one state for all accounts', subject: () => subject(() => startsAlone()) },
  { breaks: 'PLG-250', how: 'closes what it never opened', subject: () => subject(registering(closesBlindly)) },
];

proveSuite(pluginSuite, () => subject(), twins);
