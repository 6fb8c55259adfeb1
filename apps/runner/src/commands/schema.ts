import { inspectPlugins } from '@keelson/core/engine';
import { KeelsonErrors } from '@keelson/core/errors';
import { placeFaults } from '../account/place-faults.js';
import { readAccount } from '../account/read-account.js';
import type { Secrets } from '../account/secrets.js';
import type { Io } from '../io.js';
import { silentLogger } from '../logger.js';
import { EXIT } from '../output/report-errors.js';
import { loadPlugins, pluginRequestsOf } from '../plugins/load-plugins.js';
import { accountJsonSchema } from '../schema/account-json-schema.js';

/** `keelson schema`: JSON Schema of the account file, with the components of the shipped plugins and of an account's own. */
export async function schema(file: string | undefined, io: Io, secrets: Secrets): Promise<number> {
  const reading = file === undefined ? undefined : readAccount({ file, settings: [], env: io.env, cwd: io.cwd, secrets });
  const { plugins, faults } = await loadPlugins(pluginRequestsOf(reading?.value), reading?.baseDir ?? io.cwd);
  if (faults.length > 0) throw new KeelsonErrors(reading === undefined ? faults : placeFaults(faults, reading.document));
  const configs = plugins.flatMap(({ plugin }) => (plugin.config === undefined ? [] : [{ name: plugin.name, config: plugin.config }]));
  io.stdout.write(`${JSON.stringify(accountJsonSchema(inspectPlugins(plugins, silentLogger), configs), null, 2)}\n`);
  return EXIT.done;
}
