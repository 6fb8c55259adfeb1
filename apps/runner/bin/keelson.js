#!/usr/bin/env node
import { existsSync } from 'node:fs';

if (existsSync(new URL('../dist/main.js', import.meta.url))) {
  const { main } = await import('../dist/main.js');
  process.exitCode = await main(process.argv.slice(2));
} else {
  console.error('RUN_OUTPUT: keelson is not built, expected apps/runner/dist: run "npm run build"');
  process.exitCode = 1;
}
