import { isPlugin } from '@keelson/core/plugin';
import type { PluginContext, PortName, PortToken } from '@keelson/core/plugin';
import { describe, expect, it } from 'vitest';
import plugin, * as definitions from './index.js';

describe('@keelson/plugin-basics', () => {
  it('adds each definition it exports, under ports that it declares', () => {
    const added: Array<[PortName, string, unknown]> = [];
    const context = { add: (token: PortToken<PortName>, id: string, definition: unknown) => added.push([token.port, id, definition]) };
    plugin.register(context as unknown as PluginContext<Record<string, never>>);

    expect(isPlugin(plugin)).toBe(true);
    expect(added.map(([port, id]) => `${port} ${id}`)).toEqual([
      'advisor fixed', 'advisor null', 'proposal-source file', 'memory in-memory', 'risk-overlay max-quantity', 'risk-overlay min-reward-risk',
      ...['volatility-size', 'exposure-cap', 'correlation-cap', 'slippage-guard', 'expected-value', 'loss-streak', 'low-profit-instrument', 'max-drawdown-pause'].map((id) => `risk-overlay ${id}`), 'notifier log',
    ]);
    expect(new Set(added.map(([port]) => port))).toEqual(new Set(plugin.provides));
    const { default: _, ...exported } = definitions;
    expect(new Set(added.map(([, , definition]) => definition))).toEqual(new Set(Object.values(exported)));
  });
});
