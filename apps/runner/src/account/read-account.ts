import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { accountSchema, schemaFaults, type AccountConfig } from '@keelson/core/config';
import { ConfigError, isKeelsonError, messageOf, type KeelsonError } from '@keelson/core/errors';
import { AccountDocument } from './account-document.js';
import { Secrets } from './secrets.js';
import { tightenByEnvironment, withTightened } from './tighten-by-environment.js';

export type AccountRequest = {
  /** As written on the command line. */
  readonly file: string;
  /** `path=value` each. */
  readonly settings: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Takes the secrets that are met. */
  readonly secrets?: Secrets;
};

/** What an account file holds, as far as it could be read, and everything that is wrong with it. */
export type AccountReading = {
  readonly document: AccountDocument;
  /** Folder of the file: relative paths in it start here. */
  readonly baseDir: string;
  /** The file as it stands, and below it what the command line and the environment changed. */
  readonly text: string;
  /** The whole path of the file. */
  readonly path: string;
  /** After `--set`, the environment and what it tightens, before defaults; undefined when the YAML cannot be read. */
  readonly value: unknown;
  /** Undefined when there are faults of the schema. */
  readonly config: AccountConfig | undefined;
  /** Not placed yet: see {@link placeFaults}. */
  readonly faults: readonly KeelsonError[];
  readonly secrets: Secrets;
};

const LARGEST_BYTES = 4 * 1024 * 1024;

/**
 * Reads an account file: YAML, then `--set`, then the environment, then the schema; collects the faults of all.
 * What the environment tightens comes last.
 * @throws ConfigError `CFG_FILE` when there is no text to look at
 */
export function readAccount(request: AccountRequest): AccountReading {
  const path = resolve(request.cwd, request.file);
  const text = readText(path, request.file);
  const { secrets = new Secrets() } = request;
  const document = new AccountDocument(shownName(path, request), text);
  const changes = request.settings.map((setting) => `# --set ${setting}\n`);
  const base = { document, baseDir: dirname(path), path, secrets, text: withChanges(text, changes) };
  const syntax = document.syntaxFaults();
  if (!document.readable) return { ...base, value: undefined, config: undefined, faults: syntax };

  const settings = request.settings.flatMap((setting) => document.set(setting));
  const environment = document.fillIn(request.env, secrets);
  let value: unknown;
  try {
    value = document.value();
  } catch (error) {
    if (!isKeelsonError(error)) throw error;
    const known = environment.some(({ code }) => code === 'CFG_YAML'); // an alias without anchor, with its place
    return { ...base, value: undefined, config: undefined, faults: [...syntax, ...settings, ...environment, ...(known ? [] : [error])] };
  }
  let result = accountSchema.safeParse(value ?? undefined);
  const limits = result.success ? tightenByEnvironment(result.data, request.env) : { tightened: [], faults: [] };
  if (limits.tightened.length > 0) {
    value = withTightened(value, limits.tightened);
    result = accountSchema.safeParse(value);
  }
  // what could not be filled in has no value to judge
  const blamed = new Set(environment.map((fault) => fault.context['path']));
  const schema = result.success ? [] : schemaFaults('CFG_TYPE', '', result.error.issues, value ?? undefined, accountSchema).filter((fault) => !blamed.has(fault.context['path']));
  const shown = withChanges(base.text, limits.tightened.map(({ name, value: limit }) => `# ${name}=${limit} in the environment\n`));
  return { ...base, text: shown, value, config: result.data, faults: [...syntax, ...settings, ...environment, ...limits.faults, ...(value === null ? [emptyFile()] : schema)] };
}

/** The file as it stands, and what was changed from outside as comments below it. */
function withChanges(text: string, changes: readonly string[]): string {
  return changes.length === 0 ? text : `${text.replace(/\n*$/, '\n')}\n${changes.join('')}`;
}

const emptyFile = (): KeelsonError => new ConfigError('CFG_FILE', 'the account file was empty, expected an account', { hint: 'run "keelson init" for one to start from', context: { path: '' } });

/** Short where the file lies under the working folder. */
function shownName(path: string, request: AccountRequest): string {
  const short = relative(request.cwd, path);
  return short.startsWith('..') || short === '' ? request.file : short;
}

function readText(path: string, shown: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const found = code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder' : code === 'EACCES' ? 'may not be read' : `cannot be read (${messageOf(error)})`;
    const hint = code === 'ENOENT' ? 'check the path, or run "keelson init" for a new account' : code === 'EISDIR' ? `name a file in it, such as ${shown.replace(/\/$/, '')}/account.yaml` : 'check the path and its permissions';
    throw new ConfigError('CFG_FILE', `${shown} ${found}, expected an account file`, { hint, cause: error });
  }
  if (bytes.length > LARGEST_BYTES) throw new ConfigError('CFG_FILE', `${shown} was ${bytes.length} bytes, expected an account file of at most ${LARGEST_BYTES}`, { hint: 'name the account file, not its data' });
  try {
    if (bytes.includes(0)) throw new TypeError('zero bytes');
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ConfigError('CFG_FILE', `${shown} was not text in UTF-8, expected an account file in YAML`, { hint: 'name the account file, or save it as UTF-8', cause: error });
  }
}
