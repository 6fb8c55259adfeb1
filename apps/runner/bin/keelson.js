#!/usr/bin/env node
import { Console } from 'node:console';
import { existsSync } from 'node:fs';

if (existsSync(new URL('../dist/main.js', import.meta.url))) {
  // stdout holds results only: what a plugin writes to the console goes to stderr
  globalThis.console = new Console(process.stderr, process.stderr);
  const { main } = await import('../dist/main.js');
  process.exitCode = await main(process.argv.slice(2));
} else {
  console.error('RUN_OUTPUT: keelson is not built, expected apps/runner/dist: run "npm run build"');
  process.exitCode = 1;
}
