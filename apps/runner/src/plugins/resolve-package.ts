import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Conditions of `exports` that hold for an import, in no order: the package's order decides. */
const CONDITIONS = new Set(['import', 'node', 'module-sync', 'default']);

/** Folder of an installed package, from `start` upward through every node_modules; undefined when there is none. */
export function findPackage(name: string, start: string): string | undefined {
  // a name, not a way out of node_modules
  if (!/^(@[a-z0-9~][\w.~-]*\/)?[a-z0-9~][\w.~-]*$/i.test(name)) return undefined;
  for (let folder = start; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

/** The file that an import of a package's folder means: `exports`, `main`, or index.js. */
export function entryOfFolder(folder: string): string | undefined {
  return [...namedEntries(folder), 'index.js', 'index.mjs']
    .map((candidate) => join(folder, candidate))
    .find((file) => existsSync(file) && statSync(file).isFile());
}

/** The files that the manifest of a folder names for an import, whether or not they are there. */
export function namedEntries(folder: string): string[] {
  const { exports, main } = manifestOf(folder);
  return [exportedPath(exports), typeof main === 'string' ? main : undefined].filter((path) => path !== undefined);
}

type Manifest = { readonly exports?: unknown; readonly main?: unknown };

function manifestOf(folder: string): Manifest {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest | null) ?? {};
  } catch {
    return {}; // a folder without a manifest may still hold index.js
  }
}

/** Target of `"."`, by the conditions of an import (https://nodejs.org/api/packages.html#conditional-exports). */
function exportedPath(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (Array.isArray(target)) return target.map(exportedPath).find((path) => path !== undefined);
  if (typeof target !== 'object' || target === null) return undefined;
  if ('.' in target) return exportedPath(target['.']);
  for (const [condition, inner] of Object.entries(target)) {
    if (!CONDITIONS.has(condition)) continue;
    const path = exportedPath(inner);
    if (path !== undefined) return path;
  }
  return undefined;
}

/** Names of the packages that can be imported from a folder. */
export function installedPackages(start: string): string[] {
  const names: string[] = [];
  for (let folder = start; ; folder = dirname(folder)) {
    const root = join(folder, 'node_modules');
    for (const name of entriesOf(root)) {
      if (name.startsWith('@')) names.push(...entriesOf(join(root, name)).map((inner) => `${name}/${inner}`));
      else if (!name.startsWith('.')) names.push(name);
    }
    if (folder === dirname(folder)) return names;
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // no such folder
  }
}
