import { describe, expect, it } from 'vitest';
import { measureEach, measureMemory, measurePass, measureRound } from './features.mjs';

/* What the bench measures, at a size that tells nothing about speed: it shows that the bench runs. */
describe('the bench of features', () => {
  it('measures every feature alone, and other libraries where they have it', async () => {
    const rows = [];
    for await (const row of measureEach({ bars: 2_000, rivalBars: 200, runs: 1 })) rows.push(row);
    expect(rows.length).toBeGreaterThan(60);
    for (const row of rows) expect(row.nsPerBar).toBeGreaterThan(0);
    expect(rows.find(({ feature }) => feature === 'sma')).toMatchObject({ family: 'averages', technicalindicators: expect.stringMatching(/x$/), tradingSignals: expect.stringMatching(/x$/) });
  });

  it('runs all features in one engine, over five timeframes of several instruments, and over a long stream', async () => {
    expect(await measurePass({ features: 80, bars: 500, runs: 1 })).toMatchObject({ features: 80, bars: 500 });
    expect(await measureRound({ features: 80, instruments: 2, rounds: 500 })).toMatchObject({ instruments: 2, timeframes: 5, rounds: 400, whereAllTimeframesClose: { rounds: 2 } });
    expect((await measureMemory({ chunkBars: 300, chunks: 4 })).mbAfterEachPart).toHaveLength(4);
  });
});
