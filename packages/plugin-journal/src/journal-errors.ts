import { basename } from 'node:path';
import { KeelsonError, isKeelsonError, messageOf } from '@keelson/core/errors';
import type { Damage } from './chain.js';

const DAMAGED = /^SQLITE_(CORRUPT|FORMAT)/;

/** True for what SQLite says of a file whose pages cannot be read. */
export function isCorruption(thrown: unknown): boolean {
  return DAMAGED.test(codeOf(thrown)) || /malformed/.test(messageOf(thrown));
}

/** What SQLite or the file system threw, as a fault of the journal at `path`. */
export function journalError(path: string, thrown: unknown): KeelsonError {
  if (isKeelsonError(thrown)) return thrown;
  const file = basename(path);
  const code = codeOf(thrown);
  const details = { context: { path }, cause: thrown };
  if (code === 'SQLITE_NOTADB') return new KeelsonError('JRN_FOREIGN', `${file} is no SQLite file, expected a journal that Keelson wrote`, { ...details, hint: 'name another path' });
  if (isCorruption(thrown)) return new KeelsonError('JRN_DAMAGED', `${file} cannot be read by SQLite (${messageOf(thrown)}), expected whole pages`, { ...details, hint: advice(path) });
  const [found, hint] = reasonOf(code, thrown);
  return new KeelsonError('JRN_WRITE', `${file} could not be written (${found}), expected room for every record`, { ...details, hint });
}

export function damageError(path: string, damage: Damage, more = ''): KeelsonError {
  return new KeelsonError('JRN_DAMAGED', `${basename(path)}: ${damage.found}${more}, expected an unbroken chain`, { hint: advice(path), context: { path, sequence: damage.sequence } });
}

export function foreignError(path: string, found: string, expected: string, hint: string): KeelsonError {
  return new KeelsonError('JRN_FOREIGN', `${basename(path)} ${found}, expected ${expected}`, { hint, context: { path } });
}

function advice(path: string): string {
  return `keep the file; "keelson journal verify ${basename(path)}" says where it is damaged. To go on, compare orders and positions at the venue by hand, then move the file aside: the account begins a new journal`;
}

function reasonOf(code: string, thrown: unknown): readonly [found: string, hint: string] {
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') return ['disk full', 'make room'];
  if (code.startsWith('SQLITE_READONLY') || code === 'EACCES' || code === 'EROFS') return ['it is read-only', 'give this user the right to write it and its folder'];
  if (code.startsWith('SQLITE_CANTOPEN') || code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' || /directory does not exist/.test(messageOf(thrown))) return ['it cannot be opened', 'name a file in an existing folder that this user may write'];
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED') || code.startsWith('SQLITE_CONSTRAINT')) return ['another process writes it', 'stop the other process of this account'];
  return [messageOf(thrown), 'look at the disk'];
}

function codeOf(thrown: unknown): string {
  const code = (thrown as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : '';
}
