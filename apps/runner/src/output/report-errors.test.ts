import { ConfigError, ERROR_CODES, KeelsonError, KeelsonErrors, type ErrorCode } from '@keelson/core/errors';
import { describe, expect, it } from 'vitest';
import { errorsOf, exitStatusOf, printErrors } from './report-errors.js';

const statusOf = (...codes: readonly ErrorCode[]): number => exitStatusOf(codes.map((code) => new KeelsonError(code, 'x')));

describe('exitStatusOf', () => {
  it('is 2 for whatever is wrong before the run, 3 for a halt and 1 for the rest', () => {
    const withStatus = (status: number): readonly string[] => (Object.keys(ERROR_CODES) as ErrorCode[]).filter((code) => statusOf(code) === status);
    expect(withStatus(3)).toEqual(['HALT_RISK']);
    expect(withStatus(1)).toEqual([
      'PLG_LIFECYCLE', 'DATA_FEED', 'STR_THREW', 'STR_ASYNC', 'STR_SIGNAL', 'FEA_THREW', 'BRK_REJECTED', 'BRK_MARGIN', 'BRK_CONNECTION', 'BRK_UNKNOWN_ORDER',
      'BRK_UNSUPPORTED', 'BRK_OUTCOME_UNKNOWN', 'ADV_FAILED', 'JRN_WRITE', 'JRN_DAMAGED', 'JRN_PROFIT', 'RPL_DIFFERENCE', 'RUN_ABSENT', 'RUN_INTERRUPTED',
      'RUN_LOCKED', 'RUN_OUTPUT', 'RUN_TIMEOUT', 'ANA_LOOKAHEAD', 'ANA_NOTHING', 'ANA_UNSTEADY', 'ANA_START', 'CHS_LAW', 'INV_BROKEN',
    ]);
  });

  it('is 1 when one of several faults is of the run', () => {
    expect(statusOf('CFG_TYPE', 'STR_THREW')).toBe(1);
    expect(statusOf('CFG_TYPE', 'PLG_MISSING')).toBe(2);
  });
});

describe('errorsOf', () => {
  it('takes many errors apart and gives a code to what has none', () => {
    const one = new ConfigError('CFG_TYPE', 'a');
    const two = new ConfigError('CFG_ENV', 'b');
    expect(errorsOf(new KeelsonErrors([one, two]))).toEqual([one, two]);
    expect(errorsOf(new TypeError('odd'))[0]?.line).toBe('INV_BROKEN: odd, expected no such failure: run it again with --debug and report what it prints');
    expect(errorsOf('text')[0]?.code).toBe('INV_BROKEN');
  });
});

describe('printErrors', () => {
  it('prints stacks and causes only for debugging', () => {
    const error = new ConfigError('CFG_FILE', 'first\nsecond', { cause: new TypeError('below') });
    const printed = (debug: boolean): string => {
      let text = '';
      printErrors([error], { write: (part) => void (text += part), isTerminal: false, columns: undefined }, debug);
      return text;
    };
    expect(printed(false)).toBe('CFG_FILE: first second\n');
    expect(printed(true)).toMatch(/^CFG_FILE: first second\n[\s\S]*\n\s+at [\s\S]*caused by TypeError: below\n[\s\S]*\n\s+at /);
  });
});
