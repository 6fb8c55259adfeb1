import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { checkInstance, definitionFault } from './check-contract.js';
import { PORT_NAMES } from './tokens.js';

const params = z.strictObject({});
const create = (): unknown => ({});
const idle = (): void => undefined;

describe('definitionFault', () => {
  it.each([
    { what: 'nothing', port: 'strategy', given: undefined, fault: "strategy 'x' of p has no create function" },
    { what: 'no create', port: 'broker', given: { params }, fault: "broker 'x' of p has no create function, expected a definition" },
    { what: 'no schema', port: 'regime', given: { create }, fault: "regime 'x' of p has no schema as its params" },
    { what: 'a schema that is none', port: 'regime', given: { create, params: {} }, fault: "regime 'x' of p has no schema as its params" },
    { what: 'a feature without outputs', port: 'feature', given: { params, create }, fault: "feature 'x' of p has no list of outputs, expected" },
    { what: 'a feature with an empty list of outputs', port: 'feature', given: { params, create, outputs: [] }, fault: "feature 'x' of p has no outputs, expected" },
    { what: 'a feature with a nameless output', port: 'feature', given: { params, create, outputs: ['value', ''] }, fault: "feature 'x' of p has no name for output 1" },
  ] as const)('refuses $what', ({ port, given, fault }) => {
    const found = definitionFault(port, 'x', given, 'p', 'plugins.2');
    expect(found?.message).toContain(fault);
    expect(found).toMatchObject({ code: 'PLG_PROVIDES', context: { plugin: 'p', path: 'plugins.2' } });
  });

  it('takes what each port asks for', () => {
    for (const port of PORT_NAMES) expect(definitionFault(port, 'x', { params, create, outputs: ['value'] }, 'p')).toBeUndefined();
  });
});

describe('checkInstance', () => {
  it.each([
    { what: 'nothing', port: 'strategy', given: undefined, fault: "strategy 'x' of p made undefined, expected an object with onBar: return" },
    { what: 'null', port: 'risk-overlay', given: null, fault: 'made null' },
    { what: 'a strategy without onBar', port: 'strategy', given: { onbar: idle }, fault: "strategy 'x' of p made an object without the function onBar" },
    { what: 'a promise of a strategy', port: 'strategy', given: Promise.resolve(), fault: 'made a promise, expected an object at once' },
    { what: 'a feature without update', port: 'feature', given: { warmupBars: 1 }, fault: "feature 'x' of p made an object without the function update" },
    { what: 'an asynchronous feature', port: 'feature', given: { warmupBars: 1, update: async () => undefined }, fault: 'whose update is asynchronous' },
    { what: 'a feature without warmupBars', port: 'feature', given: { update: idle }, fault: "feature 'x' of p has warmupBars undefined, expected a whole number of at least 1" },
    { what: 'a feature that is warm before its first bar', port: 'feature', given: { update: idle, warmupBars: 0 }, fault: 'has warmupBars 0' },
    { what: 'a feature with half a bar', port: 'feature', given: { update: idle, warmupBars: 1.5 }, fault: 'has warmupBars 1.5' },
    { what: 'a feature with bars in quotes', port: 'feature', given: { update: idle, warmupBars: '3' }, fault: 'has warmupBars 3' },
    { what: 'a regime without classify', port: 'regime', given: {}, fault: 'without the function classify' },
    { what: 'an asynchronous regime', port: 'regime', given: { classify: async () => undefined }, fault: 'whose classify is asynchronous' },
    { what: 'an overlay without review', port: 'risk-overlay', given: {}, fault: 'without the function review' },
    { what: 'an advisor without refresh', port: 'advisor', given: { schedule: { everyMs: 1, latencyMs: 0 } }, fault: 'without the function refresh' },
    { what: 'an advisor without a schedule', port: 'advisor', given: { refresh: idle }, fault: 'has no schedule' },
    { what: 'a memory that cannot remember', port: 'memory', given: { recall: idle }, fault: 'without the function remember' },
    { what: 'a notifier without notify', port: 'notifier', given: {}, fault: 'without the function notify' },
    { what: 'a broker that cannot cancel', port: 'broker', given: { connect: idle, disconnect: idle, submit: idle, modify: idle }, fault: 'without the function cancel' },
    { what: 'a feed without history', port: 'data-feed', given: { connect: idle, disconnect: idle }, fault: 'without the function history' },
  ] as const)('refuses $what', ({ port, given, fault }) => {
    expect(() => checkInstance(port, 'x', given, 'p')).toThrow(expect.objectContaining({ code: 'PLG_PROVIDES', line: expect.stringContaining(fault) as string }) as Error);
  });

  it('takes methods of a class, also inherited ones', () => {
    class Base {
      onBar(): void {}
    }
    expect(() => checkInstance('strategy', 'x', new (class extends Base {})(), 'p')).not.toThrow();
  });
});
