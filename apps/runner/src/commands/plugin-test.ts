import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError, messageOf, PluginError } from '@keelson/core/errors';
import type { Io } from '../io.js';
import { EXIT } from '../output/report-errors.js';
import { loadPlugin } from '../plugins/load-plugins.js';
import { entryOfFolder } from '../plugins/resolve-package.js';

type Manifest = { readonly name?: string; readonly version?: string; readonly scripts?: Readonly<Record<string, string>> };

/** The part of `@keelson/contract-tests` that is used here; the plugin's own copy is imported. */
type ContractTests = {
  readonly pluginSuite: unknown;
  runSuite(suite: unknown, subject: unknown, options: { readonly of: string }): Promise<{ readonly passed: boolean; readonly results: ReadonlyArray<{ readonly id: string; readonly title: string; readonly result: string; readonly message?: string; readonly reason?: string }> }>;
};

/**
 * `keelson plugin test`: the tests of a plugin's package where it has some, which hold the contract suites of its ports;
 * else the suite that every plugin passes, from the package's own `@keelson/contract-tests`.
 */
export async function pluginTest(dir: string, io: Io): Promise<number> {
  const folder = resolve(io.cwd, dir);
  const manifest = manifestOf(folder, dir);
  if (manifest.scripts?.['test'] !== undefined) {
    const { status } = spawnSync('npm', ['test'], { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' });
    return status === 0 ? EXIT.done : EXIT.failed;
  }
  const entry = entryOfFolder(folder);
  const { plugin } = await loadPlugin({ use: folder, config: {}, path: '' }, folder);
  const { pluginSuite, runSuite } = await contractTests(folder);
  const { passed, results } = await runSuite(pluginSuite, { plugin, packageJson: manifest, ...(entry === undefined ? {} : { main: pathToFileURL(entry) }) }, { of: manifest.name ?? dir });
  for (const { id, title, result, message, reason } of results) io.stdout.write(`${result.padEnd(7)} ${id} ${title}${message === undefined ? '' : `: ${message}`}${reason === undefined ? '' : ` (${reason})`}\n`);
  io.stdout.write(`${results.filter(({ result }) => result === 'passed').length} passed, ${results.filter(({ result }) => result === 'failed').length} failed, ${results.filter(({ result }) => result === 'skipped').length} skipped\n`);
  return passed ? EXIT.done : EXIT.failed;
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
