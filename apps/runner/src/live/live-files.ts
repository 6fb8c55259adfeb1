import { resolve } from 'node:path';
import type { AccountConfig } from '@keelson/core/config';

/** Where an account on paper or live keeps what outlasts its process. */
export type LiveFiles = {
  readonly journal: string;
  readonly lock: string;
  /** Folder of commands that wait to be obeyed. */
  readonly control: string;
};

type Named = Pick<AccountConfig, 'account' | 'mode' | 'journal'> & { readonly data?: { readonly speed?: unknown } };

/** On paper and live everything is written down: the journal that an account names, or else the shipped one. */
export function journalOf(config: Named): NonNullable<AccountConfig['journal']> {
  const { use = 'sqlite', config: settings = {} } = config.journal ?? {};
  return use === 'sqlite' && settings['path'] === undefined ? { use, config: { ...settings, path: defaultPath(config) } } : { use, config: settings };
}

/** The journal's file, and lock and commands beside it. */
export function liveFilesOf(config: Named, baseDir: string): LiveFiles {
  const { path } = journalOf(config).config;
  const journal = resolve(baseDir, typeof path === 'string' ? path : defaultPath(config));
  return { journal, lock: `${journal}.lock`, control: `${journal}.control` };
}

/** What was traded on paper, or on bars of the past, is not to be taken for what was traded for real. */
function defaultPath({ account, mode, data }: Named): string {
  const kind = mode === 'live' ? '' : data?.speed === undefined ? '.paper' : '.played';
  return `${account}${kind}.journal.db`;
}
