import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isKeelsonError } from '@keelson/core/errors';
import { afterAll, describe, expect, it } from 'vitest';
import { placeFaults } from './place-faults.js';
import { readAccount, type AccountReading } from './read-account.js';

const folder = mkdtempSync(join(tmpdir(), 'keelson-account-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const GOOD = `account: test
initialCash: 10000
instruments:
  - { id: MES, type: future, currency: USD, tickSize: 0.25, multiplier: 5 }
data:
  feed: synthetic
  timeframe: 1m
strategies:
  - { use: sma-cross, params: { fast: 5 } }
`;

type Options = { readonly set?: readonly string[]; readonly env?: Readonly<Record<string, string>> };

function read(text: string | Uint8Array, { set = [], env = {} }: Options = {}): AccountReading {
  writeFileSync(join(folder, 'a.yaml'), text);
  return readAccount({ file: 'a.yaml', settings: set, env, cwd: folder });
}

/** The lines that a person would see. */
function linesOf(text: string | Uint8Array, options: Options = {}): string[] {
  try {
    const reading = read(text, options);
    return placeFaults(reading.faults, reading.document).map((error) => reading.secrets.redact(error.line));
  } catch (error) {
    if (isKeelsonError(error)) return [error.line];
    throw error;
  }
}

describe('readAccount', () => {
  it('reads a good account and fills in defaults', () => {
    const reading = read(GOOD);
    expect(reading.faults).toEqual([]);
    expect(reading.config).toMatchObject({ account: 'test', mode: 'backtest', risk: { maxContracts: 5 }, data: { feed: 'synthetic', timeframe: '1m' } });
    expect(reading.baseDir).toBe(folder);
  });

  it.each<[string, string | Uint8Array, Options, string]>([
    ['a misspelt key', `${GOOD}rsk: { maxContracts: 1 }\n`, {}, 'CFG_UNKNOWN_KEY: a.yaml:10:1: rsk was found, expected a key of the account file: did you mean risk?'],
    ['a misspelt inner key', `${GOOD}risk:\n  maxContracs: 1\n`, {}, 'CFG_UNKNOWN_KEY: a.yaml:11:3: risk.maxContracs was found, expected a key of risk: did you mean maxContracts?'],
    ['a key that belongs elsewhere', `${GOOD}maxDailyLossFraction: 0.1\n`, {}, 'CFG_UNKNOWN_KEY: a.yaml:10:1: maxDailyLossFraction was found, expected a key of the account file: maxDailyLossFraction stands under risk, move it there'],
    ['a wrong type', GOOD.replace('10000', 'lots'), {}, 'CFG_TYPE: a.yaml:2:1: initialCash was "lots", expected a number above 0: change initialCash'],
    ['an instrument without tick size', GOOD.replace('tickSize: 0.25, ', ''), {}, 'CFG_MISSING: a.yaml:4:5: instruments.0.tickSize is missing, expected a number above 0 (smallest price step): add tickSize'],
    ['broken YAML', GOOD.replace('initialCash: 10000', 'initialCash: [1'), {}, 'CFG_YAML: a.yaml:'],
    ['a key given twice', `${GOOD}account: again\n`, {}, 'CFG_YAML: a.yaml:10:1: the text was not YAML (Map keys must be unique), expected valid YAML: remove one of them'],
    ['a second document', `${GOOD}---\naccount: again\n`, {}, 'CFG_YAML: a.yaml:10:1: the text was not YAML (a second document begins), expected valid YAML: keep one document in a file: remove the line ---'],
    ['a tag that nobody knows', GOOD.replace('account: test', 'account: !!js/function test'), {}, 'CFG_YAML: a.yaml:1:10: the text was not YAML (Unresolved tag'],
    ['an alias without anchor', GOOD.replace('account: test', 'account: *who'), {}, 'CFG_YAML: a.yaml:1:1: account was *who, expected an anchor &who above it: add the anchor, or quote the text'],
    ['aliases that multiply', `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n`, {}, 'CFG_YAML: a.yaml could not be expanded'],
    ['an empty file', '', {}, 'CFG_FILE: a.yaml:1:1: the account file was empty, expected an account: run "keelson init" for one to start from'],
    ['a list', '- 1\n', {}, 'CFG_TYPE: a.yaml:1:1: the account file was a list, expected a mapping: change it'],
    ['a binary file', new Uint8Array([0x50, 0x41, 0x52, 0x31, 0, 1, 2]), {}, 'CFG_FILE: a.yaml was not text in UTF-8, expected an account file in YAML: name the account file, or save it as UTF-8'],
    ['an unset variable', GOOD.replace('account: test', 'account: ${NAME}'), {}, 'CFG_ENV: a.yaml:1:1: account reads ${NAME}, which is not set, expected a value in the environment: set NAME, or write ${NAME:-default}'],
    ['a malformed reference', GOOD.replace('account: test', 'account: ${1NAME}'), {}, 'CFG_ENV: a.yaml:1:1: account was ${1NAME}, expected ${NAME} or ${NAME:-default}: correct the reference, or write $${ for a literal ${'],
    ['a literal secret', `${GOOD}broker:\n  use: x\n  config: { apiKey: hunter2hunter2 }\n`, {}, 'CFG_SECRET: a.yaml:12:13: broker.config.apiKey was a literal secret, expected a reference to the environment: write ${API_KEY} and set API_KEY in the environment'],
    ['a literal secret as a default', `${GOOD}broker:\n  use: x\n  config:\n    API_SECRET: \${S:-hunter2hunter2}\n`, {}, 'CFG_SECRET: a.yaml:13:5: broker.config.API_SECRET was a literal secret'],
    ['a secret that is a number', `${GOOD}broker:\n  use: x\n  config: { password: 12345678 }\n`, {}, 'CFG_SECRET: a.yaml:12:13: broker.config.password was a literal secret'],
    ['a secret behind an anchor', `${GOOD}seed: &s hunter2hunter2\nbroker:\n  use: x\n  config: { bot-token: *s }\n`, {}, 'CFG_SECRET: a.yaml:13:13: broker.config.bot-token was a literal secret'],
    ['a value in the form of a key', `${GOOD}seed: AKIAIOSFODNN7EXAMPLE\n`, {}, 'CFG_SECRET: a.yaml:10:1: seed was an AWS access key, expected a reference to the environment: write ${SEED} and set SEED in the environment'],
    ['an address with a password', `${GOOD}seed: postgres://me:hunter2@db/trades\n`, {}, 'CFG_SECRET: a.yaml:10:1: seed was an address with a password'],
    ['--set without a value', GOOD, { set: ['risk.maxContracts'] }, 'CFG_USAGE: --set was "risk.maxContracts", expected path=value: write for example --set risk.maxContracts=3'],
    ['--set of an unknown key', GOOD, { set: ['risk.maxContract=3'] }, 'CFG_UNKNOWN_KEY: --set risk.maxContract: risk.maxContract was found, expected a key of risk: did you mean maxContracts?'],
    ['--set beyond a list', GOOD, { set: ['strategies.5.weight=2'] }, 'CFG_USAGE: --set strategies.5.weight names entry 5 of strategies, expected an index from 0 to 1: count entries from 0'],
    ['--set through a plain value', GOOD, { set: ['account.name=x'] }, 'CFG_USAGE: --set account.name goes through account, which is a single value, expected a mapping or a list there: set account itself'],
    ['--set of a wrong type', GOOD, { set: ['initialCash=-1'] }, 'CFG_TYPE: --set initialCash: initialCash was -1, expected a number above 0: change initialCash'],
    ['--set of a literal secret', GOOD, { set: ['broker.config.apiKey=hunter2hunter2'] }, 'CFG_SECRET: --set broker.config.apiKey: broker.config.apiKey was a literal secret'],
  ])('says in one line what is wrong with %s', (_, text, options, start) => {
    const lines = linesOf(text, options);
    expect(lines.join('\n')).toContain(start);
    expect(lines.join('\n')).not.toContain('hunter2');
    for (const line of lines) expect(line).not.toMatch(/\n/);
  });

  it('reports faults of every kind in one run, sorted by line', () => {
    const text = `account: \${UNSET_NAME}
mode: papr
initialCash: 10000
instruments:
  - { id: MES, type: future, currency: USD }
data: { feed: synthetic, timeframe: 1m }
strategies: [ { use: sma-cross } ]
broker: { use: simulated, config: { token: abcdefghijkl } }
extra: 1
`;
    const lines = linesOf(text);
    expect(lines.map((line) => line.replace(/^(\w+): (a\.yaml:\d+).*/, '$1 $2'))).toEqual(['CFG_ENV a.yaml:1', 'CFG_TYPE a.yaml:2', 'CFG_MISSING a.yaml:5', 'CFG_SECRET a.yaml:8', 'CFG_UNKNOWN_KEY a.yaml:9']);
  });

  it('says what to do when the file does not exist or is a folder', () => {
    expect(() => readAccount({ file: 'none.yaml', settings: [], env: {}, cwd: folder })).toThrow(expect.objectContaining({ code: 'CFG_FILE' }));
    expect(() => readAccount({ file: '.', settings: [], env: {}, cwd: folder })).toThrow(/is a folder/);
  });
});

