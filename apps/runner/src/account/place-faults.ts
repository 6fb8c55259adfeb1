import { ConfigError, KeelsonError, PluginError } from '@keelson/core/errors';
import type { AccountDocument, Position } from './account-document.js';

type Placed = { readonly error: KeelsonError; readonly position: Position | undefined };

/** Puts file, line and column before each message that names a place in the account file; sorted by line. */
export function placeFaults(faults: readonly KeelsonError[], document: AccountDocument): KeelsonError[] {
  const seen = new Set<string>();
  return faults
    .map((error) => place(error, document))
    .filter(({ error }) => !seen.has(error.line) && seen.add(error.line))
    .sort((a, b) => lineOf(a) - lineOf(b) || columnOf(a) - columnOf(b))
    .map(({ error }) => error);
}

const lineOf = (placed: Placed): number => placed.position?.line ?? Number.MAX_SAFE_INTEGER;
const columnOf = (placed: Placed): number => placed.position?.column ?? 0;

function place(error: KeelsonError, document: AccountDocument): Placed {
  const path = error.context['path'];
  const at = error.context['at'] as Position | undefined;
  if (typeof path !== 'string' && at === undefined) return { error, position: undefined };
  const setting = typeof path === 'string' && path !== '' ? document.settingFor(path) : undefined;
  if (setting !== undefined) return { error: prefixed(error, `--set ${setting.split('=')[0] ?? ''}`), position: undefined };
  const position = at ?? document.positionOf(path as string) ?? { line: 1, column: 1 };
  return { error: prefixed(error, `${document.shown}:${position.line}:${position.column}`), position };
}

/** The same error with a place before its message. */
function prefixed(error: KeelsonError, where: string): KeelsonError {
  const kind = error.code.startsWith('CFG_') ? ConfigError : error.code.startsWith('PLG_') ? PluginError : KeelsonError;
  const details = { ...(error.hint === undefined ? {} : { hint: error.hint }), context: error.context, retry: error.retry, cause: error.cause };
  const placed = new kind(error.code, `${where}: ${error.message}`, details);
  if (error.stack !== undefined) placed.stack = error.stack;
  return placed;
}
