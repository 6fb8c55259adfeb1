import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { KeptLog } from '../../testing/kernel.js';
import { HookRegistry } from '../pipeline/hook-registry.js';
import type { Strategy } from '../ports/strategy.js';
import { createContainer } from './container.js';
import { definePlugin, type Plugin } from './define-plugin.js';
import { defineStrategy } from './define.js';
import { registerPlugins } from './register-plugins.js';
import { PluginRegistry } from './registry.js';
import { FEATURE, STRATEGY, createToken } from './tokens.js';

const idle = defineStrategy({ params: z.strictObject({}), create: (): Strategy => ({ onBar: () => undefined }) });

function plugin(fields: Partial<Plugin<never>> & { readonly name?: string } = {}): Plugin {
  return definePlugin({
    name: 'p',
    version: '1.0.0',
    api: '^1.0.0',
    provides: ['strategy'],
    register: ({ add }) => add(STRATEGY, `${fields.name ?? 'p'}-strategy`, idle),
    ...fields,
  } as Plugin);
}

function load(...plugins: ReadonlyArray<unknown>): { readonly faults: readonly string[]; readonly registry: PluginRegistry; readonly order: ReturnType<typeof registerPlugins> } {
  const registry = new PluginRegistry();
  const order = registerPlugins(plugins.map((each, i) => (typeof each === 'object' && each !== null && 'plugin' in each ? (each as never) : { plugin: each as Plugin, config: {}, source: `file-${i}` })), registry, new HookRegistry(new KeptLog()), createContainer());
  return { faults: registry.faults.map((fault) => fault.line), registry, order };
}

