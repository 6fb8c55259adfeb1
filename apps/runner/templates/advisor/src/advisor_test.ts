import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AdvisorRequest } from '@keelson/core/ports';
import { advisor } from './advisor.js';

const instance = advisor.create({ params: { lookback: 5, everyMs: 1000, latencyMs: 0, validForMs: 5000 } } as Parameters<typeof advisor.create>[0]);
const ask = (closes: readonly number[]): ReturnType<typeof instance.refresh> => instance.refresh({ closes, time: 1000 } as unknown as AdvisorRequest, new AbortController().signal);

describe('__ID__', () => {
  it('leans with the drift, the surer the steadier it was', async () => {
    const steady = await ask([1, 2, 3, 4, 5]);
    const rough = await ask([1, 3, 2, 5, 4]);
    const down = await ask([5, 4, 3, 2, 1]);
    assert.equal(steady?.bias, 'bullish');
    assert.equal(steady?.confidence, 1);
    assert.equal(rough?.bias, 'bullish');
    assert.ok((rough?.confidence ?? 1) < 1);
    assert.equal(down?.bias, 'bearish');
    assert.equal(steady?.expiresAt, 6000);
  });

  it('is neutral where nothing moves, and has no opinion on too little', async () => {
    const still = await ask([2, 2, 2, 2, 2]);
    assert.equal(still?.bias, 'neutral');
    assert.equal(still?.confidence, 0);
    assert.equal(await ask([1, 2]), undefined);
  });

  it('gives up when it is called off', async () => {
    await assert.rejects(instance.refresh({ closes: [], time: 0 } as unknown as AdvisorRequest, AbortSignal.abort()));
  });
});
