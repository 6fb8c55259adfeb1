import type { BarColumns } from '@keelson/core/domain';
import type { Feature, FeatureDefinition } from '@keelson/core/ports';
import { BarRing } from '@keelson/core/series';
import { randomBars, seeded } from '@keelson/test-kit/bars';
import { createFeature, runFeature } from '@keelson/test-kit/features';
import { describe, expect, it } from 'vitest';
import { families } from './index.js';

const BARS = 400;
/** Two on one grid, one off it. */
const MARKETS = [randomBars(1, BARS), randomBars(2, BARS, { start: 90_000 }), randomBars(3, BARS, { denominator: 97.3 })];
const definitions = Object.values(families).flatMap((family) => Object.entries(family));

/** The given params as far as the feature has them, and 20 or the first choice where there is no default. */
function paramsOf({ params }: FeatureDefinition, wished: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const faultsOf = (given: unknown) => (params['~standard'].validate(given) as { readonly issues?: ReadonlyArray<{ readonly path: readonly string[]; readonly values?: readonly unknown[] }> }).issues ?? [];
  const given: Record<string, unknown> = {};
  for (const { path: [name], values } of faultsOf(given)) given[name as string] = values?.[0] ?? 20;
  for (const [name, value] of Object.entries(wished)) if (faultsOf({ ...given, [name]: value }).length === 0) given[name] = value;
  return given;
}

type Running = { readonly id: string; readonly feature: Feature; readonly ring: BarRing; readonly out: Float64Array; readonly alone: readonly Float64Array[] };

function runningOn(bars: BarColumns, wished: Readonly<Record<string, unknown>>): readonly Running[] {
  const ring = new BarRing();
  return definitions.map(([id, definition]) => {
    const make = (): Feature => createFeature(definition, paramsOf(definition, wished));
    return { id, feature: make(), ring, out: new Float64Array(definition.outputs.length), alone: runFeature(make(), bars, definition.outputs.length) };
  });
}

describe('features of several markets side by side', () => {
  it.each([{}, { source: 'hlc3', of: 'log-return' }, { source: 'low', of: 'return', period: 7 }])('have the values that each has alone, bit for bit, in whatever order they are updated: %j', (wished) => {
    const random = seeded(7);
    const all = MARKETS.flatMap((bars) => runningOn(bars, wished));
    const rings = MARKETS.map((_, market) => (all[market * definitions.length] as Running).ring);
    let values = 0;
    for (let bar = 0; bar < BARS; bar++) {
      MARKETS.forEach((bars, market) => rings[market]?.push(bars, bar));
      const first = Math.floor(random() * all.length);
      for (let i = 0; i < all.length; i++) {
        // a step that shares no divisor with the count comes to each of them once
        const { id, feature, ring, out, alone } = all[(first + i * 17) % all.length] as Running;
        feature.update(ring, out);
        for (let k = 0; k < out.length; k++) {
          const expected = alone[k]?.[bar];
          if (!Object.is(out[k], expected)) expect(`bar ${bar}, ${id}: ${out[k]}`).toBe(expected);
          if (!Number.isNaN(expected)) values++;
        }
      }
    }
    expect(all.length % 17).not.toBe(0);
    expect(values).toBeGreaterThan(90_000);
  });
});
