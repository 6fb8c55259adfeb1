import { pluginFiles } from '../../apps/runner/src/scaffold/plugin-files.js';
import type { PluginKindName } from '../../apps/runner/src/scaffold/plugin-kinds.js';
import { pluginName } from '../../apps/runner/src/scaffold/plugin-name.js';

/** First line of a block that shows a file of a template, so that a page and `keelson plugin new` cannot part. */
const MARK = /^\/\/ (src\/\S+), as "keelson plugin new (\S+) (\S+)" writes it$/;

/** The file of a template that a block shows, and all files of its package; undefined for any other block. */
export function templateOf(text: string): { readonly shown: string; readonly files: Readonly<Record<string, string>> } | undefined {
  const [mark = ''] = text.split('\n', 1);
  const [, path = '', kind, name = ''] = MARK.exec(mark) ?? [];
  if (kind === undefined) return undefined;
  const files = pluginFiles(kind as PluginKindName, pluginName(name));
  return { files, shown: `${mark}\n${files[path]?.trimEnd() ?? `no file of kind ${kind}`}` };
}
