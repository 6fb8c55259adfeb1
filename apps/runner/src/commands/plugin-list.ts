import { PLUGIN_API_VERSION } from '@keelson/core/plugin';
import type { Io } from '../io.js';
import { EXIT } from '../output/report-errors.js';
import { listPlugins, type PluginListing } from '../plugins/list-plugins.js';

/** `keelson plugin list`: what is installed here and with the command, and whether it can be used. */
export async function pluginList(options: { readonly json: boolean }, io: Io): Promise<number> {
  const plugins = await listPlugins(io.cwd);
  if (options.json) {
    const rows = plugins.map(({ version = null, api = null, reason = null, provides, ...rest }) => ({ ...rest, version, api, reason, provides: Object.fromEntries(Object.entries(provides).map(([port, ids]) => [port, ids ?? null])) }));
    io.stdout.write(`${JSON.stringify({ schema: 'keelson.plugins/1', pluginApi: PLUGIN_API_VERSION, plugins: rows }, null, 2)}\n`);
  } else {
    io.stdout.write(`${[`Plugin API ${PLUGIN_API_VERSION}`, ...plugins.flatMap(linesOf)].join('\n')}\n`);
  }
  return EXIT.done;
}

function linesOf({ name, version, from, api, compatible, reason, provides }: PluginListing): string[] {
  const origin = from === 'runner' ? 'comes with keelson' : 'installed here';
  const verdict = compatible ? 'compatible' : 'NOT COMPATIBLE';
  const ports = Object.entries(provides).map(([port, ids]) => `  ${port}: ${ids === undefined ? '(not known without settings)' : ids.join(', ')}`);
  return ['', `${name} ${version ?? '(no version)'}, plugin API ${api ?? 'not stated'}, ${verdict}, ${origin}`, ...(compatible || reason === undefined ? [] : [`  ${reason}`]), ...ports];
}
