import { ConfigError, KeelsonErrors, isKeelsonError, messageOf, type KeelsonError } from '../errors.js';

/** Runs a step; what it throws is collected, so that one fault does not hide the next. */
export function collect<T>(faults: KeelsonError[], where: string, run: () => T): T | undefined {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof KeelsonErrors) faults.push(...thrown.errors);
    else if (isKeelsonError(thrown)) faults.push(thrown);
    else faults.push(new ConfigError('CFG_TYPE', `${where} could not be made: ${messageOf(thrown)}`, { hint: 'correct its settings, or mend the plugin', cause: thrown }));
    return undefined;
  }
}
