#!/usr/bin/env node
import { Console } from 'node:console';
import { existsSync } from 'node:fs';

if (existsSync(new URL('../dist/main.js', import.meta.url))) {
  const [{ main }, { processIo }] = await Promise.all([import('../dist/main.js'), import('../dist/io.js')]);
  const io = processIo();
  // stdout holds results only: what a plugin prints goes to stderr
  globalThis.console = new Console(process.stderr, process.stderr);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  process.exitCode = await main(process.argv.slice(2), io);
} else {
  console.error('RUN_OUTPUT: keelson is not built, expected apps/runner/dist: run "npm run build"');
  process.exitCode = 1;
}
