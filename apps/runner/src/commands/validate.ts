import type { Secrets } from '../account/secrets.js';
import type { Io } from '../io.js';
import { EXIT } from '../output/report-errors.js';
import { prepareAccount, type AccountOptions } from './prepare-account.js';

/** `keelson validate`: every fault at once, or one line that says what the account is. */
export async function validate(file: string, options: AccountOptions, io: Io, secrets: Secrets): Promise<number> {
  const { config, reading } = await prepareAccount(file, options, io, secrets);
  const instruments = config.instruments.map(({ id }) => id).join(', ');
  const strategies = config.strategies.map(({ use }) => use).join(', ');
  io.stdout.write(`${reading.document.shown} is valid: account ${config.account}, ${config.mode}, ${strategies} on ${instruments}, data from ${config.data.feed}, broker ${config.broker.use}\n`);
  return EXIT.done;
}
