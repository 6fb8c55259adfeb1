import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { ConfigError, KeelsonErrors, messageOf } from '@keelson/core/errors';
import { starterFiles } from '../init/starter-files.js';
import type { Io } from '../io.js';
import { EXIT } from '../output/report-errors.js';
import { ownVersion } from '../own-version.js';

/** `keelson init`: writes a small account that runs, with a strategy of its own; overwrites nothing. */
export function init(folder: string, io: Io): number {
  const target = resolve(io.cwd, folder);
  const files = starterFiles(accountNameFor(basename(target)), ownVersion());
  const taken = Object.keys(files).filter((name) => existsSync(join(target, name)));
  if (taken.length > 0) {
    throw new KeelsonErrors(taken.map((name) => new ConfigError('CFG_USAGE', `${join(folder, name)} is there already, expected nothing in the way`, { hint: 'move it away, or name another folder' })));
  }
  try {
    mkdirSync(target, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(target, name), text, { flag: 'wx' });
  } catch (error) {
    throw new ConfigError('CFG_USAGE', `${folder} cannot be written (${messageOf(error)}), expected a folder of one's own`, { hint: 'name another folder', cause: error });
  }
  io.stdout.write(
    [
      `Written to ${folder === '.' ? 'this folder' : folder}: ${Object.keys(files).join(', ')}`,
      '',
      'Next:',
      ...(folder === '.' ? [] : [`  cd ${/\s/.test(folder) ? `"${folder}"` : folder}`]),
      '  npm install                                              keelson, in this folder',
      '  npx keelson backtest account.yaml                        run it',
      '  npx keelson backtest account.yaml --report report.html   look at the trades',
      '  edit my-strategy.mjs and name it under strategies: in account.yaml',
      '',
    ].join('\n'),
  );
  return EXIT.done;
}

/** A folder's name as an account's name. */
function accountNameFor(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 40) || 'my-account';
}
