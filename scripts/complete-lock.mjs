// @ts-check
/**
 * Completes package-lock.json after `npm install`: native packages for other platforms that the registry in
 * use did not serve are left out by npm, and `npm ci` then refuses the lock file, on every machine. This
 * adds them by name, version and platform. `npm run lock` does both steps.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {{ version?: string, optional?: boolean, dev?: boolean, os?: string[], cpu?: string[], libc?: string[], optionalDependencies?: Record<string, string> }} Entry
 * @typedef {Record<string, Entry>} Entries
 */

/** @type {Readonly<Record<string, string>>} */
const SYSTEMS = { darwin: 'darwin', linux: 'linux', win32: 'win32', windows: 'win32', freebsd: 'freebsd', android: 'android', openharmony: 'openharmony', netbsd: 'netbsd', openbsd: 'openbsd', sunos: 'sunos', aix: 'aix' };
/** @type {Readonly<Record<string, string>>} */
const PROCESSORS = { x64: 'x64', 64: 'x64', arm64: 'arm64', arm: 'arm', ia32: 'ia32', ppc64: 'ppc64', riscv64: 'riscv64', s390x: 's390x', loong64: 'loong64', mips64el: 'mips64el' };

/**
 * Platform of a native package by its name, the one place where npm's metadata is not at hand.
 * @param {string} name
 */
export function platformOf(name) {
  const words = name.slice(name.indexOf('/') + 1).split('-');
  const os = words.map((word) => SYSTEMS[word]).find((word) => word !== undefined);
  const cpu = words.map((word) => PROCESSORS[word]).find((word) => word !== undefined);
  if (os === undefined || cpu === undefined) throw new Error(`${name} was found, expected a name that ends with system and processor: add its entry to package-lock.json by hand`);
  const libc = os !== 'linux' ? undefined : words.includes('musl') ? 'musl' : words.includes('gnu') ? 'glibc' : undefined;
  return { os: [os], cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }) };
}

/**
 * Optional dependencies that the lock file names and does not hold.
 * @param {Entries} entries the lock file's `packages`
 * @returns {Entries} entries to add, by place
 */
export function missingEntries(entries) {
  /** @type {Entries} */
  const missing = {};
  for (const [place, entry] of Object.entries(entries)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isHeld(entries, place, name)) continue;
      missing[`node_modules/${name}`] = { version, ...platformOf(name), ...(entry.dev === true ? { dev: true } : {}), optional: true };
    }
  }
  return missing;
}

/**
 * Looks a dependency up as Node does: in the dependent's folder, then outward.
 * @param {Entries} entries
 * @param {string} place
 * @param {string} name
 */
function isHeld(entries, place, name) {
  for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (entries[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`] !== undefined) return true;
    if (folder === '') return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = join(dirname(dirname(fileURLToPath(import.meta.url))), 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingEntries(lock.packages);
  lock.packages = Object.fromEntries(Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => a.localeCompare(b, 'en')));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`package-lock.json: ${Object.keys(missing).length} entries added`);
}
