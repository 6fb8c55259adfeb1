import { describe, expect, it } from 'vitest';
import semver from 'semver';
import { z } from 'zod';
import { KeptLog } from '../../testing/kernel.js';
import { HookRegistry } from '../pipeline/hook-registry.js';
import { createContainer } from './container.js';
import { definePlugin, PLUGIN_API_VERSION, type Plugin } from './define-plugin.js';
import { defineStrategy } from './define.js';
import { DEPRECATIONS, type Deprecation, type Deprecations } from './deprecations.js';
import { registerPlugins } from './register-plugins.js';
import { PluginRegistry } from './registry.js';
import { LOGGER, STRATEGY, createToken } from './tokens.js';

const idle = defineStrategy({ params: z.strictObject({}), create: () => ({ onBar: () => undefined }) });
const SERVICE = createToken<number>('service');

const busy = (name: string): Plugin =>
  definePlugin({
    name,
    version: '1.0.0',
    api: '^1.0.0',
    provides: ['strategy'],
    register({ add, hooks, container }) {
      add(STRATEGY, `${name}-a`, idle);
      add(STRATEGY, `${name}-b`, idle);
      hooks.observe('fill', () => undefined);
      hooks.transform('signal', (signal) => signal, 'post');
      hooks.review('order', () => undefined);
      container.provide(SERVICE, 1);
    },
  });

const old = (instead: string): Deprecation => ({ since: '1.2.0', removedIn: '2.0.0', instead });

function warningsOf(deprecations: Deprecations, plugins: readonly Plugin[]): { warnings: readonly string[]; registry: PluginRegistry; hooks: HookRegistry; service: number } {
  const log = new KeptLog();
  const warnings: string[] = [];
  log.warn = (text: string) => void warnings.push(text);
  const registry = new PluginRegistry();
  const hooks = new HookRegistry(log);
  const container = createContainer();
  container.provide(LOGGER, log);
  registerPlugins(plugins.map((plugin) => ({ plugin, config: {}, source: plugin.name })), registry, hooks, container, deprecations);
  expect(registry.faults).toEqual([]);
  return { warnings, registry, hooks, service: container.get(SERVICE) };
}

describe('a deprecated part of the plugin API', () => {
  it.each<[string, Deprecations]>([
    ['port strategy', { 'port strategy': old('do this') }],
    ['hook observe fill', { 'hook observe fill': old('do this') }],
    ['hook transform signal', { 'hook transform signal': old('do this') }],
    ['hook review order', { 'hook review order': old('do this') }],
    ['context container', { 'context container': old('do this') }],
  ])('is warned of once for each plugin that uses it: %s', (part, deprecations) => {
    const { warnings, registry, hooks, service } = warningsOf(deprecations, [busy('one'), busy('two')]);
    expect(warnings).toEqual(['one', 'two'].map((name) => `${name} uses ${part}, deprecated since plugin API 1.2.0 and removed in 2.0.0: do this`));
    // and works as before
    expect(registry.ids('strategy')).toEqual(['one-a', 'one-b', 'two-a', 'two-b']);
    expect([hooks.observes.fill, hooks.transformed.signal, hooks.reviewed.order, service]).toEqual([true, true, true, 1]);
  });

  it('is not warned of where no plugin uses it', () => {
    expect(warningsOf({ 'port memory': old('x'), 'hook observe stop': old('x'), 'context onStop': old('x') }, [busy('one')]).warnings).toEqual([]);
  });

  it('names versions of the plugin API: already there, and a later major', () => {
    for (const { since, removedIn, instead } of Object.values(DEPRECATIONS) as Deprecation[]) {
      expect(semver.lte(since, PLUGIN_API_VERSION)).toBe(true);
      expect(semver.gt(removedIn, PLUGIN_API_VERSION) && semver.major(removedIn) > semver.major(since)).toBe(true);
      expect(instead).not.toBe('');
    }
  });
});
