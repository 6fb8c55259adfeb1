import { readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { jsonSchemaOf } from '@keelson/core/config';
import { inspectPlugins } from '@keelson/core/engine';
import { ConfigError, KeelsonErrors, messageOf, PluginError } from '@keelson/core/errors';
import { PLUGIN_API_VERSION, type LoadedPlugin, type PortName } from '@keelson/core/plugin';
import type { Schema } from '@keelson/core/ports';
import { insertPlugin } from '../account/insert-plugin.js';
import { readAccount } from '../account/read-account.js';
import type { Secrets } from '../account/secrets.js';
import type { Io } from '../io.js';
import { silentLogger } from '../logger.js';
import { EXIT } from '../output/report-errors.js';
import { judge } from '../plugins/list-plugins.js';
import { loadPlugin, SHIPPED_PLUGINS } from '../plugins/load-plugins.js';
import { flow, settingLines, settingsText } from '../plugins/settings-text.js';

/**
 * `keelson plugin add`: writes an installed plugin into an account, with the defaults of its settings, and shows how
 * what it provides is named there. The rest of the file stays as it is.
 */
export async function pluginAdd(name: string, options: { readonly account: string }, io: Io, secrets: Secrets): Promise<number> {
  const { baseDir, path, document } = readAccount({ file: options.account, settings: [], env: io.env, cwd: io.cwd, secrets });
  const shown = document.shown;
  if (SHIPPED_PLUGINS.includes(name)) {
    throw new ConfigError('CFG_CONFLICT', `${name} comes with keelson, expected a plugin that an account has to name`, { hint: 'use what it provides: "keelson plugin list" shows the ids' });
  }
  const use = asWritten(name, io.cwd, baseDir);
  const loaded = await loadPlugin({ use, config: {}, path: '' }, baseDir);
  const verdict = judge(loaded);
  if (!verdict.compatible) {
    throw new PluginError('PLG_API', `${name} cannot be used: ${verdict.reason ?? 'not compatible'}`, { hint: `install a version of it for plugin API ${PLUGIN_API_VERSION}` });
  }
  const schema = loaded.plugin.config === undefined ? undefined : jsonSchemaOf(loaded.plugin.config);
  const lines = schema === undefined ? [] : settingLines(schema);
  const text = readFileSync(path, 'utf8');
  replaceFile(path, insertPlugin(text, { use, settings: settingsText(lines, '') }, shown), shown);

  const open = lines.filter(({ commented, value }) => !commented && value === '').map(({ key }) => key);
  io.stdout.write(
    [
      `${use} ${verdict.version ?? ''} was added to plugins: in ${shown}`,
      ...(open.length === 0 ? [] : [`Fill in ${open.join(', ')} of its config before it runs.`]),
      ...usage(loaded),
      '',
    ].join('\n'),
  );
  return EXIT.done;
}

/** A path is meant from the working folder, and written from the account's. */
function asWritten(name: string, cwd: string, baseDir: string): string {
  if (!name.startsWith('.') && !isAbsolute(name)) return name;
  const path = relative(baseDir, resolve(cwd, name)).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}

/** The whole new file beside the old one, then in its place: a process that dies leaves one of the two. */
function replaceFile(path: string, text: string, shown: string): void {
  const file = realpathSync(path);
  const draft = `${file}.new`;
  try {
    writeFileSync(draft, text, { mode: statSync(file).mode, flag: 'wx' });
    renameSync(draft, file);
  } catch (error) {
    throw new ConfigError('CFG_FILE', `${shown} cannot be written (${messageOf(error)}), expected a file that may be changed`, { hint: `check the permissions of ${dirname(shown)}, and that ${draft} is not there`, cause: error });
  }
}

type Place = { readonly lines: (id: string) => readonly string[]; readonly settings: string; readonly indent: string };

/** How an account names a component, by port. */
const PLACES: Readonly<Record<PortName, Place>> = {
  broker: { lines: (id) => ['broker:', `  use: ${id}`], settings: 'config', indent: '  ' },
  'data-feed': { lines: (id) => ['data:', `  feed: ${id}`], settings: '', indent: '  ' },
  feature: { lines: (id) => [`# in a strategy: use('${id}', { ... })`], settings: 'params', indent: '# ' },
  regime: inList('regimes'),
  strategy: { ...inList('strategies'), settings: 'params' },
  advisor: inList('advisors'),
  'proposal-source': { lines: (id) => ['decision:', '  proposals:', '    sources:', `      - use: ${id}`], settings: 'config', indent: '        ' },
  memory: { lines: (id) => ['memory:', `  use: ${id}`], settings: 'config', indent: '  ' },
  'risk-overlay': inList('overlays'),
  notifier: inList('notifiers'),
  'context-feed': { lines: (id) => ['context:', '  NAME:', `    use: ${id}`], settings: 'config', indent: '    ' },
  'news-feed': { lines: (id) => ['news:', '  sources:', '    NAME:', `      use: ${id}`], settings: 'config', indent: '      ' },
  journal: { lines: (id) => ['journal:', `  use: ${id}`], settings: 'config', indent: '  ' },
  'bar-store': { lines: (id) => ['data:', '  store:', `    use: ${id}`], settings: 'config', indent: '    ' },
};

function inList(section: string): Place {
  return { lines: (id) => [`${section}:`, `  - use: ${id}`], settings: 'config', indent: '    ' };
}

/** What to write to use each of its components, with the defaults of its settings. */
function usage(loaded: LoadedPlugin): string[] {
  let components: ReadonlyArray<{ readonly port: PortName; readonly id: string; readonly params: Schema }>;
  try {
    components = inspectPlugins([loaded], silentLogger);
  } catch (error) {
    if (error instanceof KeelsonErrors || error instanceof PluginError) return []; // it wants settings first
    throw error;
  }
  return components.flatMap(({ port, id, params }) => {
    const place = PLACES[port];
    const schema = jsonSchemaOf(params);
    const lines = schema === undefined ? [] : settingLines(schema);
    const below = lines.length === 0 ? [] : place.settings === '' ? settingsText(lines, place.indent) : [`${place.indent}${place.settings}:`, ...settingsText(lines, `${place.indent}  `)];
    return ['', `To use its ${port} ${id}:`, '', ...[...place.lines(flow(id)), ...below].map((line) => `  ${line}`)];
  });
}
