import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nearest } from '@keelson/core/config';
import { ConfigError, isKeelsonError, messageOf, PluginError, type KeelsonError } from '@keelson/core/errors';
import { isPlugin, type LoadedPlugin } from '@keelson/core/plugin';
import { entryOfFolder, findPackage, installedPackages, namedEntries } from './resolve-package.js';
import { importWithOwnPackages } from './import-with-own-packages.js';

type Module = { readonly default?: unknown };

/** The plugins that come with the command; imported when an account is composed, not before. */
const SHIPPED: Readonly<Record<string, () => Promise<Module>>> = {
  '@keelson/plugin-simulated': () => import('@keelson/plugin-simulated'),
  '@keelson/plugin-files': () => import('@keelson/plugin-files'),
  '@keelson/plugin-features': () => import('@keelson/plugin-features'),
  '@keelson/plugin-strategies': () => import('@keelson/plugin-strategies'),
  '@keelson/plugin-basics': () => import('@keelson/plugin-basics'),
  '@keelson/plugin-context': () => import('@keelson/plugin-context'),
  '@keelson/plugin-journal': () => import('@keelson/plugin-journal'),
};

/** Names of the plugins that are always there. */
export const SHIPPED_PLUGINS: readonly string[] = Object.keys(SHIPPED);

export type PluginRequest = { readonly use: string; readonly config: unknown; /** Dotted path in the account file. */ readonly path: string };

export type PluginLoading = { readonly plugins: readonly LoadedPlugin[]; readonly faults: readonly KeelsonError[] };

/** What `plugins:` of an account asks for; entries of another form are left to the schema's faults. */
export function pluginRequestsOf(value: unknown): PluginRequest[] {
  const entries = (value as { readonly plugins?: unknown } | null | undefined)?.plugins;
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown, index): PluginRequest[] => {
    if (typeof entry === 'string' && entry !== '') return [{ use: entry, config: {}, path: `plugins.${index}` }];
    const { use, config = {} } = (entry ?? {}) as { readonly use?: unknown; readonly config?: unknown };
    return typeof use === 'string' && use !== '' ? [{ use, config, path: `plugins.${index}.use` }] : [];
  });
}

/**
 * Imports the shipped plugins and those that an account names: packages, looked up from the account's folder
 * and then from this command's, and paths that start with a dot, from the account's folder. Faults of all are
 * collected: `PLG_MISSING`, `PLG_MANIFEST`, `CFG_CONFLICT` for one that is named twice.
 */
export async function loadPlugins(requests: readonly PluginRequest[], baseDir: string): Promise<PluginLoading> {
  const faults: KeelsonError[] = [];
  const plugins: LoadedPlugin[] = [];
  const listed = new Map<string, PluginRequest>();
  for (const request of requests) {
    const key = isPath(request.use) ? resolve(baseDir, request.use) : request.use;
    if (listed.has(key)) faults.push(new ConfigError('CFG_CONFLICT', `${request.path} was ${request.use} for the second time, expected each plugin once`, { hint: 'remove one of the entries', context: { path: request.path } }));
    else listed.set(key, request);
  }
  const shipped: PluginRequest[] = SHIPPED_PLUGINS.map((use) => listed.get(use) ?? { use, config: {}, path: '' });
  const others = [...listed.values()].filter((request) => !Object.hasOwn(SHIPPED, request.use));
  for (const request of [...shipped, ...others]) {
    try {
      plugins.push(await loadPlugin(request, baseDir));
    } catch (error) {
      if (!isKeelsonError(error)) throw error;
      faults.push(error);
    }
  }
  return { plugins, faults };
}

const isPath = (use: string): boolean => use.startsWith('.') || isAbsolute(use) || use.startsWith('file:');

/** Imports one plugin. @throws PluginError `PLG_MISSING`, `PLG_MANIFEST` */
export async function loadPlugin(request: PluginRequest, baseDir: string): Promise<LoadedPlugin> {
  const { use, config, path } = request;
  const context = { path, plugin: use };
  const own = Object.hasOwn(SHIPPED, use) ? SHIPPED[use] : undefined;
  let module: Module;
  try {
    module = own ? await own() : await importWithOwnPackages(locate(request, baseDir));
  } catch (error) {
    if (isKeelsonError(error)) throw error;
    const missing = /Cannot find (?:package|module) '([^']+)'/.exec(messageOf(error))?.[1];
    const hint = missing === undefined ? 'correct the plugin; --debug shows where it threw' : `run "npm install" where the plugin lies, so that ${missing} is found`;
    throw new PluginError('PLG_MANIFEST', `plugin ${use} threw while it was imported (${messageOf(error)}), expected a module that only defines things`, { hint, context, cause: error });
  }
  const plugin = module.default;
  if (!isPlugin(plugin)) {
    const found = plugin === undefined ? 'has no default export' : 'has a default export that definePlugin did not make';
    throw new PluginError('PLG_MANIFEST', `plugin ${use} ${found}, expected "export default definePlugin({ ... })"`, { hint: 'export the result of definePlugin as default', context });
  }
  const entry = path.replace(/\.use$/, '');
  return { plugin, config, source: use, ...(entry === '' ? {} : { path: entry }) };
}

/** Address of the module to import. */
function locate({ use, path }: PluginRequest, baseDir: string): string {
  if (!isPath(use)) return locatePackage(use, path, baseDir);
  const file = use.startsWith('file:') ? fileURLToPath(use) : resolve(baseDir, use);
  if (!existsSync(file)) {
    const folder = dirname(file);
    const near = existsSync(folder) ? nearest(file, readdirSync(folder).map((name) => join(folder, name))) : undefined;
    const hint = near === undefined ? 'paths start at the account file; check the spelling' : `did you mean ${use.slice(0, use.lastIndexOf('/') + 1)}${near.slice(folder.length + 1)}?`;
    throw new PluginError('PLG_MISSING', `plugin ${use} does not exist (looked for ${file}), expected a file or folder`, { hint, context: { path, plugin: use } });
  }
  if (!statSync(file).isDirectory()) return pathToFileURL(file).href;
  const entry = entryOfFolder(file);
  const [named] = namedEntries(file);
  if (entry === undefined && named !== undefined) throw new PluginError('PLG_MISSING', `plugin ${use} is a folder whose package.json names ${named}, which is not there, expected a package that is built`, { hint: 'run "npm run build" in it', context: { path, plugin: use } });
  if (entry === undefined) throw new PluginError('PLG_MISSING', `plugin ${use} is a folder without an entry, expected package.json with "exports" or "main", or index.js`, { hint: 'name the file itself', context: { path, plugin: use } });
  return pathToFileURL(entry).href;
}

function locatePackage(name: string, path: string, baseDir: string): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const folder = findPackage(name, baseDir) ?? findPackage(name, here);
  const entry = folder === undefined ? undefined : entryOfFolder(folder);
  if (entry !== undefined) return pathToFileURL(entry).href;
  const known = [...SHIPPED_PLUGINS, ...installedPackages(baseDir), ...installedPackages(here)].filter((known) => /keelson|plugin/.test(known));
  const near = nearest(name, known);
  const local = existsSync(resolve(baseDir, name)) ? `; for the file beside the account write ./${name}` : '';
  const hint = `${near === undefined ? '' : `did you mean ${near}? Or `}run "npm install ${name}" in ${baseDir}${local}`;
  const found = folder === undefined ? 'is not installed' : `has no file to import (looked in ${folder})`;
  throw new PluginError('PLG_MISSING', `plugin ${name} ${found}, expected an installed package or a path that starts with a dot`, { hint, context: { path, plugin: name } });
}
