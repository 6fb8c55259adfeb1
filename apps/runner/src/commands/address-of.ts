import type { AccountConfig } from '@keelson/core/config';
import { ConfigError, KeelsonErrors } from '@keelson/core/errors';
import { placeFaults } from '../account/place-faults.js';
import { readAccount } from '../account/read-account.js';
import type { Secrets } from '../account/secrets.js';
import type { Io } from '../io.js';
import { accountFilesOf, type AccountFiles } from '../live/live-files.js';

/** Where an account is spoken to from outside its process. */
export type Address = AccountFiles & Pick<AccountConfig, 'account' | 'mode'>;

/**
 * An account that was broken since its process started must still be stoppable: its name is enough.
 * @throws KeelsonErrors when no name can be read
 */
export function addressOf(file: string, settings: readonly string[], io: Io, secrets: Secrets): Address {
  const reading = readAccount({ file, settings, env: io.env, cwd: io.cwd, secrets });
  const { account, mode } = reading.config ?? ((reading.value ?? {}) as { readonly account?: unknown; readonly mode?: unknown });
  if (typeof account !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/.test(account)) {
    if (reading.faults.length > 0) throw new KeelsonErrors(placeFaults(reading.faults, reading.document));
    throw new ConfigError('CFG_FILE', `${file} names no account, expected one`, { hint: 'name the account file' });
  }
  return { account, mode: modeOf(mode), ...accountFilesOf(account, reading.baseDir) };
}

/** One that cannot be read may well trade: a command that waits harms less than one that is lost. */
function modeOf(mode: unknown): Address['mode'] {
  if (mode === undefined || mode === 'backtest') return 'backtest';
  return mode === 'live' ? 'live' : 'paper';
}
