import { join, resolve } from 'node:path';
import type { AccountConfig } from '@keelson/core/config';

/** What an account has one of, however it is run: beside its file, under its name. */
export type AccountFiles = {
  /** Names the process that runs the account. */
  readonly lock: string;
  /** Folder of commands that wait to be obeyed. */
  readonly control: string;
};

/** Where an account on paper or live keeps what outlasts its process. */
export type LiveFiles = AccountFiles & {
  readonly journal: string;
  /** Names the process that writes the journal: one that lies elsewhere may be named by accounts of other folders. */
  readonly journalLock: string;
};

type Named = Pick<AccountConfig, 'account' | 'mode' | 'journal'> & { readonly data?: { readonly speed?: unknown } };

/** On paper and live everything is written down: the journal that an account names, or else the shipped one. */
export function journalOf(config: Named): NonNullable<AccountConfig['journal']> {
  const { use = 'sqlite', config: settings = {} } = config.journal ?? {};
  return use === 'sqlite' && settings['path'] === undefined ? { use, config: { ...settings, path: defaultPath(config) } } : { use, config: settings };
}

/**
 * Lock and commands are those of the account, whatever journal, mode or speed it is run with: two processes of one
 * account would give their orders the same names.
 */
export function accountFilesOf(account: string, baseDir: string): AccountFiles {
  return { lock: join(baseDir, `${account}.run.lock`), control: join(baseDir, `${account}.control`) };
}

export function liveFilesOf(config: Named, baseDir: string): LiveFiles {
  const { path } = journalOf(config).config;
  const journal = resolve(baseDir, typeof path === 'string' ? path : defaultPath(config));
  return { ...accountFilesOf(config.account, baseDir), journal, journalLock: `${journal}.lock` };
}

/** What was traded on paper, or on bars of the past, is not to be taken for what was traded for real. */
function defaultPath({ account, mode, data }: Named): string {
  const kind = mode === 'live' ? '' : data?.speed === undefined ? '.paper' : '.played';
  return `${account}${kind}.journal.db`;
}