describe('the environment in an account file', () => {
  const valueOf = (scalar: string, env: Readonly<Record<string, string>>): unknown => (read(`${GOOD}seed: ${scalar}\n`, { env }).value as { readonly seed: unknown }).seed;

  it.each<[string, string, Record<string, string>, unknown]>([
    ['a plain reference takes the type that YAML gives', '${X}', { X: '5' }, 5],
    ['true becomes a boolean', '${X}', { X: 'true' }, true],
    ['a default is read the same way', '${X:-false}', {}, false],
    ['an empty variable takes the default', '${X:-7}', { X: '' }, 7],
    ['a set variable beats the default', '${X:-7}', { X: 'abc' }, 'abc'],
    ['quotes keep text as text', "'${X}'", { X: '5' }, '5'],
    ['part of a scalar stays text', 'a-${X}-${Y:-z}', { X: '5' }, 'a-5-z'],
    ['two dollars stand for themselves', '$${X}', { X: '5' }, '${X}'],
    ['text that only looks like a mapping stays text', '${X}', { X: 'a: b' }, 'a: b'],
    ['text that only looks like a comment stays text', '${X}', { X: '#1' }, '#1'],
    ['marks of YAML may stand in a default', '${X:-a, b: [c]}', {}, 'a, b: [c]'],
  ])('%s', (_, scalar, env, expected) => {
    expect(valueOf(scalar, env)).toEqual(expected);
  });

  it('tightens limits, says so below the text, and is refused at the place of a limit that it would loosen', () => {
    const text = `${GOOD}risk:\n  maxContracts: 3\n`;
    const reading = read(text, { env: { MAX_CONTRACTS: '2' } });
    expect(reading).toMatchObject({ faults: [], config: { risk: { maxContracts: 2 } }, value: { risk: { maxContracts: 2 } }, text: `${text}\n# MAX_CONTRACTS=2 in the environment\n` });
    expect(linesOf(text, { env: { MAX_CONTRACTS: '4' } })).toEqual(['CFG_CONFLICT: a.yaml:11:3: MAX_CONTRACTS in the environment was 4, expected at most 3, as risk.maxContracts of the account: the environment can only tighten: unset MAX_CONTRACTS, or change risk.maxContracts']);
  });

  it('is filled in inside braces without quotes', () => {
    const reading = read(`${GOOD}risk: { allowOrders: \${ALLOW:-false}, maxContracts: \${MAX} }\n`, { env: { MAX: '3' } });
    expect(reading.config?.risk).toMatchObject({ allowOrders: false, maxContracts: 3 });
  });

  it('leaves a secret text even when it looks like a number, and takes it out of all text', () => {
    const reading = read(`${GOOD}broker: { use: x, config: { apiKey: \${MY_KEY} } }\n`, { env: { MY_KEY: '0123456789' } });
    expect(reading.faults).toEqual([]);
    expect(reading.config?.broker.config).toEqual({ apiKey: '0123456789' });
    expect(reading.secrets.redact('key=0123456789;')).toBe('key=***;');
  });

  it('treats a variable that is named like a secret as one wherever it is used', () => {
    const reading = read(`${GOOD}seed: \${DB_PASSWORD}\n`, { env: { DB_PASSWORD: 'correct "horse"' } });
    expect(reading.secrets.redact(JSON.stringify({ a: 'correct "horse"' }))).toBe('{"a":"***"}');
  });
});

describe('--set', () => {
  it.each<[string, unknown]>([
    ['risk.maxContracts=3', { risk: { maxContracts: 3 } }],
    ['strategies.0.params.fast=7', { strategies: [{ use: 'sma-cross', params: { fast: 7 } }] }],
    ['strategies.1.use=rsi-macd', { strategies: [{ use: 'sma-cross' }, { use: 'rsi-macd' }] }],
    ['instruments.0.tickSize=0.5', { instruments: [{ tickSize: 0.5 }] }],
    ['overlays.0.use=max-quantity', { overlays: [{ use: 'max-quantity' }] }],
    ['data.higherTimeframes=[5m, 1h]', { data: { higherTimeframes: ['5m', '1h'] } }],
    ['dryRun=true', { dryRun: true }],
    ['account=${NAME:-other}', { account: 'other' }],
  ])('%s changes the account', (setting, expected) => {
    const reading = read(GOOD, { set: [setting] });
    expect(reading.faults).toEqual([]);
    expect(reading.config).toMatchObject(expected as Record<string, unknown>);
  });

  it('lets the last of two settings win', () => {
    expect(read(GOOD, { set: ['initialCash=1', 'initialCash=2'] }).config?.initialCash).toBe(2);
  });
});
