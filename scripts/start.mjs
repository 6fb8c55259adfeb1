// @ts-check
/**
 * `npm start`: builds, backtests the quickstart account on generated bars, writes `report.html` and says
 * what to try next. Further arguments go to the backtest: `npm start -- --set seed=7`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const ACCOUNT = 'examples/quickstart/account.yaml';

/** @param {string} script @param {readonly string[]} args */
function run(script, args) {
  const { status } = spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(join(root, 'node_modules/typescript'))) {
  console.error('start: node_modules was not found, expected the dependencies: run npm ci first');
  process.exit(1);
}
run('node_modules/typescript/bin/tsc', ['-b']);
run('apps/runner/bin/keelson.js', ['backtest', ACCOUNT, '--report', 'report.html', ...process.argv.slice(2)]);

console.log(`
What to try next:
  open report.html                                    the report of this run, in any browser
  npx keelson backtest ${ACCOUNT} --set strategies.0.params.fast=60
  npx keelson backtest ${ACCOUNT} --json
  npx keelson init my-account                         an account of your own
  docs/README.md                                      the guide`);
