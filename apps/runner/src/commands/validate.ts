import { existsSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { DataError, KeelsonErrors } from '@keelson/core/errors';
import { placeFaults } from '../account/place-faults.js';
import type { Secrets } from '../account/secrets.js';
import type { Io } from '../io.js';
import { composeForMode } from '../live/compose-for-mode.js';
import { EXIT } from '../output/report-errors.js';
import { prepareWith, type AccountOptions } from './prepare-account.js';

/** `keelson validate`: every fault at once, or one line that says what the account is. */
export async function validate(file: string, options: AccountOptions, io: Io, secrets: Secrets): Promise<number> {
  const { config, reading, engine } = await prepareWith(composeForMode, file, options, io, secrets);
  // a run goes on without such a file, and warns
  const missing = engine.localFiles.filter(({ file: path }) => !existsSync(path) || !statSync(path).isFile());
  if (missing.length > 0) throw new KeelsonErrors(placeFaults(missing.map(({ file: path, at }) => new DataError('DATA_MISSING', `${at} names ${relative(reading.baseDir, path)}, which is not there, expected a file`, { hint: 'correct the path; it is relative to the account file', context: { path: at } })), reading.document));
  const instruments = config.instruments.map(({ id }) => id).join(', ');
  const strategies = config.strategies.map(({ use }) => use).join(', ');
  io.stdout.write(`${reading.document.shown} is valid: account ${config.account}, ${config.mode}, ${strategies} on ${instruments}, data from ${config.data.feed}, broker ${config.broker.use}\n`);
  return EXIT.done;
}
