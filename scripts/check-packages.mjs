// @ts-check
/**
 * Packs every published package as npm would and checks the tarballs: what they hold, that publint and
 * attw find no fault, and that each can be imported by every public subpath once installed.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mapsWithoutSources } from './maps-without-sources.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Files that every package must hold, and those that none may. */
const REQUIRED = ['package.json', 'README.md', 'LICENSE'];
const FORBIDDEN = /\.test\.|\.tsbuildinfo$|(^|\/)testing\/|(^|\/)node_modules\/|\.env$/;

/** @param {string} command @param {readonly string[]} args @param {string} [cwd] */
function run(command, args, cwd = root) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
  return { ok: status === 0, stdout, output: `${stdout ?? ''}${stderr ?? ''}${error === undefined ? '' : error.message}` };
}

/** Every workspace under packages/ and apps/ that is published. */
function publishedPackages() {
  return ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(root, group), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => ({ folder: join(root, group, entry.name), manifest: JSON.parse(readFileSync(join(root, group, entry.name, 'package.json'), 'utf8')) }))
      .filter(({ manifest }) => manifest.private !== true),
  );
}

/**
 * What is wrong with the list of packed files.
 * @param {readonly string[]} files
 * @param {{ exports?: Record<string, unknown>, bin?: Record<string, string> }} manifest
 * @returns {string[]}
 */
export function tarballFaults(files, manifest) {
  const held = new Set(files);
  const targets = new Set([...targetsOf(manifest.exports ?? {}), ...Object.values(manifest.bin ?? {})].map((target) => posix.normalize(target)));
  return [
    ...REQUIRED.filter((file) => !held.has(file)).map((file) => `${file} is missing`),
    ...[...targets].filter((file) => !held.has(file)).map((file) => `${file} is named in package.json and missing`),
    ...files.filter((file) => FORBIDDEN.test(file)).map((file) => `${file} does not belong in the package`),
  ];
}

/**
 * @param {unknown} node
 * @returns {string[]}
 */
function targetsOf(node) {
  if (typeof node === 'string') return [node];
  return typeof node === 'object' && node !== null ? Object.values(node).flatMap(targetsOf) : [];
}

/** @returns {string[]} every fault of every package */
function checkAll() {
  const work = mkdtempSync(join(tmpdir(), 'keelson-pack-'));
  /** @type {string[]} */
  const faults = [];
  try {
    const tarballs = publishedPackages().map(({ folder, manifest }) => {
      const packed = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', work], folder);
      if (!packed.ok) throw new Error(`npm pack failed in ${folder}\n${packed.output}`);
      // npm 10 and 11 print a list, later ones an object keyed by package
      const [entry] = /** @type {{ filename: string, files: { path: string }[] }[]} */ (Object.values(JSON.parse(packed.stdout)));
      if (entry === undefined) throw new Error(`npm pack named no file in ${folder}`);
      const tarball = join(work, entry.filename);
      /** @param {string} tool @param {string} text */
      const report = (tool, text) => faults.push(`${manifest.name}: ${tool}: ${text.trim()}`);
      for (const fault of tarballFaults(entry.files.map((file) => file.path), manifest)) report('files', fault);
      const publint = run(process.execPath, [join(root, 'node_modules/publint/src/cli.js'), 'run', tarball, '--strict']);
      if (!publint.ok) report('publint', publint.output);
      const attw = run(process.execPath, [join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js'), tarball, '--profile', 'esm-only', '--no-definitely-typed', '--format', 'ascii', '--no-color']);
      if (!attw.ok) report('attw', attw.output);
      console.log(`${manifest.name}: ${entry.files.length} files`);
      return { manifest, tarball };
    });
    faults.push(...importFaults(tarballs));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return faults;
}

/**
 * Unpacks the tarballs side by side, as npm would lay them, looks for the sources of their maps, and imports every subpath
 * with plain Node.
 * Third-party dependencies come from the checkout: nothing is downloaded.
 * @param {readonly { manifest: { name: string, exports?: Record<string, unknown> }, tarball: string }[]} tarballs
 * @returns {string[]}
 */
function importFaults(tarballs) {
  const consumer = mkdtempSync(join(root, 'node_modules', '.keelson-consumer-'));
  try {
    for (const { manifest, tarball } of tarballs) {
      const folder = join(consumer, 'node_modules', manifest.name);
      mkdirSync(folder, { recursive: true });
      const unpacked = run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
      if (!unpacked.ok) return [`${manifest.name}: tar: ${unpacked.output}`];
      const blind = mapsWithoutSources(folder);
      if (blind.length > 0) return [`${manifest.name}: files: ${blind.length} maps name sources that are not in the package: ${blind.slice(0, 3).join(', ')}`];
    }
    const names = tarballs.flatMap(({ manifest }) => Object.keys(manifest.exports ?? {}).filter((subpath) => !subpath.endsWith('.json')).map((subpath) => posix.join(manifest.name, subpath)));
    writeFileSync(join(consumer, 'consume.mjs'), `${names.map((name) => `await import('${name}');`).join('\n')}\n`);
    const result = run(process.execPath, ['consume.mjs'], consumer);
    if (result.ok) console.log(`imported ${names.length} public subpaths from the tarballs`);
    return result.ok ? [] : [`import of the packed packages failed:\n${result.output}`];
  } finally {
    rmSync(consumer, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = checkAll();
  for (const fault of faults) console.error(fault);
  console.log(`packages: ${faults.length} faults`);
  if (faults.length > 0) process.exitCode = 1;
}
