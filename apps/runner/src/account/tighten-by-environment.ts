import type { AccountConfig } from '@keelson/core/config';
import { ConfigError, type KeelsonError } from '@keelson/core/errors';

type Section = Record<string, unknown>;
type Environment = Readonly<Record<string, string | undefined>>;

/** One limit that the environment may tighten. */
type Knob = {
  readonly path: readonly [string, ...string[]];
  /** Reads the variable's text; undefined when it is none of the kind. */
  readonly read: (text: string) => number | boolean | undefined;
  readonly expected: string;
  /** What the account says; undefined for no limit. */
  readonly present: (config: AccountConfig) => number | boolean | undefined;
  readonly isTighter: (value: number | boolean, present: number | boolean) => boolean;
  /** How the bound is said: `at most`, `at least`, or nothing for a switch. */
  readonly bound: string;
};

export type Tightening = { readonly name: string; readonly path: readonly [string, ...string[]]; readonly value: number | boolean };

const above = (text: string): number | undefined => (Number(text) > 0 && Number.isFinite(Number(text)) ? Number(text) : undefined);
const whole = (text: string): number | undefined => (Number.isSafeInteger(Number(text)) && Number(text) >= 1 ? Number(text) : undefined);
const fraction = (text: string): number | undefined => (Number(text) > 0 && Number(text) <= 1 ? Number(text) : undefined);
const share = (text: string): number | undefined => (Number(text) >= 0 && Number(text) <= 1 ? Number(text) : undefined);
const truth = (text: string): boolean | undefined => (/^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined);

type Risk = AccountConfig['risk'];
type RiskNumber = { [K in keyof Risk]-?: Risk[K] extends number | undefined ? K : never }[keyof Risk];

const ceiling = (key: RiskNumber, read: (text: string) => number | undefined, expected: string, present?: Knob['present']): Knob => ({
  path: ['risk', key],
  read,
  expected,
  present: present ?? ((config) => config.risk[key]),
  isTighter: (value, limit) => value <= limit,
  bound: 'at most ',
});

/** Every variable, by its name without prefix. */
const KNOBS: Readonly<Record<string, Knob>> = {
  MAX_CONTRACTS: ceiling('maxContracts', above, 'a number above 0'),
  // without a limit of its own an order may be as large as the position
  MAX_ORDER_QUANTITY: ceiling('maxOrderQuantity', above, 'a number above 0', ({ risk }) => risk.maxOrderQuantity ?? risk.maxContracts),
  MAX_TOTAL_CONTRACTS: ceiling('maxTotalContracts', above, 'a number above 0'),
  MAX_NOTIONAL: ceiling('maxNotional', above, 'a number above 0'),
  MAX_EXPOSURE: ceiling('maxExposure', above, 'a number above 0'),
  MAX_EXPOSURE_FRACTION: ceiling('maxExposureFraction', above, 'a number above 0'),
  MAX_DAILY_LOSS: ceiling('maxDailyLoss', above, 'a number above 0'),
  MAX_DAILY_LOSS_FRACTION: ceiling('maxDailyLossFraction', fraction, 'a number above 0 and of at most 1'),
  MAX_DRAWDOWN_FRACTION: ceiling('maxDrawdownFraction', fraction, 'a number above 0 and of at most 1'),
  MAX_TRADES_PER_DAY: ceiling('maxTradesPerDay', whole, 'a whole number of at least 1'),
  MAX_OPEN_ORDERS: ceiling('maxOpenOrders', whole, 'a whole number of at least 1'),
  MAX_ORDERS_PER_MINUTE: ceiling('maxOrdersPerMinute', whole, 'a whole number of at least 1'),
  MARGIN_BUFFER: { ...ceiling('marginBuffer', share, 'a number from 0 to 1'), isTighter: (value, limit) => value >= limit, bound: 'at least ' },
  ALLOW_ORDERS: { path: ['risk', 'allowOrders'], read: truth, expected: 'true or false', present: ({ risk }) => risk.allowOrders, isTighter: (value, present) => value === false || present === true, bound: '' },
  DRY_RUN: { path: ['dryRun'], read: truth, expected: 'true or false', present: ({ dryRun }) => dryRun, isTighter: (value, present) => value === true || present === false, bound: '' },
};

