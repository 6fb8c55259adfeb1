import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError, messageOf, PluginError } from '@keelson/core/errors';
import type { Io } from '../io.js';
import { EXIT } from '../output/report-errors.js';
import { loadPlugin } from '../plugins/load-plugins.js';
import { addedBy, suiteOf } from '../plugins/port-suites.js';
import { entryOfFolder } from '../plugins/resolve-package.js';

type Manifest = { readonly name?: string; readonly version?: string; readonly scripts?: Readonly<Record<string, string>> };

/** The part of `@keelson/contract-tests` that is used here; the plugin's own copy is imported. */
type ContractTests = Readonly<Record<string, unknown>> & {
  readonly pluginSuite: unknown;
  runSuite(suite: unknown, subject: unknown, options: { readonly of: string }): Promise<{ readonly passed: boolean; readonly results: readonly Result[] }>;
};

type Result = { readonly id: string; readonly title: string; readonly result: string; readonly message?: string; readonly reason?: string; readonly note?: string };

/**
 * `keelson plugin test`: the tests of a plugin's package where it has some, which hold the contract suites of its ports;
 * else the suites of all that it adds, as far as they run with default settings, from the package's own
 * `@keelson/contract-tests`; it says which could not be run.
 */
export async function pluginTest(dir: string, io: Io): Promise<number> {
  const folder = resolve(io.cwd, dir);
  const manifest = manifestOf(folder, dir);
  if (manifest.scripts?.['test'] !== undefined) {
    const { status } = spawnSync('npm', ['test'], { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' });
    return status === 0 ? EXIT.done : EXIT.failed;
  }
  const entry = entryOfFolder(folder);
  const loaded = await loadPlugin({ use: folder, config: {}, path: '' }, folder);
  const { plugin } = loaded;
  const tests = await contractTests(folder);
  const results: Result[] = [];
  const run = async (suite: unknown, subject: unknown, of: string): Promise<void> => {
    io.stdout.write(`${of}\n`);
    const report = await tests.runSuite(suite, subject, { of });
    for (const { id, title, result, message, reason, note } of report.results) io.stdout.write(`${result.padEnd(7)} ${id} ${title}${message === undefined ? '' : `: ${message}`}${reason === undefined && note === undefined ? '' : ` (${reason ?? note})`}\n`);
    results.push(...report.results);
  };
  const leftOut = (what: string, reason: string): void => io.stdout.write(`not run: ${what}: ${reason}\n`);
  await run(tests.pluginSuite, { plugin, packageJson: manifest, ...(entry === undefined ? {} : { main: pathToFileURL(entry) }) }, `plugin ${manifest.name ?? dir}`);
  const added = addedBy(loaded);
  if (typeof added === 'string') leftOut('what it adds', added);
  else {
    const { plugin: features } = await loadPlugin({ use: '@keelson/plugin-features', config: {}, path: '' }, folder);
    const plugins = features.name === plugin.name ? [plugin] : [features, ...(plugin.provides.includes('feature') ? [plugin] : [])];
    for (const each of added) {
      const found = suiteOf(each);
      if ('reason' in found) leftOut(`${each.port} ${each.id}`, found.reason);
      else if (tests[found.suite] === undefined) leftOut(`${each.port} ${each.id}`, 'the installed @keelson/contract-tests has no suite for it: install a newer one');
      else await run(tests[found.suite], { definition: each.definition, plugins }, `${each.port} ${each.id}`);
    }
  }
  const count = (kind: string): number => results.filter(({ result }) => result === kind).length;
  io.stdout.write(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped\n`);
  return count('failed') === 0 ? EXIT.done : EXIT.failed;
}

function manifestOf(folder: string, shown: string): Manifest {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  } catch (error) {
    throw new ConfigError('CFG_USAGE', `${shown} has no package.json that can be read (${messageOf(error)}), expected the folder of a plugin's package`, { hint: 'name the folder, or make a package with "keelson plugin new"', cause: error });
  }
}

async function contractTests(folder: string): Promise<ContractTests> {
  let address: string;
  try {
    address = createRequire(join(folder, 'package.json')).resolve('@keelson/contract-tests');
  } catch (error) {
    throw new PluginError('PLG_MISSING', `${folder} has neither a test script nor @keelson/contract-tests, expected one of them`, { hint: 'run "npm install --save-dev @keelson/contract-tests" there', cause: error });
  }
  return (await import(/* @vite-ignore */ pathToFileURL(address).href)) as ContractTests;
}
