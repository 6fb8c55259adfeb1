/** How a caller may go on after an error. */
export type Retry = 'safe' | 'never' | 'reconcile-first';

/**
 * Every code that Keelson can report, with what it means. The docs' error page and this table are
 * held equal by a test.
 */
export const ERROR_CODES = {
  // configuration (exit 2)
  CFG_FILE: 'the account file cannot be read',
  CFG_YAML: 'the account file is not valid YAML',
  CFG_UNKNOWN_KEY: 'a key that the schema does not know',
  CFG_TYPE: 'a value of the wrong type or out of range',
  CFG_MISSING: 'a required value is absent',
  CFG_SECRET: 'a secret stands literally in the file',
  CFG_ENV: 'an environment variable without default is not set, or cannot be read',
  CFG_CONFLICT: 'two settings contradict each other',
  CFG_REFERENCE: 'a name that nothing provides',
  CFG_USAGE: 'the command line is wrong',
  // plugins (exit 2)
  PLG_MISSING: 'a plugin cannot be found',
  PLG_MANIFEST: 'a plugin has no valid manifest',
  PLG_API: 'a plugin needs another version of the plugin API',
  PLG_DUPLICATE: 'two plugins provide the same id',
  PLG_PROVIDES: 'a plugin provides other ports than it declares, or something that does not fit its port',
  PLG_CONFIG: 'a plugin refuses its configuration',
  PLG_LIFECYCLE: 'a plugin failed to start or stop',
  // data (exit 2 at load, 1 while running)
  DATA_MISSING: 'a data file does not exist',
  DATA_EMPTY: 'a data file holds no bars',
  DATA_FORMAT: 'a data file cannot be read as what it should be',
  DATA_COLUMNS: 'a data file lacks a column',
  DATA_TIME: 'a timestamp cannot be read, or its zone is ambiguous',
  DATA_ORDER: 'bars do not ascend in time',
  DATA_QUALITY: 'the quality gate found faults',
  DATA_FEED: 'a data feed failed while running',
  DATA_STORE: 'a store of bars cannot be used',
  // strategies and features
  STR_THREW: 'a strategy threw',
  STR_ASYNC: 'a strategy returned a promise',
  STR_SIGNAL: 'a strategy gave a signal that cannot be used',
  FEA_UNKNOWN: 'a feature that no plugin provides',
  FEA_PARAMS: 'a feature refuses its parameters',
  FEA_THREW: 'a feature threw',
  FEA_TIMEFRAME: 'a timeframe that the account cannot build',
  FEA_UNAVAILABLE: 'a feature needs data that the feed lacks',
  // brokers
  BRK_REJECTED: 'the venue refused an order',
  BRK_MARGIN: 'the venue refused an order for lack of margin',
  BRK_CONNECTION: 'the connection to the venue failed',
  BRK_UNKNOWN_ORDER: 'an order that the venue does not know',
  BRK_UNSUPPORTED: 'the broker cannot do what was asked',
  BRK_OUTCOME_UNKNOWN: 'the outcome of a submit is not known',
  // advisors
  ADV_FAILED: 'an advisor failed; its influence is neutral',
  // journal and replay
  JRN_DRIVER: 'the SQLite driver is not installed',
  JRN_WRITE: 'the journal cannot be written',
  JRN_DAMAGED: 'a journal is damaged',
  JRN_PROFIT: 'the books of a journal differ from its executions',
  JRN_FOREIGN: 'a journal belongs to another account, or a newer version wrote it',
  RPL_DIFFERENCE: 'a replay decided otherwise than its journal',
  // running
  RUN_ABSENT: 'no process runs the account',
  RUN_INTERRUPTED: 'the run was stopped before its end',
  RUN_LOCKED: 'another process runs the account',
  RUN_OUTPUT: 'a result could not be written',
  RUN_TIMEOUT: 'something outside did not answer in time',
  HALT_RISK: 'a risk limit halted the account',
  // analyses (exit 1)
  ANA_LOOKAHEAD: 'a component of an account knew what came later',
  ANA_NOTHING: 'an analysis had nothing to compare',
  ANA_UNSTEADY: 'a component of an account gives other values on the same data',
  ANA_START: 'a feature depends on where the data begins',
  CHS_LAW: 'a law broke while an account ran under faults',
  INV_BROKEN: 'an invariant of the kernel broke: a fault in Keelson or a plugin',
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** What an error carries besides its message. */
export type ErrorDetails = {
  /** What to do about it, imperative: `lower fast or raise slow`. */
  readonly hint?: string | undefined;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
  readonly retry?: Retry;
};

const MARKER = Symbol.for('keelson.error');

/**
 * Base of all errors that Keelson throws on purpose. The message says what was found and expected,
 * the hint what to do. Recognise one with {@link isKeelsonError}: `instanceof` fails across two
 * copies of the package.
 */
export class KeelsonError extends Error {
  readonly [MARKER] = true;
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly context: Readonly<Record<string, unknown>>;
  readonly retry: Retry;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = details.hint;
    this.context = details.context ?? {};
    this.retry = details.retry ?? 'never';
  }

  /** One line for people: `CODE: found, expected: do`. */
  get line(): string {
    const text = this.hint === undefined ? this.message : `${this.message}: ${this.hint}`;
    return `${this.code}: ${text.replace(/\s*\n\s*/g, ' ')}`;
  }
}

/** The account file, the command line or the environment is wrong. */
export class ConfigError extends KeelsonError {}
/** A plugin is missing, incompatible or broke its contract. */
export class PluginError extends KeelsonError {}
/** Market data cannot be used. */
export class DataError extends KeelsonError {}
/** A venue or the connection to it failed. */
export class BrokerError extends KeelsonError {}
/** A language model or other advisor failed; trading goes on without it. */
export class AdvisorError extends KeelsonError {}
/** Something that must hold did not: a fault in the code, not in the configuration. */
export class InvariantError extends KeelsonError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('INV_BROKEN', message, details);
  }
}

/** Several faults found in one pass; each is reported on its own line. */
export class KeelsonErrors extends KeelsonError {
  constructor(readonly errors: readonly KeelsonError[]) {
    super(errors[0]?.code ?? 'INV_BROKEN', errors.map((error) => error.line).join('\n'));
  }
}

/** True for an error of this family, also one from another copy of the package. */
export function isKeelsonError(error: unknown): error is KeelsonError {
  return typeof error === 'object' && error !== null && (error as Record<symbol, unknown>)[MARKER] === true;
}

/** Text of anything that was thrown. Never throws itself: an object without a prototype has no text, and one of a plugin may refuse to give it. */
export function messageOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? `${thrown.message}` : String(thrown);
  } catch {
    return 'something without a text';
  }
}
