import { readFileSync } from 'node:fs';
import { accountSchema, type AccountConfig } from '@keelson/core/config';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tightenByEnvironment, TIGHTENING_VARIABLES, withTightened } from './tighten-by-environment.js';

const VALUE = { account: 'test', initialCash: 1e6, instruments: [{ id: 'MES', type: 'future', currency: 'USD', tickSize: 0.25 }], data: { timeframe: '1m' }, strategies: [{ use: 'none' }] };
const LIMITS = { maxContracts: 5, maxOrderQuantity: 4, maxTotalContracts: 8, maxNotional: 1000, maxExposure: 2000, maxExposureFraction: 2, maxDailyLoss: 500, maxDailyLossFraction: 0.1, maxDrawdownFraction: 0.2, maxTradesPerDay: 9, maxOpenOrders: 20, maxOrdersPerMinute: 10, marginBuffer: 0.3, allowOrders: true };

type Env = Readonly<Record<string, string>>;

function tighten(env: Env, risk: Record<string, unknown> = {}, rest: Record<string, unknown> = {}): { readonly config: AccountConfig; readonly lines: readonly string[] } {
  const value = { ...VALUE, risk, ...rest };
  const { tightened, faults } = tightenByEnvironment(accountSchema.parse(value), env);
  return { config: accountSchema.parse(withTightened(value, tightened)), lines: faults.map(({ line }) => line) };
}

