import { closeSync, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AccountConfig } from '@keelson/core/config';
import { KeelsonError, messageOf } from '@keelson/core/errors';

/** Where lines of telemetry go, and whose they are. */
export type TelemetryTarget = Pick<AccountConfig, 'account' | 'mode'> & { readonly path: string };

/** The file that an account names under `telemetry:`, or the one that its name gives. */
export function telemetryTarget({ account, mode, data, telemetry }: Pick<AccountConfig, 'account' | 'mode' | 'data' | 'telemetry'>, baseDir: string): TelemetryTarget | undefined {
  if (telemetry === undefined) return undefined;
  const kind = mode === 'live' ? '' : mode === 'backtest' ? '.backtest' : data.speed === undefined ? '.paper' : '.played';
  return { account, mode, path: resolve(baseDir, telemetry.path ?? `${account}${kind}.telemetry.jsonl`) };
}

/**
 * Opens the file to go on at its end, or to begin it anew.
 * @throws KeelsonError `RUN_OUTPUT` when it cannot be written, or holds something else
 */
export function openTelemetry(target: TelemetryTarget, begin: 'anew' | 'append'): number {
  const { path } = target;
  let file: number | undefined;
  try {
    file = openSync(path, 'a+');
    const { size } = fstatSync(file);
    if (size > 0) {
      refuseForeign(file, target);
      if (begin === 'anew') {
        closeSync(file);
        file = undefined;
        return openSync(path, 'w');
      }
      // a process that was killed may have left half a line
      if (readAt(file, size - 1, 1) !== '\n') writeSync(file, '\n');
    }
    return file;
  } catch (thrown) {
    if (file !== undefined) closeSync(file);
    throw thrown instanceof KeelsonError ? thrown : lostTelemetry(path, thrown);
  }
}

/** Looks at a file that is there, and changes nothing. @throws KeelsonError `RUN_OUTPUT` when it holds something else */
export function inspectTelemetry(target: TelemetryTarget): void {
  const { size } = statSync(target.path, { throwIfNoEntry: false }) ?? { size: 0 };
  if (size === 0) return;
  const file = openSync(target.path, 'r');
  try {
    refuseForeign(file, target);
  } finally {
    closeSync(file);
  }
}

function refuseForeign(file: number, { path, account, mode }: TelemetryTarget): void {
  const first = runOf(file);
  if (first?.account === account && first.mode === mode) return;
  const whose = first === undefined ? 'something else' : `lines of account ${first.account} with mode: ${first.mode}`;
  throw new KeelsonError('RUN_OUTPUT', `${path} holds ${whose}, expected a new file or telemetry of account ${account} with mode: ${mode}`, { hint: 'set telemetry.path to another file, or move this one away' });
}

export function lostTelemetry(path: string, cause: unknown): KeelsonError {
  return new KeelsonError('RUN_OUTPUT', `the telemetry ${path} could not be written (${messageOf(cause)}), expected a file in an existing folder with room`, { hint: 'make the folder or room, or set telemetry.path to another file', cause });
}

function runOf(file: number): { readonly account: string; readonly mode: string } | undefined {
  const [line = ''] = readAt(file, 0, 65_536).split('\n');
  try {
    const { schema, kind, account, mode } = JSON.parse(line) as Partial<Record<string, unknown>>;
    return typeof schema === 'string' && schema.startsWith('keelson.telemetry/') && kind === 'run' ? { account: String(account), mode: String(mode) } : undefined;
  } catch {
    return undefined;
  }
}

function readAt(file: number, position: number, length: number): string {
  const bytes = Buffer.alloc(length);
  return bytes.toString('utf8', 0, readSync(file, bytes, 0, length, position));
}
