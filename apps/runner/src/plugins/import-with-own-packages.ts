import { register } from 'node:module';
import { messageOf } from '@keelson/core/errors';

type Module = { readonly default?: unknown };

let registered = false;

/**
 * Imports a plugin's module. Where the plugin's folder has no `@keelson/...` or `zod` of its own, this command's
 * copies serve: a plugin file needs no node_modules beside it.
 */
export async function importWithOwnPackages(address: string): Promise<Module> {
  try {
    return (await import(/* @vite-ignore */ address)) as Module;
  } catch (error) {
    if (registered || !/Cannot find package '(@keelson\/[^']*|zod)'/.test(messageOf(error))) throw error;
    registered = true;
    register(new URL('./own-packages-hook.js', import.meta.url), { data: { parent: import.meta.url } });
    // another address: a module that failed once stays failed
    return (await import(/* @vite-ignore */ `${address}?own-packages`)) as Module;
  }
}
