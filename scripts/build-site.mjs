// @ts-check
/**
 * Builds the documentation as a site: the pages of docs/ as they stand, and an API reference made of the code. All of
 * it happens in a folder of its own, so that docs/ holds only what people wrote. A link that leads nowhere fails it.
 *
 *   node scripts/build-site.mjs [OUT]      default: .tmp/site
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stage = join(root, '.tmp', 'site-pages');
const out = resolve(process.argv[2] ?? join(root, '.tmp', 'site'));

/** @param {string} tool @param {readonly string[]} args */
function run(tool, args) {
  const { status, error } = spawnSync(process.execPath, [join(root, 'node_modules', tool), ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`${tool} failed${error === undefined ? '' : `: ${error.message}`}`);
    process.exit(1);
  }
}

rmSync(stage, { recursive: true, force: true });
mkdirSync(stage, { recursive: true });
cpSync(join(root, 'docs'), stage, { recursive: true, filter: (path) => !/\.ts$/.test(path) || path.includes('.vitepress') });
// what a plugin imports: core, and the suites with their fakes
run('typedoc/bin/typedoc', ['--options', join(root, 'docs', 'typedoc.json'), '--out', join(stage, 'api')]);
run('typedoc/bin/typedoc', ['--options', join(root, 'docs', 'typedoc.contract-tests.json'), '--out', join(stage, 'api', 'contract-tests')]);
run('vitepress/bin/vitepress.js', ['build', stage, '--outDir', out]);
console.log(`the site is in ${out}`);
