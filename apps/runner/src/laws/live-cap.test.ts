import { MemoryJournal } from '@keelson/core/engine';
import type { BrokerEvent, OrderIntent } from '@keelson/core/domain';
import { describe, expect, it } from 'vitest';
import { lawOptions, MINUTE, randomBars, reckless, START, type LawRun } from '../../test-kit/law-run.js';
import { HandFeed, LiveLife, VirtualTime } from '../../test-kit/live-run.js';
import { ShadowBook } from '../../test-kit/shadow-book.js';

const CAP = 5;
const MINUTES = 60;

describe('the cap in a live run', () => {
  it.each([
    { instruments: 20, strategies: 10, quantity: 3 },
    { instruments: 1, strategies: 200, quantity: 50 },
  ])('holds 200 signals of one moment ($instruments × $strategies) to exactly the cap, and keeps to it at every instant', async ({ instruments, strategies, quantity }) => {
    const ids = Array.from({ length: instruments }, (_, i) => `I${i}`);
    const book = new ShadowBook();
    let votes = 0;
    let mostHeld = 0;
    let mostPossible = 0;
    const entered = new Map<number, number>();
    const check = (): void => {
      mostHeld = Math.max(mostHeld, ids.reduce((sum, id) => sum + Math.abs(book.position(id)), 0));
      mostPossible = Math.max(mostPossible, ids.reduce((sum, id) => sum + Math.max(Math.max(0, book.position(id)) + book.entering(id, 1), Math.max(0, -book.position(id)) + book.entering(id, -1)), 0));
    };
    const feed = new HandFeed();
    const run: LawRun = {
      bars: Object.fromEntries(ids.map((id) => [id, randomBars(MINUTES, `cap/${id}`)])),
      strategy: (context) => {
        const after = reckless(context);
        return (bar) => {
          votes++;
          if (bar.bars.count === 1) bar.signal.long({ confidence: 1 }); // all at once
          else after(bar);
        };
      },
      account: {
        risk: { maxContracts: CAP, maxTotalContracts: CAP, maxOpenOrders: 500 },
        sizing: { use: 'fixed-quantity', quantity },
        decision: { minConfidence: 0 },
        strategies: Array.from({ length: strategies }, (_, i) => ({ use: 'law', weight: i + 1 })),
        broker: { use: 'simulated', config: { volumeLimit: 0.5 } },
      },
      live: (handlers) => void (feed.handlers = handlers),
      onIntent: (intent: OrderIntent) => {
        if (intent.role === 'entry') entered.set(intent.decidedAt, (entered.get(intent.decidedAt) ?? 0) + intent.quantity);
        book.intent(intent);
        check();
      },
      onEvent: (event: BrokerEvent) => {
        book.event(event);
        check();
      },
    };
    const life = new LiveLife(lawOptions(run, [], []), new MemoryJournal(), new VirtualTime(), feed);
    await life.start();
    await life.play(run.bars, START, START + MINUTE);
    expect(votes).toBe(200);
    await life.play(run.bars, START + MINUTE, START + 3 * MINUTES * MINUTE);
    await life.end();
    expect([...entered.values()][0]).toBe(CAP);
    expect(mostPossible).toBe(CAP);
    expect(mostHeld).toBeGreaterThan(0);
    expect(entered.size).toBeGreaterThan(5);
  });
});
