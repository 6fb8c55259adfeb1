import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accountSchema } from './account-schema.js';
import { schemaFaults } from './faults.js';

const good = {
  account: 'a',
  initialCash: 1000,
  instruments: [{ id: 'MES', type: 'future', currency: 'USD', tickSize: 0.25 }],
  data: { timeframe: '1m' },
  strategies: [{ use: 'sma-cross' }],
};

function lines(value: unknown): string[] {
  const result = accountSchema.safeParse(value);
  if (result.success) return [];
  return schemaFaults('CFG_TYPE', '', result.error.issues, value, accountSchema).map((error) => error.line);
}

describe('schemaFaults', () => {
  it('finds no fault in a good account', () => {
    expect(lines(good)).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['a misspelt key', { ...good, risk: { maxContract: 5 } }, 'CFG_UNKNOWN_KEY: risk.maxContract was found, expected a key of risk: did you mean maxContracts?'],
    ['a key of another level', { ...good, maxContracts: 5 }, 'CFG_UNKNOWN_KEY: maxContracts was found, expected a key of the account file: maxContracts stands under risk, move it there'],
    ['a setting of a component', { ...good, journal: { use: 'sqlite', path: 'x' } }, 'CFG_UNKNOWN_KEY: journal.path was found, expected a key of journal: settings of what "use" names stand under config: move it to journal.config.path'],
    ['a parameter of a strategy', { ...good, strategies: [{ use: 'sma-cross', fast: 5 }] }, 'CFG_UNKNOWN_KEY: strategies.0.fast was found, expected a key of strategies.0: settings of what "use" names stand under params: move it to strategies.0.params.fast'],
    ['a key of a list entry', { ...good, instruments: [{ ...good.instruments[0], ticksize: 1 }] }, 'CFG_UNKNOWN_KEY: instruments.0.ticksize was found, expected a key of instruments.0: did you mean tickSize?'],
    ['quoted number', { ...good, initialCash: '1000' }, 'CFG_TYPE: initialCash was "1000", expected a number above 0: remove the quotes'],
    ['a number out of range', { ...good, risk: { marginBuffer: 2 } }, 'CFG_TYPE: risk.marginBuffer was 2, expected a number from 0 to 1: change marginBuffer'],
    ['an unknown choice', { ...good, mode: 'papr' }, 'CFG_TYPE: mode was "papr", expected one of backtest, paper, live: did you mean paper?'],
    ['a bad timeframe', { ...good, data: { timeframe: '1 minute' } }, 'CFG_TYPE: data.timeframe was "1 minute", expected a timeframe such as 30s, 1m, 4h or 1d: change timeframe'],
    ['a missing tick size', { ...good, instruments: [{ id: 'MES', type: 'future', currency: 'USD' }] }, 'CFG_MISSING: instruments.0.tickSize is missing, expected a number above 0 (smallest price step): add tickSize'],
    ['an empty list', { ...good, strategies: [] }, 'CFG_TYPE: strategies was an empty list, expected at least 1 entry: change strategies'],
    ['a wrong kind of sizing', { ...good, sizing: { use: 'fixed-qty', quantity: 1 } }, 'CFG_TYPE: sizing.use was "fixed-qty", expected one of fixed-quantity, risk-fraction, volatility, equity-fraction: choose one of them'],
    ['a plugin entry with a misspelt key', { ...good, plugins: [{ use: './x.mjs', confg: {} }] }, 'CFG_UNKNOWN_KEY: plugins.0.confg was found, expected a key of plugins.0: did you mean config?'],
    ['a plugin entry of the wrong type', { ...good, plugins: [5] }, 'CFG_TYPE: plugins.0 was 5, expected text or a mapping: change entry 0'],
    ['a whole file that is a list', [], 'CFG_TYPE: the account file was an empty list, expected a mapping: change it'],
    ['text for true or false', { ...good, dryRun: 'yes' }, 'CFG_TYPE: dryRun was "yes", expected true or false: write true or false'],
    ['a number for text', { ...good, account: 12 }, 'CFG_TYPE: account was 12, expected text: put it in quotes'],
  ])('says what is wrong with %s', (_, value, line) => {
    expect(lines(value)).toContain(line);
  });

  it('reports every fault, each with its path', () => {
    const value = { ...good, account: undefined, mode: 'x', risk: { a: 1, b: 2 } };
    const result = accountSchema.safeParse(value);
    const faults = schemaFaults('CFG_TYPE', '', result.error?.issues ?? [], value, accountSchema);
    expect(faults.map((error) => error.context['path'])).toEqual(['account', 'mode', 'risk.a', 'risk.b']);
  });

  it('keeps the given code and the place for a component of a plugin', () => {
    const schema = z.strictObject({ fast: z.int().min(1), slow: z.int() });
    const value = { fast: 0, slwo: 3 };
    const result = schema.safeParse(value);
    const faults = schemaFaults('PLG_CONFIG', 'strategies.0.params', result.error?.issues ?? [], value, schema);
    expect(faults.map((error) => error.line)).toEqual([
      'PLG_CONFIG: strategies.0.params.fast was 0, expected a whole number of at least 1: change fast',
      'PLG_CONFIG: strategies.0.params.slow is missing, expected a whole number: add slow',
      'PLG_CONFIG: strategies.0.params.slwo was found, expected a key of strategies.0.params: did you mean slow?',
    ]);
  });

  it('keeps a complete sentence of the validator as it is', () => {
    const schema = z.strictObject({ fast: z.int(), slow: z.int() }).refine((p) => p.fast < p.slow, { error: 'fast was 200, expected less than slow (100): lower fast or raise slow' });
    const value = { fast: 200, slow: 100 };
    const faults = schemaFaults('CFG_TYPE', 'strategies.0.params', schema.safeParse(value).error?.issues ?? [], value, schema);
    expect(faults.map((error) => error.line)).toEqual(['CFG_TYPE: strategies.0.params: fast was 200, expected less than slow (100): lower fast or raise slow']);
  });

  it('works with the bare issues of another validator', () => {
    const faults = schemaFaults('PLG_CONFIG', 'plugins.1.config', [{ message: 'must be a port number', path: [{ key: 'port' }] }], { port: 'x' });
    expect(faults[0]?.line).toBe('PLG_CONFIG: plugins.1.config.port was "x", expected a port number: change port');
  });

  it('says once what to do where the schema says it, and does not take a time or a mapping for it', () => {
    const line = (error: string): string => {
      const schema = z.strictObject({ margin: z.number().refine(() => false, { error }) });
      return schemaFaults('CFG_TYPE', 'regimes.0.config', schema.safeParse({ margin: 1 }).error?.issues ?? [], { margin: 1 }, schema)[0]?.line ?? '';
    };
    expect(line('expected less than normal (0.2): lower margin or raise normal')).toBe('CFG_TYPE: regimes.0.config.margin was 1, expected less than normal (0.2): lower margin or raise normal');
    expect(line('expected a time such as 14:30')).toBe('CFG_TYPE: regimes.0.config.margin was 1, expected a time such as 14:30: change margin');
    expect(line('expected a mapping such as { a: 1 }')).toBe('CFG_TYPE: regimes.0.config.margin was 1, expected a mapping such as { a: 1 }: change margin');
  });

  it('hides what stands under the key of a secret', () => {
    const schema = z.strictObject({ apiKey: z.string() });
    const value = { apiKey: 12345 };
    const faults = schemaFaults('PLG_CONFIG', 'broker.config', schema.safeParse(value).error?.issues ?? [], value, schema);
    expect(faults[0]?.line).toContain('(hidden)');
    expect(faults[0]?.line).not.toContain('12345');
  });
});
