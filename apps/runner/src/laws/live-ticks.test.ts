import { toPrice, toUtcMs } from '@keelson/core/domain';
import { MemoryJournal } from '@keelson/core/engine';
import { describe, expect, it } from 'vitest';
import { lawOptions, MINUTE, randomBars, START, type LawRun } from '../../test-kit/law-run.js';
import { HandFeed, LiveLife, VirtualTime } from '../../test-kit/live-run.js';

describe('a live run on a feed of ticks', () => {
  it('decides on bars that are built of them, with their quotes, and closes one by the clock when nothing trades after it', async () => {
    const journal = new MemoryJournal();
    const time = new VirtualTime();
    const feed = new HandFeed();
    const run: LawRun = { bars: { A: randomBars(1, 'ticks') }, live: (handlers) => void (feed.handlers = handlers) };
    const life = new LiveLife(lawOptions(run, [], []), journal, time, feed);
    await life.start();
    const trade = (second: number, price: number): void => {
      time.turnTo(START + second * 1000);
      feed.handlers?.onTick('A', { time: toUtcMs(START + second * 1000), price: toPrice(price), quantity: 2 });
    };
    trade(5, 4000);
    feed.handlers?.onQuote('A', { time: toUtcMs(START + 6000), bid: toPrice(3999), ask: toPrice(4001), bidSize: 1, askSize: 1 });
    trade(30, 4010);
    trade(70, 3990);
    time.turnTo(START + 3 * MINUTE);
    await life.end();
    const bars = [...journal.read()].filter(({ kind }) => kind === 'bars').map(({ data }) => (data as { readonly bars: readonly unknown[] }).bars[0]);
    expect(bars).toEqual([
      [0, 0, START, START + MINUTE, 4000, 4010, 4000, 4010, 4, [3999, 4001, 1, 1]],
      [0, 0, START + MINUTE, START + 2 * MINUTE, 3990, 3990, 3990, 3990, 2, [3999, 4001, 1, 1]],
    ]);
  });
});
