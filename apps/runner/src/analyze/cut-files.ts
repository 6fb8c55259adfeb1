import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { extname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { cutTable, type RowTimes } from './cut-table.js';

/** Code and settings: not data. */
const NO_DATA = new Set(['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.map', '.node', '.wasm', '.yaml', '.yml', '.md', '.html', '.css', '.so', '.pem', '.crt', '.key']);
const MANIFEST = /(^|[/\\])(package|package-lock|tsconfig[^/]*)\.json$/;
const SYSTEM = /^\/(proc|sys|dev|etc|usr|lib)\//;

const original = { readFileSync: fs.readFileSync, writeFileSync: fs.writeFileSync, statSync: fs.statSync };

export type CutFiles = {
  /** Rows of the account's own data files; set before the feeds open them. */
  readonly ownFiles: Map<string, RowTimes>;
  /** Files that were opened and could not be cut. */
  readonly uncut: () => readonly string[];
};

/**
 * From now on, whoever in this thread opens a table of data gets a copy that ends at `cutAt`: a plugin that reads a
 * file of its own cannot look beyond it either. For a thread of its own, since it cannot be undone.
 * @param cutAt undefined cuts nothing, and only notes which files cannot be cut
 * @param folder for the copies
 */
export function cutFiles(cutAt: number | undefined, folder: string): CutFiles {
  const ownFiles = new Map<string, RowTimes>();
  const copies = new Map<string, string>();
  const uncut = new Set<string>();

  const redirect = (given: unknown): unknown => {
    const path = pathOf(given);
    if (path === undefined || isNoData(path, folder)) return given;
    let copy = copies.get(path);
    if (copy === undefined) {
      copy = path;
      copies.set(path, path); // reading it comes by here again
      const text = textOf(path);
      const times = ownFiles.get(path) ?? { zone: 'UTC', known: 'step' };
      const cut = text === undefined ? undefined : cutTable(text, cutAt ?? Infinity, times);
      if (text !== undefined && cut === undefined) uncut.add(path);
      else if (cut !== undefined && cutAt !== undefined) {
        copy = join(folder, `${copies.size}${extname(path)}`);
        original.writeFileSync(copy, path.endsWith('.gz') ? gzipSync(cut, { level: 1 }) : cut);
      }
      copies.set(path, copy);
    }
    return copy === path ? given : copy;
  };

  const patch = (owner: Record<string, unknown>, name: string): void => {
    const was = owner[name] as (...args: unknown[]) => unknown;
    owner[name] = function patched(this: unknown, path: unknown, ...rest: unknown[]): unknown {
      return was.call(this, redirect(path), ...rest);
    };
  };
  for (const name of ['readFileSync', 'readFile', 'openSync', 'open', 'createReadStream', 'statSync', 'stat']) patch(fs as unknown as Record<string, unknown>, name);
  for (const name of ['readFile', 'open', 'stat']) patch(fs.promises as unknown as Record<string, unknown>, name);
  syncBuiltinESMExports();
  return { ownFiles, uncut: () => [...uncut] };
}

function pathOf(given: unknown): string | undefined {
  if (typeof given === 'string') return resolve(given);
  if (given instanceof URL && given.protocol === 'file:') return fileURLToPath(given);
  return given instanceof Uint8Array ? resolve(Buffer.from(given).toString()) : undefined;
}

function isNoData(path: string, folder: string): boolean {
  if (NO_DATA.has(extname(path).toLowerCase()) || MANIFEST.test(path) || SYSTEM.test(path) || path.startsWith(folder + sep) || path.includes(`${sep}node_modules${sep}`)) return true;
  const info = original.statSync(path, { throwIfNoEntry: false });
  return info === undefined || !info.isFile() || info.size === 0;
}

/** Undefined for what cannot be read, which fails where it is opened. */
function textOf(path: string): string | undefined {
  try {
    const bytes = original.readFileSync(path);
    const text = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    return text.subarray(0, 512).includes(0) ? '' : text.toString('utf8');
  } catch {
    return undefined;
  }
}
