import type { BarColumns } from '@keelson/core/domain';
import type { StrategyDefinition } from '@keelson/core/ports';
import { sliceBars } from '@keelson/core/series';
import { randomBars, seeded } from '@keelson/test-kit/bars';
import { describe, expect, it } from 'vitest';
import plugin from '../index.js';
import { inDays } from '../../testing/in-days.js';
import { obedient, runStrategy } from '../../testing/run-strategy.js';

const added: Array<readonly [string, StrategyDefinition]> = [];
plugin.register({ add: ({ port }: { port: string }, id: string, definition: StrategyDefinition) => void (port === 'strategy' && added.push([id, definition])) } as never);

/** What a strategy cannot do without; the entries are made frequent, so that there is something to compare. */
const PARAMS: Readonly<Record<string, Record<string, unknown>>> = {
  'pairs-spread': { first: 'TEST', second: 'OTHER' },
  'momentum-reversal': { stretch: 0.5 },
  'trend-pullback': { minAdx: 20 },
  'rsi-macd': { side: 'both', sentiment: { feature: 'rsi', neutral: 50, scale: 50 } },
};

describe('no strategy changes what it said when more bars come', () => {
  const bars = inDays(randomBars(71, 3000), 240);
  const other = inDays(randomBars(72, 3000), 240);
  const next = seeded(7);
  const cuts = Array.from({ length: 12 }, () => 200 + Math.floor(next() * 2700));

  it.each(added)('%s', (id, definition) => {
    const run = (data: BarColumns, second: BarColumns) => runStrategy(definition, PARAMS[id] ?? {}, data, { holding: obedient, others: { OTHER: second } });
    const full = run(bars, other);
    expect(full.length).toBeGreaterThan(20);
    for (const cut of cuts) expect(run(sliceBars(bars, 0, cut), sliceBars(other, 0, cut))).toEqual(full.filter(({ bar }) => bar < cut));
  });
});
