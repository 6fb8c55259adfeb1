import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspectPlugins } from '@keelson/core/engine';
import { isKeelsonError, messageOf } from '@keelson/core/errors';
import type { LoadedPlugin, PortName } from '@keelson/core/plugin';
import { silentLogger } from '../logger.js';
import { errorsOf } from '../output/report-errors.js';
import { loadPlugin, SHIPPED_PLUGINS } from './load-plugins.js';
import { findPackage, installedPackages } from './resolve-package.js';

/** Word among the `keywords` of a package by which npm's search, and this command, know a plugin. */
export const PLUGIN_KEYWORD = 'keelson-plugin';

/** One installed plugin. */
export type PluginListing = {
  /** Name of its package, as an account writes it. */
  readonly name: string;
  readonly version: string | undefined;
  /** `runner` comes with the command and needs no entry in an account. */
  readonly from: 'runner' | 'folder';
  /** Range of the plugin API that it works with. */
  readonly api: string | undefined;
  readonly compatible: boolean;
  /** Why not compatible, or why the ids are not known. */
  readonly reason: string | undefined;
  /** Ids by port; undefined where registering needs settings that only an account has. */
  readonly provides: Readonly<Partial<Record<PortName, readonly string[] | undefined>>>;
};

/**
 * The plugins that come with the command, then those in node_modules of a folder and of the folders above it, by
 * name. A package counts as a plugin when its keywords say `keelson-plugin`, or when it has `@keelson/core` as a peer
 * and exports a plugin. Only such packages are imported.
 */
export async function listPlugins(folder: string): Promise<PluginListing[]> {
  const here = dirname(fileURLToPath(import.meta.url));
  const shipped = SHIPPED_PLUGINS.map((name) => describe(name, folder, 'runner', true));
  const names = [...new Set([...installedPackages(folder), ...installedPackages(here)])].filter((name) => !SHIPPED_PLUGINS.includes(name)).sort();
  const others = names.flatMap((name) => {
    const inFolder = findPackage(name, folder);
    const place = inFolder ?? findPackage(name, here);
    const manifest = place === undefined ? {} : manifestOf(place);
    const declared = Array.isArray(manifest.keywords) && manifest.keywords.includes(PLUGIN_KEYWORD);
    if (!declared && manifest.peerDependencies?.['@keelson/core'] === undefined) return [];
    return [describe(name, folder, inFolder === undefined ? 'runner' : 'folder', declared, manifest.version)];
  });
  return (await Promise.all([...shipped, ...others])).filter((listing) => listing !== undefined);
}

type Manifest = { readonly version?: string; readonly keywords?: unknown; readonly peerDependencies?: Readonly<Record<string, string>> };

function manifestOf(folder: string): Manifest {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest | null) ?? {};
  } catch {
    return {}; // not readable: not a plugin that anything could load
  }
}

/** @param declared false: what turns out not to be a plugin is left out */
async function describe(name: string, folder: string, from: PluginListing['from'], declared: boolean, version?: string): Promise<PluginListing | undefined> {
  let loaded: LoadedPlugin;
  try {
    loaded = await loadPlugin({ use: name, config: {}, path: '' }, folder);
  } catch (error) {
    const threw = isKeelsonError(error) && error.cause !== undefined; // a plugin, perhaps, that lacks a package
    if (!declared && !threw) return undefined;
    return { name, version, from, api: undefined, compatible: false, reason: messageOf(error), provides: {} };
  }
  return { name, from, ...judge(loaded) };
}

/** What a plugin says of itself, and whether it can be used with this command. */
export function judge(loaded: LoadedPlugin): Omit<PluginListing, 'name' | 'from'> {
  const { version, api, provides: ports } = loaded.plugin;
  const provides: Partial<Record<PortName, readonly string[] | undefined>> = {};
  for (const port of Array.isArray(ports) ? (ports as readonly PortName[]) : []) provides[port] = undefined;
  try {
    for (const { port, id } of inspectPlugins([loaded], silentLogger)) provides[port] = [...(provides[port] ?? []), id];
    return { version, api, compatible: true, reason: undefined, provides };
  } catch (error) {
    if (!isKeelsonError(error)) throw error;
    const faults = errorsOf(error);
    const fault = faults.find(({ code }) => code !== 'PLG_CONFIG');
    if (fault === undefined) return { version, api, compatible: true, reason: 'ids are known once it has settings', provides };
    return { version, api, compatible: false, reason: fault.message, provides };
  }
}
