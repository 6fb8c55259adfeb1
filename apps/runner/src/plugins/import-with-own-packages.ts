import { register } from 'node:module';
import { messageOf } from '@keelson/core/errors';

type Module = { readonly default?: unknown };

/** Tells the loader a second address for a module that failed once: it stays failed under the first. */
const MARK = '?own-packages';

let registered = false;

/**
 * Imports a plugin's module. Where the plugin's folder has no `@keelson/...` or `zod` of its own, this command's
 * copies serve: a plugin file needs no node_modules beside it. The same address gives the same module every time.
 */
export async function importWithOwnPackages(address: string): Promise<Module> {
  try {
    return (await import(/* @vite-ignore */ address)) as Module;
  } catch (error) {
    if (!/Cannot find package '(@keelson\/[^']*|zod)'/.test(messageOf(error))) throw error;
    if (!registered) register(new URL('./own-packages-hook.js', import.meta.url), { data: { parent: import.meta.url, mark: MARK } });
    registered = true;
    return (await import(/* @vite-ignore */ `${address}${MARK}`)) as Module;
  }
}
