import { InvariantError, isKeelsonError, KeelsonError, messageOf, type ErrorCode } from '@keelson/core/errors';
import type { Output } from '../io.js';

/** Exit statuses of the command. */
export const EXIT = { done: 0, failed: 1, usage: 2, halted: 3 } as const;

/** Faults of what was asked for, not of the run: nothing was started, or nothing could be read. */
const CONFIGURATION = /^(CFG_|PLG_|DATA_|FEA_|JRN_FOREIGN|JRN_DRIVER)/;
const WHILE_RUNNING: readonly ErrorCode[] = ['PLG_LIFECYCLE', 'DATA_FEED', 'FEA_THREW'];

/** 2 for faults of configuration, usage and data files, 3 for a risk halt, 1 for everything else. */
export function exitStatusOf(errors: readonly KeelsonError[]): number {
  if (errors.some((error) => error.code === 'HALT_RISK')) return EXIT.halted;
  return errors.every((error) => CONFIGURATION.test(error.code) && !WHILE_RUNNING.includes(error.code)) ? EXIT.usage : EXIT.failed;
}

/** Whatever was thrown, as a list of errors with codes. */
export function errorsOf(thrown: unknown): readonly KeelsonError[] {
  const many = (thrown as { readonly errors?: unknown } | null)?.errors;
  if (isKeelsonError(thrown) && Array.isArray(many) && many.every(isKeelsonError)) return many;
  if (isKeelsonError(thrown)) return [thrown];
  return [new InvariantError(`${messageOf(thrown)}, expected no such failure`, { hint: 'run it again with --debug and report what it prints', cause: thrown })];
}

/** One line each; with `debug` also stacks and causes. */
export function printErrors(errors: readonly KeelsonError[], output: Output, debug: boolean): void {
  for (const error of errors) {
    output.write(`${error.line}\n`);
    if (debug) output.write(stacks(error));
  }
}

function stacks(error: unknown): string {
  let text = '';
  for (let thrown = error, depth = 0; thrown !== undefined && thrown !== null && depth < 5; depth++) {
    const stack = thrown instanceof Error || isKeelsonError(thrown) ? (thrown.stack ?? thrown.message) : messageOf(thrown);
    text += `${depth === 0 ? '' : 'caused by '}${stack}\n`.replace(/^/gm, '  ').trimEnd() + '\n';
    thrown = (thrown as { readonly cause?: unknown }).cause;
  }
  return text;
}
