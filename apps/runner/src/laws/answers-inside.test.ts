import type { BrokerEvent, OrderIntent } from '@keelson/core/domain';
import { toMoney, toPrice, toQuantity, toUtcMs } from '@keelson/core/domain';
import { MemoryJournal, replayJournal, type ComposeOptions } from '@keelson/core/engine';
import { BROKER, defineBroker, definePlugin } from '@keelson/core/plugin';
import type { Broker, BrokerEventSink, JournalRecord } from '@keelson/core/ports';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { lawOptions, MINUTE, randomBars, reckless, START } from '../../test-kit/law-run.js';
import { HandFeed, LiveLife, VirtualTime } from '../../test-kit/live-run.js';

/** A venue outside that answers while it is still spoken to: it fills what trades at the market, and refuses every stop. */
class HastyVenue implements Broker {
  readonly capabilities = { venue: 'paper', orderTypes: ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'], timesInForce: ['day', 'gtc', 'ioc'], nativeBrackets: true, oco: true, modify: true } as const;
  readonly seen: string[] = [];
  private sink: BrokerEventSink = () => undefined;
  private held = 0;

  constructor(private readonly time: VirtualTime) {}

  connect(sink: BrokerEventSink): Promise<void> {
    this.sink = sink;
    return Promise.resolve();
  }

  disconnect(): Promise<void> {
    return Promise.resolve();
  }

  snapshot(): ReturnType<Broker['snapshot']> {
    return Promise.resolve({ time: this.time.now(), orders: [], positions: this.held === 0 ? [] : [{ instrument: 'A', quantity: this.held, averagePrice: toPrice(4000) }], cash: [] });
  }

  executionsSince(): ReturnType<Broker['executionsSince']> {
    return Promise.resolve([]);
  }

  submit(order: OrderIntent): void {
    const { clientOrderId, side, quantity, type, decisionPrice, bracket = [] } = order;
    const time = this.time.now();
    this.seen.push(clientOrderId);
    if (type !== 'market') return this.refuse(clientOrderId);
    this.held += side === 'buy' ? quantity : -quantity;
    this.sink({ kind: 'accepted', clientOrderId, venueOrderId: clientOrderId, time });
    this.sink({ kind: 'fill', fill: { executionId: `x-${clientOrderId}`, clientOrderId, instrument: 'A', side, quantity, price: decisionPrice, commission: toMoney(0.62), commissionCurrency: 'USD', slippage: toMoney(0), liquidity: 'taker', time } });
    for (const leg of bracket) this.refuse(leg.clientOrderId);
  }

  modify(): void {
    throw new Error('nothing works here');
  }

  cancel(clientOrderId: string): void {
    this.sink({ kind: 'cancel-rejected', clientOrderId, code: 'BRK_UNKNOWN_ORDER', reason: 'no such order', time: this.time.now() });
  }

  margin(): 'none' {
    return 'none';
  }

  warnings(): readonly string[] {
    return [];
  }

  private refuse(clientOrderId: string): void {
    this.sink({ kind: 'rejected', clientOrderId, code: 'BRK_REJECTED', reason: 'no stops here', time: this.time.now() });
  }
}

it('acts on one input after the other, also where the venue answers inside of the call: nothing is in the middle of anything, and the journal decides the same again', async () => {
  const bars = { A: randomBars(200, 'inside') };
  const time = new VirtualTime();
  const journal = new MemoryJournal();
  const feed = new HandFeed();
  const venue = new HastyVenue(time);
  const hasty = definePlugin({ name: 'hasty', version: '1.0.0', api: '^1.0.0', provides: ['broker'], register: ({ add }) => add(BROKER, 'hasty', defineBroker({ params: z.unknown(), create: () => venue })) });
  const run = { bars, strategy: reckless, live: (handlers: HandFeed['handlers']) => void (feed.handlers = handlers), account: { decision: { minConfidence: 0.2 }, sizing: { use: 'fixed-quantity', quantity: toQuantity(3) }, exits: { stopPoints: 12, rewardRisk: 2 }, risk: { maxContracts: 4, allowOrders: true }, broker: { use: 'hasty' } } };
  const law = lawOptions(run, [], []);
  const options: Omit<ComposeOptions, 'journal'> = { ...law, plugins: [...law.plugins, { plugin: hasty, config: {}, source: 'hasty' }] };

  const life = new LiveLife(options, journal, time, feed);
  await life.start();
  await life.play(bars, START, START + 400 * MINUTE);
  await life.end();

  const records = journal.read() as JournalRecord[];
  const refused = records.filter(({ kind, data }) => kind === 'broker-event' && (data as BrokerEvent).kind === 'rejected');
  expect(refused.length).toBeGreaterThan(50);
  expect(new Set(venue.seen).size).toBe(venue.seen.length);
  expect(records.filter(({ time: at }) => at < toUtcMs(START))).toEqual([]);
  expect((await replayJournal(options, records)).difference).toBeUndefined();
});
