import { describe, expect, it } from 'vitest';
import { leastMs, measureHistory } from './history.mjs';
import { measureOrders } from './orders.mjs';
import { measureSimulator } from './simulator.mjs';
import { measureSubscriptions } from './subscriptions.mjs';
import { measureTicks } from './ticks.mjs';

/* What the bench measures, at a size that tells nothing about speed: it shows that the bench runs. */
describe('the bench of Interactive Brokers', () => {
  it('counts what the simulator sends, and what a feed takes in', async () => {
    const sent = await measureSimulator({ seconds: 1, contracts: 3 });
    expect(sent.messages).toBeGreaterThan(500);
    const taken = await measureSubscriptions({ seconds: 3, contracts: 3, ticksPerSecond: 20, parts: 2 });
    expect(taken.messagesPerSecond).toBeGreaterThan(20);
    expect(taken.heapMbAfterEachPart).toHaveLength(3);
  }, 30_000);

  it('follows ticks and bars to the features, and orders to their answers', async () => {
    const ticks = await measureTicks('ticks', { steps: 1_000 });
    expect(ticks.pieces).toBeGreaterThan(200);
    const bars = await measureTicks('bars', { steps: 20 });
    expect(bars.bars).toBe(20);
    expect(bars.toFeaturesMs.p50).toBeGreaterThan(0);
    const orders = await measureOrders({ orders: 2, warmUp: 0 });
    expect(orders.bracketFilledMs.p50).toBeGreaterThan(0);
  }, 60_000);

  it('counts the least time that the rules allow, and what history takes', async () => {
    expect([leastMs([1, 1, 1, 1, 1]), leastMs([1, 1, 1, 1, 1, 1]), leastMs([1, 1, 1, 1, 1, 2]), leastMs(Array.from({ length: 61 }, (_, i) => i))]).toEqual([0, 2_000, 0, 600_000]);
    const { questions, refusals, elapsedS, leastS } = await measureHistory({ days: 9 });
    expect(questions).toBeGreaterThan(6);
    expect(refusals).toBe(0);
    expect(elapsedS).toBeGreaterThanOrEqual(leastS);
  }, 30_000);
});
