import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Signal } from '../domain/signal.js';
import type { Target } from '../domain/plan.js';
import type { OrderIntent } from '../domain/order.js';
import { toFraction, toPrice, toUtcMs } from '../domain/units.js';
import { KeptLog } from '../../testing/kernel.js';
import { HookRegistry } from './hook-registry.js';
import type { Hooks } from './hooks.js';

const signal: Signal = { instrument: 'X', time: toUtcMs(1), action: 'long', confidence: toFraction(0.5), reason: '' };
const target: Target = { instrument: 'X', quantity: 3, confidence: toFraction(1), decisionPrice: toPrice(1), reason: '' };

function registry(): { readonly log: KeptLog; readonly hooks: HookRegistry; readonly as: (plugin: string) => Hooks } {
  const log = new KeptLog();
  const hooks = new HookRegistry(log);
  return { log, hooks, as: (plugin) => hooks.forPlugin(plugin) };
}

describe('hooks', () => {
  it('tell every observer, also after one that throws, and report it by plugin', () => {
    const { hooks, as, log } = registry();
    const told: string[] = [];
    as('first').observe('stop', () => {
      throw new Error('oops');
    });
    as('second').observe('stop', () => void told.push('second'));
    hooks.tell('stop', { time: toUtcMs(1) });
    expect(told).toEqual(['second']);
    expect(log.lines).toEqual(["hook 'stop' of first threw: oops"]);
  });

  it('report an observer that rejects later instead of ending the process', async () => {
    const { hooks, as, log } = registry();
    as('late').observe('stop', (async () => {
      await setImmediate();
      throw new Error('too late');
    }) as () => void);
    hooks.tell('stop', { time: toUtcMs(1) });
    await setImmediate();
    await setImmediate();
    expect(log.lines).toEqual(["hook 'stop' of late threw: too late"]);
  });

  it('chain transforms pre, normal, post, each by order of registration', () => {
    const { hooks, as } = registry();
    const add = (word: string) => (value: Signal) => ({ ...value, reason: `${value.reason}${word}` });
    as('d').transform('signal', add('d'), 'post');
    as('b').transform('signal', add('b'));
    as('a').transform('signal', add('a'), 'pre');
    as('c').transform('signal', add('c'), 'normal');
    expect(hooks.pass('signal', signal).reason).toBe('abcd');
  });

  it.each([
    { what: 'a throw', handler: () => { throw new Error('oops'); } },
    { what: 'nothing', handler: () => undefined },
    { what: 'a number', handler: () => 7 },
    { what: 'a promise', handler: async () => signal },
    { what: 'a rejected promise', handler: async () => { throw new Error('oops'); } },
  ])('leave the value as it was where a transform gives $what', async ({ handler }) => {
    const { hooks, as, log } = registry();
    as('bad').transform('signal', handler as never, 'pre');
    as('good').transform('signal', (value) => ({ ...value, reason: `${value.reason}good` }));
    expect(hooks.pass('signal', signal)).toEqual({ ...signal, reason: 'good' });
    expect(log.lines.join()).toContain('bad');
    await setImmediate();
  });

  it('veto by the first objection, and name the plugin', () => {
    const { hooks, as } = registry();
    as('calm').review('order', () => undefined);
    as('strict').review('order', () => 'too late in the day');
    as('stricter').review('order', () => 'never');
    expect(hooks.objection('order', {} as OrderIntent)).toBe('strict: too late in the day');
  });

  it.each([
    { what: 'throws', handler: () => { throw new Error('oops'); } },
    { what: 'returns a promise', handler: async () => undefined },
    { what: 'returns null', handler: () => null },
  ])('take a review that $what for a veto', ({ handler }) => {
    const { hooks, as } = registry();
    as('odd').review('order', handler as never);
    expect(hooks.objection('order', {} as OrderIntent)).toContain('odd: ');
  });

  it('know whether anybody listens', () => {
    const { hooks, as } = registry();
    expect([hooks.observes.fill, hooks.transformed.target, hooks.reviewed.order]).toEqual([false, false, false]);
    as('a').observe('fill', () => undefined);
    as('a').transform('target', (value) => value);
    as('a').review('order', () => undefined);
    expect([hooks.observes.fill, hooks.transformed.target, hooks.reviewed.order, hooks.observes.trade]).toEqual([true, true, true, false]);
    expect(hooks.pass('target', target)).toBe(target);
  });

  it('do not compile under a name that does not exist', () => {
    const { as } = registry();
    // @ts-expect-error there is no such hook
    as('a').observe('fills', () => undefined);
    // @ts-expect-error a fill is not up for review
    as('a').review('fill', () => undefined);
    // @ts-expect-error an intent cannot be transformed: the door saw it already
    as('a').transform('intent', (value: OrderIntent) => value);
    // @ts-expect-error a transform gives its value back
    as('a').transform('target', () => undefined);
  });
});
