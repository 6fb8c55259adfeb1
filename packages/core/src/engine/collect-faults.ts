import { ConfigError, KeelsonError, KeelsonErrors, isKeelsonError, messageOf } from '../errors.js';

/** Runs a step; what it throws is collected, so that one fault does not hide the next. */
export function collect<T>(faults: KeelsonError[], where: string, run: () => T): T | undefined {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof KeelsonErrors) faults.push(...thrown.errors.map((error) => placed(error, where)));
    else if (isKeelsonError(thrown)) faults.push(placed(thrown, where));
    else faults.push(new ConfigError('CFG_TYPE', `${where} could not be made: ${messageOf(thrown)}`, { hint: 'correct its settings, or mend the plugin', context: { path: where }, cause: thrown }));
    return undefined;
  }
}

/** The error with the place in the account file that it comes from, unless it names one itself. */
function placed(error: KeelsonError, path: string): KeelsonError {
  if (error.context['path'] !== undefined) return error;
  return new KeelsonError(error.code, error.message, { hint: error.hint, context: { ...error.context, path }, cause: error, retry: error.retry });
}