describe('the limits in the environment', () => {
  it.each<[string, string, keyof typeof LIMITS, number | boolean]>([
    ['MAX_CONTRACTS', '2', 'maxContracts', 2],
    ['MAX_ORDER_QUANTITY', '0.5', 'maxOrderQuantity', 0.5],
    ['MAX_TOTAL_CONTRACTS', '3', 'maxTotalContracts', 3],
    ['MAX_NOTIONAL', '999.5', 'maxNotional', 999.5],
    ['MAX_EXPOSURE', '1500', 'maxExposure', 1500],
    ['MAX_EXPOSURE_FRACTION', '1', 'maxExposureFraction', 1],
    ['MAX_DAILY_LOSS', '100', 'maxDailyLoss', 100],
    ['MAX_DAILY_LOSS_FRACTION', '0.01', 'maxDailyLossFraction', 0.01],
    ['MAX_DRAWDOWN_FRACTION', '0.15', 'maxDrawdownFraction', 0.15],
    ['MAX_TRADES_PER_DAY', '3', 'maxTradesPerDay', 3],
    ['MAX_OPEN_ORDERS', '6', 'maxOpenOrders', 6],
    ['MAX_ORDERS_PER_MINUTE', '1', 'maxOrdersPerMinute', 1],
    ['MARGIN_BUFFER', '0.5', 'marginBuffer', 0.5],
    ['ALLOW_ORDERS', 'false', 'allowOrders', false],
  ])('%s tightens what the account says, and sets what it does not say', (name, text, key, expected) => {
    expect(tighten({ [name]: text }, LIMITS)).toMatchObject({ lines: [], config: { risk: { [key]: expected } } });
    if (typeof expected === 'number' && expected >= 1) expect(tighten({ [name]: text })).toMatchObject({ lines: [], config: { risk: { [key]: expected } } });
  });

  it('DRY_RUN turns sending off', () => {
    expect(tighten({ DRY_RUN: 'true' }).config.dryRun).toBe(true);
    expect(tighten({ DRY_RUN: 'false' })).toMatchObject({ lines: [], config: { dryRun: false } });
  });

  it.each<[string, string, string]>([
    ['MAX_CONTRACTS', '6', 'CFG_CONFLICT: MAX_CONTRACTS in the environment was 6, expected at most 5, as risk.maxContracts of the account: the environment can only tighten: unset MAX_CONTRACTS, or change risk.maxContracts'],
    ['MAX_DAILY_LOSS_FRACTION', '0.11', 'CFG_CONFLICT: MAX_DAILY_LOSS_FRACTION in the environment was 0.11, expected at most 0.1'],
    ['MARGIN_BUFFER', '0.1', 'CFG_CONFLICT: MARGIN_BUFFER in the environment was 0.1, expected at least 0.3'],
    ['MAX_CONTRACTS', '0', 'CFG_ENV: MAX_CONTRACTS in the environment was "0", expected a number above 0'],
    ['MAX_CONTRACTS', '-1', 'CFG_ENV'],
    ['MAX_CONTRACTS', 'many', 'CFG_ENV'],
    ['MAX_CONTRACTS', 'NaN', 'CFG_ENV'],
    ['MAX_CONTRACTS', 'Infinity', 'CFG_ENV'],
    ['MAX_DAILY_LOSS_FRACTION', '2', 'CFG_ENV: MAX_DAILY_LOSS_FRACTION in the environment was "2", expected a number above 0 and of at most 1'],
    ['MAX_TRADES_PER_DAY', '1.5', 'CFG_ENV'],
    ['ALLOW_ORDERS', 'no', 'CFG_ENV: ALLOW_ORDERS in the environment was "no", expected true or false'],
    ['KEELSON_MAX_CONTRACTS', '7', 'CFG_CONFLICT: KEELSON_MAX_CONTRACTS in the environment was 7'],
  ])('%s=%s is an error', (name, text, line) => {
    const { lines, config } = tighten({ [name]: text }, LIMITS);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(line);
    expect(config.risk).toEqual(accountSchema.parse({ ...VALUE, risk: LIMITS }).risk);
  });

  it('cannot allow orders that the account does not allow, nor end a dry run', () => {
    expect(tighten({ ALLOW_ORDERS: 'true' }).lines[0]).toContain('CFG_CONFLICT: ALLOW_ORDERS in the environment was true, expected false');
    expect(tighten({ DRY_RUN: 'false' }, {}, { dryRun: true }).lines[0]).toContain('CFG_CONFLICT: DRY_RUN in the environment was false, expected true');
    expect(tighten({ ALLOW_ORDERS: 'true' }, { allowOrders: true })).toMatchObject({ lines: [], config: { risk: { allowOrders: true } } });
  });

  it('takes the tighter of the short and the prefixed name, and an empty one for none', () => {
    expect(tighten({ MAX_CONTRACTS: '3', KEELSON_MAX_CONTRACTS: '2' }).config.risk.maxContracts).toBe(2);
    expect(tighten({ MAX_CONTRACTS: '2', KEELSON_MAX_CONTRACTS: '3' }).config.risk.maxContracts).toBe(2);
    expect(tighten({ MAX_CONTRACTS: ' ' }).config.risk.maxContracts).toBe(5);
  });

  it('holds the limits of single instruments down, too', () => {
    const risk = { maxContracts: 5, instruments: { MES: { maxContracts: 100, maxOrderQuantity: 50 } } };
    expect(tighten({ MAX_CONTRACTS: '5' }, risk).config.risk.instruments['MES']).toEqual({ maxContracts: 5, maxOrderQuantity: 5 });
    expect(tighten({ MAX_ORDER_QUANTITY: '2' }, risk).config.risk.instruments['MES']).toEqual({ maxContracts: 100, maxOrderQuantity: 2 });
  });

  it('takes limits along that must not be above a tightened one', () => {
    const { risk } = tighten({ MAX_CONTRACTS: '1', MAX_EXPOSURE: '700', MAX_DRAWDOWN_FRACTION: '0.05' }, LIMITS).config;
    expect(risk).toMatchObject({ maxContracts: 1, maxOrderQuantity: 1, maxExposure: 700, maxNotional: 700, maxDrawdownFraction: 0.05, maxDailyLossFraction: 0.05 });
  });

  it('never loosens anything, whatever stands in the environment', () => {
    const text = fc.oneof(fc.constantFrom('true', 'false', '', '0', '1', '2', '0.5', '-3', '1e3', 'x', 'Infinity'), fc.double({ min: 0, max: 20, noNaN: true }).map(String));
    const names = TIGHTENING_VARIABLES.flatMap((name) => [name, `KEELSON_${name}`]);
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), text), fc.constantFrom({}, LIMITS, { ...LIMITS, instruments: { MES: { maxContracts: 9, maxOrderQuantity: 7 } } }), (env, risk) => {
        const before = accountSchema.parse({ ...VALUE, risk });
        const { config: after } = tighten(env, risk);
        for (const key of Object.keys(after.risk) as (keyof AccountConfig['risk'])[]) {
          const [was, is] = [before.risk[key], after.risk[key]];
          if (key === 'allowOrders') expect(was || !is).toBe(true);
          else if (typeof was === 'number') expect(key === 'marginBuffer' ? (is as number) >= was : (is as number) <= was).toBe(true);
        }
        expect(after.dryRun || !before.dryRun).toBe(true);
        const [wasOwn, isOwn] = [before.risk.instruments['MES'], after.risk.instruments['MES']];
        if (wasOwn !== undefined) expect((isOwn?.maxContracts as number) <= (wasOwn.maxContracts as number) && (isOwn?.maxOrderQuantity as number) <= (wasOwn.maxOrderQuantity as number)).toBe(true);
      }),
    );
  });

  it('is listed on the page of the account file', () => {
    const page = readFileSync(new URL('../../../../docs/reference/account.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `([A-Z][A-Z_]+)` \|/gm)].map((match) => match[1]);
    expect(rows).toEqual(TIGHTENING_VARIABLES);
  });
});
