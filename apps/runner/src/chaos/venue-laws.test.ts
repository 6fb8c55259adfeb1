import { toMoney, toPrice, toQuantity, toUtcMs, type BrokerEvent } from '@keelson/core/domain';
import { describe, expect, it } from 'vitest';
import { Breaches } from './breach.js';
import { VenueLaws } from './venue-laws.js';

const NOW = toUtcMs(Date.UTC(2024, 0, 2));

/** What breaks when this is bought at the venue, one after the other. */
function bought(caps: Readonly<Record<string, number>>, ...fills: ReadonlyArray<readonly [instrument: string, quantity: number]>): readonly string[] {
  const breaches = new Breaches(() => NOW);
  const laws = new VenueLaws({ caps: new Map(Object.entries(caps)), graceBars: 12 }, breaches);
  fills.forEach(([instrument, quantity], i) => laws.onEvent(fill(instrument, quantity, `order-${i}`)));
  return breaches.list.map(({ law, what }) => `${law}: ${what}`);
}

function fill(instrument: string, quantity: number, clientOrderId: string): BrokerEvent {
  return { kind: 'fill', fill: { executionId: `of ${clientOrderId}`, clientOrderId, instrument, side: 'buy', quantity: toQuantity(quantity), price: toPrice(100), commission: toMoney(0), commissionCurrency: 'USD', slippage: toMoney(0), liquidity: 'taker', time: NOW } };
}

describe('the laws at the venue', () => {
  it('hold each instrument to its own cap, also where another may hold more', () => {
    expect(bought({ A: 4, B: 1 }, ['A', 4], ['B', 1])).toEqual([]);
    expect(bought({ A: 4, B: 1 }, ['A', 4], ['B', 1], ['B', 1])).toEqual(['cap: the position in B was 2 with order-2, more than the cap of 1']);
    expect(bought({ A: 4, B: 9 }, ['A', 3], ['B', 8], ['A', 2])).toEqual(['cap: the position in A was 5 with order-2, more than the cap of 4']);
  });

  it('let nothing be held in what the account does not trade', () => {
    expect(bought({ A: 4 }, ['C', 1])).toEqual(['cap: the position in C was 1 with order-0, more than the cap of 0']);
  });
});
