// @ts-check
/**
 * Copies the part of zod that `@keelson/core` uses into `packages/core/vendor/zod`, so that core installs without
 * the other nine tenths of it: sources, CommonJS, older versions, the words of sixty languages. The files are zod's
 * own, byte for byte, but for three that are written here: the entry, the list of languages, and a manifest that
 * tells people and scanners whose code it is. `npm run vendor` writes it; a test holds it equal to the pinned zod.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const ZOD = join(root, 'node_modules/zod');
export const VENDORED = join(root, 'packages/core/vendor/zod');

/** @param {string} version */
const header = (version) => `// A part of zod ${version}, see LICENSE. Written by scripts/vendor-zod.mjs.\n`;
const VALUES = ['export * as core from "./v4/core/index.js";', 'export * from "./v4/classic/schemas.js";', 'export * as iso from "./v4/classic/iso.js";'];
/** Beside what core writes itself: what the compiler needs to name the type of a schema. */
const TYPES = ['export type { $loose, $strict, $strip, infer, input, output } from "./v4/core/index.js";'];
const LANGUAGES = ['export { default as en } from "./en.js";'];

/** @param {string} version @param {readonly string[]} lines */
const written = (version, ...lines) => `${header(version)}${lines.join('\n')}\n`;

/**
 * Specifiers of everything that a module of zod imports or exports from elsewhere, types included.
 * @param {string} text
 * @returns {string[]}
 */
export function specifiers(text) {
  return [...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(\s*|^import\s+)["']([^"']+)["']/gm)].map(([, name = '']) => name);
}

/**
 * The files of the part, by path.
 * @param {string} zod folder of the installed package
 * @returns {Map<string, string>}
 */
export function vendoredFiles(zod) {
  const { name, version, license, homepage } = JSON.parse(readFileSync(join(zod, 'package.json'), 'utf8'));
  const files = new Map([
    ['package.json', `${JSON.stringify({ name, version, license, homepage, type: 'module', sideEffects: false }, null, 2)}\n`],
    ['LICENSE', readFileSync(join(zod, 'LICENSE'), 'utf8')],
    ['index.js', written(version, ...VALUES)],
    ['index.d.ts', written(version, ...VALUES, ...TYPES)],
    ['v4/locales/index.js', written(version, ...LANGUAGES)],
    ['v4/locales/index.d.ts', written(version, ...LANGUAGES)],
  ]);
  // the map grows while it is walked: what is added is visited, too
  for (const [path, text] of files) {
    const ending = ['.d.ts', '.js'].find((candidate) => path.endsWith(candidate));
    if (ending === undefined) continue;
    for (const specifier of specifiers(text)) {
      if (!/^\..*\.js$/.test(specifier)) throw new Error(`${path} of zod ${version} imports ${specifier}, expected a file of its own: look at what it needs, then at scripts/vendor-zod.mjs`);
      const target = posix.join(posix.dirname(path), specifier.replace(/\.js$/, ending));
      if (!files.has(target)) files.set(target, readFileSync(join(zod, target), 'utf8'));
    }
  }
  return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = vendoredFiles(ZOD);
  rmSync(VENDORED, { recursive: true, force: true });
  for (const [path, text] of files) {
    mkdirSync(dirname(join(VENDORED, path)), { recursive: true });
    writeFileSync(join(VENDORED, path), text);
  }
  const bytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  console.log(`packages/core/vendor/zod: ${files.size} files, ${(bytes / 1e3).toFixed(0)} kB`);
}
