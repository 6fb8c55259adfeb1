// @ts-check
/**
 * The way of a plugin's author and of a user, for real: a registry of its own, all packages published to it, a plugin
 * scaffolded, tested and published, and then both installed in an empty folder and an account run. Nothing is written
 * into the checkout; third-party packages come through the registry that npm is configured with.
 *
 * Install scripts are not run (`--ignore-scripts`): a backtest needs no native module, so nothing has to be compiled.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { filesIn, mapsWithoutSources } from './maps-without-sources.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const PLUGIN = 'keelson-plugin-range-break';
/** Of `@keelson/core` with everything that it installs. */
const CORE_LIMIT_BYTES = 3_000_000;
const started = Date.now();
let checks = 0;

/** @param {unknown} holds @param {string} what */
function check(holds, what) {
  if (!holds) throw new Error(`not so: ${what}`);
  checks++;
  console.log(`ok ${checks} ${what} (${((Date.now() - started) / 1000).toFixed(0)} s)`);
}

/** @param {string} command @param {readonly string[]} args @param {string} cwd @param {NodeJS.ProcessEnv} env */
function run(command, args, cwd, env) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status} in ${cwd}\n${stdout}\n${stderr}${error?.message ?? ''}`);
  return stdout;
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Bytes of all files below a folder. @param {string} folder @returns {number} */
function sizeOf(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((sum, name) => {
    const found = statSync(join(folder, name));
    return sum + (found.isFile() ? found.size : 0);
  }, 0);
}

/** Settings of npm that point at the registry, and at nothing of the user's. @param {string} work @param {string} registry @returns {NodeJS.ProcessEnv} */
function environment(work, registry) {
  const npmrc = join(work, 'npmrc');
  writeFileSync(npmrc, `registry=${registry}\n${registry.replace(/^http:/, '')}:_authToken=local\nfund=false\naudit=false\nupdate-notifier=false\n`);
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_config_/i.test(name) && !/^(npm_|INIT_CWD)/.test(name));
  return { ...Object.fromEntries(kept), NPM_CONFIG_USERCONFIG: npmrc, npm_config_registry: registry, npm_config_cache: join(work, 'cache'), npm_config_ignore_scripts: 'true', CI: 'true' };
}

/** Names of what a published package holds that nobody needs. @param {string} folder @returns {string[]} */
function strayFiles(folder) {
  return [...filesIn(folder).filter((name) => /\.test\.|_test\.js|\.tsbuildinfo$|(^|\/)testing\/|\.env$/.test(name)), ...mapsWithoutSources(folder)];
}

/** @param {string} work */
async function journey(work) {
  const upstream = run('npm', ['config', 'get', 'registry'], root, process.env).trim();
  const port = await freePort();
  const registry = `http://127.0.0.1:${port}/`;
  const rule = (/** @type {string} */ pattern, /** @type {string} */ proxy) => `  '${pattern}':\n    access: $all\n    publish: $all\n${proxy}`;
  writeFileSync(
    join(work, 'verdaccio.yaml'),
    `storage: ${join(work, 'storage')}\nuplinks:\n  configured:\n    url: ${upstream}\n    timeout: 60s\npackages:\n${rule('@keelson/*', '')}${rule(PLUGIN, '')}${rule('**', '    proxy: configured\n')}max_body_size: 50mb\nlog: { type: stdout, format: json, level: error }\nweb: { enable: false }\n`,
  );
  const env = environment(work, registry);
  const server = spawn(process.execPath, [join(root, 'node_modules/verdaccio/bin/verdaccio'), '--config', join(work, 'verdaccio.yaml'), '--listen', `127.0.0.1:${port}`], { cwd: work, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  server.stderr.on('data', (part) => (complaints += String(part)));
  try {
    for (let attempt = 0; ; attempt++) {
      if (server.exitCode !== null || attempt > 300) throw new Error(`the registry did not start\n${complaints}`);
      if (await fetch(`${registry}-/ping`).then((answer) => answer.ok, () => false)) break;
      await pause(100);
    }
    check(true, 'a registry answers on this machine');
    travel(work, env);
  } finally {
    server.kill();
  }
}

/** @param {string} work @param {NodeJS.ProcessEnv} env */
function travel(work, env) {
  const before = run('git', ['status', '--porcelain'], root, process.env);
  run(process.execPath, [join(root, 'node_modules/@changesets/cli/bin.js'), 'publish', '--no-git-tag'], root, env);
  const names = ['packages', 'apps'].flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name, 'package.json'))).filter((file) => existsSync(file)).map((file) => JSON.parse(readFileSync(file, 'utf8'))).filter((manifest) => manifest.private !== true);
  for (const { name, version } of names) run('npm', ['view', `${name}@${version}`, 'version'], work, env);
  check(names.length > 8, `${names.length} packages are published`);
  check(run('git', ['status', '--porcelain'], root, process.env) === before, 'the checkout is as it was');

  const lean = folder(work, 'core-alone');
  run('npm', ['install', '@keelson/core'], lean, env);
  const bytes = sizeOf(join(lean, 'node_modules'));
  check(bytes < CORE_LIMIT_BYTES, `@keelson/core takes ${(bytes / 1e6).toFixed(2)} MB with all that it installs, less than ${CORE_LIMIT_BYTES / 1e6} MB`);
  const subpaths = importAlone(lean, env);
  check(!existsSync(join(lean, 'node_modules/zod')) && !existsSync(join(lean, 'node_modules/@types')), `and needs no zod and no other types: ${subpaths} subpaths load, and compile without skipLibCheck`);

  const author = folder(work, 'author');
  run('npm', ['install', '@keelson/runner'], author, env);
  check(existsSync(join(author, 'node_modules/.bin/keelson')), `@keelson/runner is installed, ${(sizeOf(join(author, 'node_modules')) / 1e6).toFixed(0)} MB with all dependencies`);
  const installed = readdirSync(join(author, 'node_modules/@keelson'));
  const stray = installed.flatMap((name) => strayFiles(join(author, 'node_modules/@keelson', name)).map((file) => `${name}/${file}`));
  check(stray.length === 0, `${installed.length} installed packages hold no tests, no maps without sources, no stray files ${stray.slice(0, 5).join(' ')}`);

  run('npx', ['--no-install', 'keelson', 'plugin', 'new', 'strategy', PLUGIN], author, env);
  const plugin = join(author, PLUGIN);
  run('npm', ['install'], plugin, env);
  run('npm', ['run', 'lint'], plugin, env);
  const tested = run('npx', ['--no-install', 'keelson', 'plugin', 'test', PLUGIN], author, env);
  const [, passed = '0'] = /# pass (\d+)/.exec(tested) ?? [];
  check(Number(passed) > 20 && /PLG-\d+/.test(tested) && /# fail 0/.test(tested), `a scaffolded plugin builds, lints and passes ${passed} tests of its contract and its own`);
  run('npm', ['run', 'version'], plugin, env);
  run('npm', ['run', 'build'], plugin, env);
  run('npm', ['run', 'release', '--', '--no-git-tag'], plugin, env);
  check(run('npm', ['view', PLUGIN, 'version'], work, env).trim() === '0.1.0', `${PLUGIN} 0.1.0 is published`);

  const user = folder(work, 'user');
  run('npm', ['install', '@keelson/runner', PLUGIN], user, env);
  check(strayFiles(join(user, 'node_modules', PLUGIN)).length === 0, 'the published plugin holds no tests and no stray files');
  const keelson = (/** @type {string[]} */ ...words) => run('npx', ['--no-install', 'keelson', ...words], user, env);
  const { plugins } = /** @type {{ plugins: { name: string, version: string, compatible: boolean }[] }} */ (JSON.parse(keelson('plugin', 'list', '--json')));
  check(plugins.some(({ name, version, compatible }) => name === PLUGIN && version === '0.1.0' && compatible), 'a user finds it in keelson plugin list, and compatible');
  keelson('init', 'my-account');
  keelson('plugin', 'add', PLUGIN, '--account', 'my-account/account.yaml');
  const result = JSON.parse(keelson('backtest', 'my-account/account.yaml', '--set', 'strategies=[{ use: range-break }]', '--json'));
  check(result.schema === 'keelson.backtest/1' && result.trades.length > 0, `an account trades with it: ${result.bars} bars, ${result.trades.length} trades, ${result.ordersHash}`);
  check(!existsSync(join(user, 'node_modules/better-sqlite3/build')), 'and no native module was compiled for it');
}