describe('registerPlugins', () => {
  it('registers a plugin and what it provides', () => {
    const { faults, registry } = load(plugin());
    expect(faults).toEqual([]);
    expect(registry.get(STRATEGY, 'p-strategy')).toBe(idle);
  });

  it.each([
    { what: 'no plugin at all', given: { name: 'p' }, fault: /^PLG_MANIFEST: file-0 gave something that definePlugin did not make/ },
    { what: 'nothing', given: undefined, fault: /^PLG_MANIFEST/ },
    { what: 'no name', given: plugin({ name: '' }), fault: /^PLG_MANIFEST: file-0 has no name/ },
    { what: 'no version', given: plugin({ version: 'one' }), fault: /^PLG_MANIFEST: version of file-0 was 'one'/ },
    { what: 'an unknown port', given: plugin({ provides: ['strategies' as never] }), fault: /^PLG_MANIFEST: file-0 provides strategies, expected ports of broker/ },
    { what: 'no list of ports', given: plugin({ provides: undefined as never }), fault: /^PLG_MANIFEST: provides of file-0 was undefined/ },
    { what: 'no register', given: plugin({ register: undefined as never }), fault: /^PLG_MANIFEST: file-0 has no register/ },
    { what: 'a newer API', given: plugin({ api: '^2.0.0' }), fault: /^PLG_API: p 1.0.0 works with plugin API \^2.0.0, found 1.0.0: install/ },
    { what: 'an API range that is none', given: plugin({ api: 'latest!' }), fault: /^PLG_MANIFEST: api of file-0 was "latest!", expected a version range such as \^1\.0\.0: give/ },
    { what: 'no API range', given: plugin({ api: undefined as never }), fault: /^PLG_MANIFEST: api of file-0 was missing, expected a version range/ },
    { what: 'a register that throws', given: plugin({ register: () => { throw new Error('oops'); } }), fault: /^PLG_LIFECYCLE: p threw while it registered: oops/ },
    { what: 'a register that is asynchronous', given: plugin({ register: (async () => { throw new Error('later'); }) as never }), fault: /^PLG_LIFECYCLE: .*returned a promise/ },
    { what: 'ports that it does not add', given: plugin({ provides: ['strategy', 'memory'] }), fault: /^PLG_PROVIDES: p declares memory and adds none/ },
    { what: 'ports that it does not declare', given: plugin({ provides: [] }), fault: /^PLG_PROVIDES: p adds strategy, expected only what it declares/ },
    { what: 'an asynchronous schema', given: plugin({ config: z.object({}).refine(async () => true) as never }), fault: /^PLG_CONFIG: .*promise/ },
    { what: 'settings that it does not take', given: { plugin: plugin(), config: { path: 'x' }, source: 'f' }, fault: /^PLG_CONFIG: p was given path, expected no settings/ },
  ])('refuses $what', ({ given, fault }) => {
    const { faults } = load(given);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(fault);
  });

  it('passes validated settings, defaults filled in, and reports faults by their path', () => {
    let seen: unknown;
    const config = z.strictObject({ depth: z.int().default(3), path: z.string() });
    const configured = (settings: unknown): readonly string[] =>
      load({ plugin: plugin({ config: config as never, register: ((context: { add: (token: typeof STRATEGY, id: string, definition: typeof idle) => void; config: unknown }) => { seen = context.config; context.add(STRATEGY, 's', idle); }) as never }), config: settings, source: 'f' }).faults;
    expect(configured({ path: 'a' })).toEqual([]);
    expect(seen).toEqual({ depth: 3, path: 'a' });
    expect(configured({ pth: 'a', depth: 'x' }).join('\n')).toMatch(/depth[\s\S]*path|path[\s\S]*depth/);
  });

  it('says where in the account file each fault lies', () => {
    const places = (...plugins: ReadonlyArray<{ readonly plugin: Plugin; readonly config?: unknown }>): unknown[] => {
      const registry = new PluginRegistry();
      registerPlugins(plugins.map((each, i) => ({ config: {}, source: `file-${i}`, path: `plugins.${i}`, ...each })), registry, new HookRegistry(new KeptLog()), createContainer());
      return registry.faults.map(({ code, context }) => [code, context['path']]);
    };
    const configured = plugin({ config: z.strictObject({ depth: z.int(), path: z.string() }) as never });
    expect(places({ plugin: configured, config: { depth: 'x', pth: 'a', path: 'b' } })).toEqual([['PLG_CONFIG', 'plugins.0.config.depth'], ['PLG_CONFIG', 'plugins.0.config.pth']]);
    expect(places({ plugin: plugin(), config: { path: 'x' } })).toEqual([['PLG_CONFIG', 'plugins.0.config']]);
    expect(places({ plugin: plugin({ name: 'a' }) }, { plugin: plugin({ name: 'b', version: 'x' }) }, { plugin: plugin({ name: 'a' }) })).toEqual([['PLG_MANIFEST', 'plugins.1'], ['PLG_DUPLICATE', 'plugins.2']]);
    expect(places({ plugin: plugin({ api: '^2.0.0' }) }, { plugin: plugin({ name: 'b', provides: [] }) })).toEqual([['PLG_API', 'plugins.0'], ['PLG_PROVIDES', 'plugins.1']]);
    expect(places({ plugin: plugin({ register: () => { throw new Error('oops'); } }) })).toEqual([['PLG_LIFECYCLE', 'plugins.0']]);
    const same = (name: string): Plugin => plugin({ name, register: ({ add }) => add(STRATEGY, 'same', idle) });
    expect(places({ plugin: same('a') }, { plugin: same('b') })).toEqual([['PLG_DUPLICATE', 'plugins.1']]);
  });

  it('names both plugins that provide one id, and keeps the first', () => {
    const other = defineStrategy({ params: z.strictObject({}), create: (): Strategy => ({ onBar: () => undefined }) });
    const { faults, registry } = load(plugin({ name: 'a', register: ({ add }) => add(STRATEGY, 'same', idle) }), plugin({ name: 'b', register: ({ add }) => add(STRATEGY, 'same', other) }));
    expect(faults).toEqual([expect.stringMatching(/^PLG_DUPLICATE: strategy 'same' is provided by a and by b, expected one/)]);
    expect(registry.get(STRATEGY, 'same')).toBe(idle);
  });

  it('names both sources of one plugin', () => {
    expect(load(plugin(), plugin()).faults).toEqual([expect.stringMatching(/^PLG_DUPLICATE: p is named by file-0 and by file-1/)]);
  });

  it('reports the faults of all plugins at once', () => {
    const { faults } = load(plugin({ name: 'a', api: '^9.0.0', version: 'x' }), plugin({ name: 'b', provides: [] }), plugin({ name: 'c', register: () => { throw new Error('oops'); } }), plugin({ name: 'd' }));
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(['PLG_MANIFEST', 'PLG_API', 'PLG_PROVIDES', 'PLG_LIFECYCLE']);
  });

  it('collects what is to start and stop in the order of the plugins', () => {
    const said: string[] = [];
    const staged = (name: string): Plugin => plugin({ name, register: (({ add, onStart, onStop }: Parameters<Plugin['register']>[0]) => { add(STRATEGY, name, idle); onStart(() => void said.push(`start ${name}`)); onStop(() => void said.push(`stop ${name}`)); }) as never });
    const { order } = load(staged('a'), staged('b'));
    for (const each of order) for (const start of each.start) void start();
    expect(order.map((each) => each.plugin)).toEqual(['a', 'b']);
    expect(said).toEqual(['start a', 'start b']);
  });

  it('says what there is, and what was probably meant, for an id that nobody provides', () => {
    const { registry } = load(plugin({ register: ({ add }) => add(STRATEGY, 'sma-cross', idle) }));
    expect(registry.find(STRATEGY, 'sma-cros', 'strategies.0.use')).toMatchObject({ code: 'CFG_REFERENCE', hint: 'did you mean sma-cross?', message: "strategies.0.use was 'sma-cros', expected a strategy that a plugin provides (sma-cross)" });
    expect(registry.find(FEATURE, 'sma', 'x')).toMatchObject({ code: 'FEA_UNKNOWN' });
  });
});

describe('createContainer', () => {
  it('keeps services by token, makes lazy ones once, and shares nothing with another account', () => {
    const token = createToken<{ readonly n: number }>('thing');
    const lazy = createToken<{ readonly n: number }>('lazy');
    const one = createContainer();
    const two = createContainer();
    let made = 0;
    one.provide(token, { n: 1 });
    one.provideLazily(lazy, (container) => ({ n: container.get(token).n + ++made }));
    expect([one.has(token), two.has(token), made]).toEqual([true, false, 0]);
    expect(one.get(lazy)).toBe(one.get(lazy));
    expect(one.get(lazy).n).toBe(2);
    expect(() => two.get(token)).toThrow();
  });
});
