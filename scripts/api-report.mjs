// @ts-check
/**
 * The public surface of the packages that plugins are written against, one report for each public subpath, in api/.
 * `npm run api` writes them; `npm run api -- --check` fails with the difference when the surface has changed and its
 * report has not. Reads the built declarations: `tsc -b` comes first.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = join(root, 'api');
/** Packages that plugins import. */
const PACKAGES = ['packages/core', 'packages/contract-tests'];

/** @typedef {{ folder: string, types: string, name: string }} Surface */

/** @returns {Surface[]} every public subpath with types of our own */
export function surfaces() {
  return PACKAGES.flatMap((place) => {
    const folder = join(root, place);
    const manifest = /** @type {{ name: string, exports: Record<string, string | { types?: string }> }} */ (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
    return Object.entries(manifest.exports).flatMap(([subpath, target]) => {
      if (typeof target === 'string' || !target.types?.startsWith('./dist/')) return [];
      const parts = [manifest.name.replace(/^@[^/]+\//, ''), ...subpath.split('/').slice(1)];
      return [{ folder, types: join(folder, target.types), name: `${parts.join('-')}.api.md` }];
    });
  });
}

/**
 * @param {Surface} surface
 * @param {string} target folder that the report is written to
 * @param {string} work folder for what nobody reads
 */
function extract({ folder, types, name }, target, work) {
  const config = ExtractorConfig.prepare({
    configObjectFullPath: join(folder, 'api-extractor.json'),
    packageJsonFullPath: join(folder, 'package.json'),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: types,
      newlineKind: 'lf',
      // zod is named, as any other package: its own surface is none of ours
      compiler: { overrideTsconfig: { compilerOptions: { paths: { '#zod': [join(root, 'node_modules/zod/index.d.ts')] }, target: 'ES2022', lib: ['ES2023'], module: 'NodeNext', moduleResolution: 'NodeNext', types: ['node'], strict: true, skipLibCheck: true }, files: [types] } },
      apiReport: { enabled: true, reportFileName: name, reportFolder: target, reportTempFolder: work },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Warning } },
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  });
  const faults = /** @type {string[]} */ ([]);
  const result = Extractor.invoke(config, {
    localBuild: true,
    messageCallback(message) {
      message.handled = true;
      if (message.logLevel === 'error' || (message.category === 'Compiler' && message.logLevel === 'warning')) faults.push(message.formatMessageWithLocation(root));
    },
  });
  // the compiler writes the members of an enumeration in an order that depends on what it looked at first
  const file = join(target, name);
  const text = readFileSync(file, 'utf8').replace(/(ZodEnum<\{\n)((?:\s+\S+: "[^"]*";\n)+)/g, (_, head, members) => `${head}${String(members).split('\n').filter((line) => line !== '').sort().join('\n')}\n`);
  writeFileSync(file, text);
  if (!result.succeeded || faults.length > 0) throw new Error(`${name}: ${faults.join('\n') || 'the extractor failed'}`);
}

/**
 * Reports that differ, with the difference.
 * @param {string} known folder of the reports that are checked in
 * @param {string} now folder of those of the present code
 * @returns {{ name: string, text: string }[]}
 */
export function differences(known, now) {
  const reportsIn = (/** @type {string} */ folder) => (existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.api.md')) : []);
  return [...new Set([...reportsIn(known), ...reportsIn(now)])].sort().flatMap((name) => {
    const [before, after] = [join(known, name), join(now, name)].map((file) => (existsSync(file) ? file : '/dev/null'));
    const { status, stdout } = spawnSync('git', ['diff', '--no-index', '--no-color', String(before), String(after)], { encoding: 'utf8' });
    return status === 0 ? [] : [{ name, text: stdout.split('\n').filter((line) => !/^(diff|index|---|\+\+\+) /.test(line)).join('\n') }];
  });
}

/** @param {readonly string[]} args @returns {number} exit status */
function main(args) {
  const work = mkdtempSync(join(tmpdir(), 'keelson-api-'));
  try {
    const now = join(work, 'api');
    mkdirSync(now);
    const all = surfaces();
    for (const surface of all) extract(surface, now, join(work, 'temp'));
    if (!args.includes('--check')) {
      rmSync(reports, { recursive: true, force: true });
      cpSync(now, reports, { recursive: true });
      console.log(`api: ${all.length} reports written`);
      return 0;
    }
    const changed = differences(reports, now);
    for (const { name, text } of changed) console.error(`${name}: the public surface changed\n${text}`);
    if (changed.length > 0) console.error('Run "npm run api" and look at the difference. What plugins use needs a deprecation first, and a change that breaks them a new major of PLUGIN_API_VERSION: docs/adr/0003-plugin-form-and-api-version.md');
    console.log(`api: ${all.length} reports, ${changed.length} changed`);
    return changed.length > 0 ? 1 : 0;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv.slice(2));
