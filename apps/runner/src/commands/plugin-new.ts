import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { nearest } from '@keelson/core/config';
import { ConfigError, messageOf } from '@keelson/core/errors';
import type { Io } from '../io.js';
import { EXIT } from '../output/report-errors.js';
import { pluginFiles } from '../scaffold/plugin-files.js';
import { PLUGIN_KINDS, type PluginKindName } from '../scaffold/plugin-kinds.js';
import { pluginName } from '../scaffold/plugin-name.js';

/** `keelson plugin new`: a package that builds, lints and passes its contract suite as it is. All of it is written, or nothing. */
export function pluginNew(kind: string, name: string, options: { readonly dir?: string }, io: Io): number {
  const known = kindOf(kind);
  const names = pluginName(name);
  const shown = options.dir ?? names.folder;
  const target = resolve(io.cwd, shown);
  if (existsSync(target) && !(statSync(target).isDirectory() && readdirSync(target).length === 0)) {
    throw new ConfigError('CFG_USAGE', `${shown} is there already, expected nothing in the way`, { hint: 'move it away, or name another folder with --dir' });
  }
  const files = pluginFiles(known, names);
  writeWhole(target, files, shown);
  io.stdout.write(
    [
      `Written to ${shown}: a package ${names.name} with the ${PLUGIN_KINDS[known].words} ${names.id}`,
      '',
      'Next:',
      `  cd ${shown}`,
      '  npm install',
      '  npm run lint',
      '  npm test              build it and hold it to its contract',
      `  edit src/${PLUGIN_KINDS[known].file}.ts`,
      '',
    ].join('\n'),
  );
  return EXIT.done;
}

function kindOf(kind: string): PluginKindName {
  if (Object.hasOwn(PLUGIN_KINDS, kind)) return kind as PluginKindName;
  const kinds = Object.keys(PLUGIN_KINDS);
  const near = nearest(kind, kinds) ?? kinds.find((name) => name.replace('-', '') === kind.toLowerCase().replace(/[-_]/g, ''));
  throw new ConfigError('CFG_USAGE', `the kind was "${kind}", expected one of ${kinds.join(', ')}`, { hint: near === undefined ? 'name one of these' : `did you mean ${near}?` });
}

/** In a folder beside, which then takes its name. */
function writeWhole(target: string, files: Readonly<Record<string, string>>, shown: string): void {
  let draft: string | undefined;
  try {
    mkdirSync(dirname(target), { recursive: true });
    draft = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(draft, path)), { recursive: true });
      writeFileSync(join(draft, path), text, { flag: 'wx' });
    }
    if (existsSync(target)) rmdirSync(target); // empty, or it fails
    chmodSync(draft, 0o777 & ~process.umask()); // mkdtemp's is private
    renameSync(draft, target);
  } catch (error) {
    if (draft !== undefined) rmSync(draft, { recursive: true, force: true });
    throw new ConfigError('CFG_USAGE', `${shown} cannot be written (${messageOf(error)}), expected a folder of one's own`, { hint: 'name another folder with --dir', cause: error });
  }
}