/** Names of the variables, without prefix, for the docs. */
export const TIGHTENING_VARIABLES: readonly string[] = Object.keys(KNOBS);

/**
 * Limits that the environment sets: `NAME`, and `KEELSON_NAME` for an environment in which the short name means
 * something else; of both the tighter one counts. The environment can only tighten.
 *
 * @returns what it tightens, and the faults: `CFG_ENV` for a value that cannot be read, `CFG_CONFLICT` for one that would loosen
 */
export function tightenByEnvironment(config: AccountConfig, environment: Environment): { readonly tightened: readonly Tightening[]; readonly faults: readonly KeelsonError[] } {
  const tightened: Tightening[] = [];
  const faults: KeelsonError[] = [];
  for (const [short, knob] of Object.entries(KNOBS)) {
    const path = knob.path.join('.');
    const account = knob.present(config);
    let present = account;
    for (const name of [short, `KEELSON_${short}`]) {
      const text = environment[name]?.trim();
      if (text === undefined || text === '') continue;
      const value = knob.read(text);
      if (value === undefined) {
        faults.push(new ConfigError('CFG_ENV', `${name} in the environment was "${text}", expected ${knob.expected}`, { hint: `correct ${name}, or unset it`, context: { path } }));
      } else if (account !== undefined && !knob.isTighter(value, account)) {
        faults.push(new ConfigError('CFG_CONFLICT', `${name} in the environment was ${value}, expected ${knob.bound}${account}, as ${path} of the account: the environment can only tighten`, { hint: `unset ${name}, or change ${path}`, context: { path } }));
      } else if (present === undefined || knob.isTighter(value, present)) {
        present = value;
        // also an equal one: a limit of a single instrument may lie above it
        if (typeof value === 'number' || value !== account) tightened.push({ name, path: knob.path, value });
      }
    }
  }
  return { tightened, faults };
}

/** The account's values with what the environment tightens, limits of single instruments included. */
export function withTightened(value: unknown, tightened: readonly Tightening[]): unknown {
  if (tightened.length === 0) return value;
  const root = structuredClone(value) as Section;
  for (const { path, value: limit } of tightened) {
    const [first, key] = path;
    if (key === undefined) root[first] = limit;
    else {
      const section = (root[first] ??= {}) as Section;
      section[key] = limit;
      lowerInstruments(section['instruments'], key, limit);
    }
  }
  const risk = root['risk'] as Section | undefined;
  if (risk !== undefined) for (const { path } of tightened) followLeader(risk, path[1]);
  return root;
}

/** A limit of one instrument above the environment's would be a way around it. */
function lowerInstruments(instruments: unknown, key: string, limit: number | boolean): void {
  if (typeof instruments !== 'object' || instruments === null) return;
  for (const own of Object.values(instruments as Record<string, Section>)) {
    if (typeof own[key] === 'number' && typeof limit === 'number' && own[key] > limit) own[key] = limit;
  }
}

/** Limits that must not be above another. */
const FOLLOWERS: Readonly<Record<string, string>> = { maxContracts: 'maxOrderQuantity', maxExposure: 'maxNotional', maxDrawdownFraction: 'maxDailyLossFraction' };

/** What the file says of a limit that must not be above one that was tightened is no contradiction: it comes down, too. */
function followLeader(risk: Section, leader: string | undefined): void {
  const follower = leader === undefined ? undefined : FOLLOWERS[leader];
  if (leader === undefined || follower === undefined) return;
  for (const section of [risk, ...Object.values((risk['instruments'] ?? {}) as Record<string, Section>)]) {
    const most = section[leader] ?? risk[leader];
    const own = section[follower];
    if (typeof own === 'number' && typeof most === 'number' && own > most) section[follower] = most;
  }
}
