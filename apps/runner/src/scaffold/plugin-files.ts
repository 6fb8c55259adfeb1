import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PLUGIN_API_VERSION } from '@keelson/core/plugin';
import { ownVersion } from '../own-version.js';
import { PLUGIN_KINDS, type PluginKind, type PluginKindName } from './plugin-kinds.js';
import type { PluginName } from './plugin-name.js';

/** Real files, so that they can be built, linted and tested as they are: `npm pack` would drop or rename some of these. */
const TEMPLATES = fileURLToPath(new URL('../../templates/', import.meta.url));

/** Files of a new plugin's package, by path within it. */
export function pluginFiles(kind: PluginKindName, { name, folder, id }: PluginName): Readonly<Record<string, string>> {
  const { words, file, about, use }: PluginKind = PLUGIN_KINDS[kind];
  const values: Readonly<Record<string, string>> = {
    __PACKAGE__: name,
    __FOLDER__: folder,
    __ID__: id,
    __KIND__: words,
    __FILE__: file,
    __ABOUT__: about.replaceAll('ID', id),
    __USE__: ['```yaml', `plugins: [ '${name}' ]`, ...use.map((line) => line.replaceAll('ID', id)), '```'].join('\n'),
    __KEELSON__: ownVersion(),
    __API__: `^${PLUGIN_API_VERSION}`,
  };
  const fill = (text: string): string => text.replace(/__[A-Z]+__/g, (word) => values[word] ?? word);
  const files: Record<string, string> = {};
  for (const part of ['common', kind]) {
    for (const path of filesIn(join(TEMPLATES, part))) files[targetOf(path)] = fill(readFileSync(join(TEMPLATES, part, path), 'utf8'));
  }
  return files;
}

/** `dot_github/x` → `.github/x`, `package.template.json` → `package.json`, `x_test.ts` → `x.test.ts`. */
const targetOf = (path: string): string => path.replace(/(^|\/)dot_/g, '$1.').replace('.template.', '.').replace(/_test\.ts$/, '.test.ts');

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? filesIn(join(folder, entry.name)).map((path) => posix.join(entry.name, path)) : [entry.name]));
}
