#!/usr/bin/env node
import { main } from '../dist/index.js';
import { machine } from './machine.js';

const ended = new Promise((resolve) => {
  process.once('SIGINT', resolve);
  process.once('SIGTERM', resolve);
});

process.exitCode = await main(process.argv.slice(2), {
  host: machine,
  out: (line) => console.log(line),
  error: (line) => console.error(line),
  ended,
});
