import { describe, expect, it } from 'vitest';
import { measureFlat, measureHanging, measureLatency } from './live.mjs';

/* What the bench measures, at a size that tells nothing about speed: it shows that the bench runs, and trades. */
describe('the bench of the live loop', () => {
  it('measures bars with orders from their arrival to the broker, and the disk beside it', async () => {
    const row = await measureLatency(1_500, 300);
    expect(row.barsWithOrders).toBeGreaterThan(20);
    expect(row.barToOrderMs.p50).toBeGreaterThan(0);
    expect(row.barToOrderMs.p99).toBeGreaterThanOrEqual(row.barToOrderMs.p50);
    expect(row.diskSyncMsPerBarWithOrders.p50).toBeGreaterThan(0);
  });

  it('compares what hangs with what does not, and follows memory over a long run', async () => {
    const { p99CpuMs } = await measureHanging(300, 1, 100);
    expect(Math.min(p99CpuMs.with, p99CpuMs.without)).toBeGreaterThan(0);
    const flat = await measureFlat(1_000, 4);
    expect(flat.heapMbAfterEachPart).toHaveLength(5);
    expect(flat.orders).toBeGreaterThan(10);
  });
});