/**
 * Loads and compiles every public subpath of core in a folder where nothing else is installed.
 * @param {string} place @param {NodeJS.ProcessEnv} env
 * @returns {number} how many there are
 */
function importAlone(place, env) {
  const { exports } = /** @type {{ exports: Record<string, unknown> }} */ (JSON.parse(readFileSync(join(place, 'node_modules/@keelson/core/package.json'), 'utf8')));
  const names = Object.keys(exports).filter((subpath) => !subpath.endsWith('.json')).map((subpath) => `@keelson/core${subpath.slice(1)}`);
  const lines = names.map((name, index) => `export * as part${index} from '${name}';`);
  // shows that the types of the schemas arrive, and not any
  lines.push(`import type { AccountConfig } from '@keelson/core/config';`, `export const cash: AccountConfig['initialCash'] = 1;`, '// @ts-expect-error text is no cash', `export const text: AccountConfig['initialCash'] = '1';`);
  writeFileSync(join(place, 'all.mts'), `${lines.join('\n')}\n`);
  const options = ['--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--module', 'nodenext', '--declaration'];
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options, 'all.mts'], place, env);
  run(process.execPath, ['all.mjs'], place, env);
  return names.length;
}

/** @param {string} work @param {string} name @returns {string} an empty project */
function folder(work, name) {
  const path = join(work, name);
  mkdirSync(path);
  writeFileSync(join(path, 'package.json'), `${JSON.stringify({ name, private: true, version: '1.0.0' })}\n`);
  return path;
}

const work = mkdtempSync(join(tmpdir(), 'keelson-journey-'));
try {
  await journey(work);
  console.log(`registry journey: ${checks} checks passed in ${((Date.now() - started) / 1000).toFixed(0)} s`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log(`registry journey: FAILED after ${checks} checks`);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
