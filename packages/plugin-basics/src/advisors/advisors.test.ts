import { toUtcMs } from '@keelson/core/domain';
import type { AdvisorDefinition, AdvisorRequest } from '@keelson/core/ports';
import { describe, expect, it } from 'vitest';
import { parse, silentLogger } from '../../testing/support.js';
import { fixedAdvisor } from './fixed-advisor.js';
import { nullAdvisor } from './null-advisor.js';

const request: AdvisorRequest = {
  instrument: 'MES',
  time: toUtcMs(1_000_000),
  closes: [1, 2, 3],
  regime: { tradable: true, reason: '', labels: {} },
  position: { quantity: 0, averagePrice: undefined },
  context: {},
  events: [],
};
const create = (definition: AdvisorDefinition, params: unknown) => definition.create({ params: parse(definition.params, params), clock: { now: () => toUtcMs(5) }, logger: silentLogger });
const ask = (definition: AdvisorDefinition, params: unknown) => create(definition, params).refresh(request, new AbortController().signal);

describe('fixed', () => {
  it('gives the configured opinion, valid from the time of the question', async () => {
    expect(await ask(fixedAdvisor, { bias: 'bearish', confidence: 0.8, rationale: 'rates', validForMs: 500 })).toEqual({ bias: 'bearish', confidence: 0.8, rationale: 'rates', expiresAt: 1_000_500 });
  });

  it('outlives the time to the next question by default', async () => {
    const { schedule } = create(fixedAdvisor, { bias: 'bullish' });
    const advice = await ask(fixedAdvisor, { bias: 'bullish' });
    expect(advice?.expiresAt).toBeGreaterThan(request.time + schedule.everyMs + schedule.latencyMs);
  });

  it('is asked as often as configured', () => {
    expect(create(fixedAdvisor, { bias: 'neutral', everyMs: 60_000, latencyMs: 2_000 }).schedule).toEqual({ everyMs: 60_000, latencyMs: 2_000 });
  });

  it.each([{}, { bias: 'up' }, { bias: 'bullish', confidence: 1.1 }, { bias: 'bullish', validForMs: 0 }, { bias: 'bullish', size: 2 }])('refuses %o', (params) => {
    expect(() => parse(fixedAdvisor.params, params)).toThrow();
  });
});

describe('null', () => {
  it('has no opinion', async () => {
    expect(await ask(nullAdvisor, {})).toBeUndefined();
  });
});
