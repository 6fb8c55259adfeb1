import type { BrokerEvent } from '@keelson/core/domain';
import { createRandom } from '@keelson/core/engine';
import { describe, expect, it } from 'vitest';
import { VenueHarness } from '../../testing/venue-harness.js';
import type { SimulatedSettings } from '../config.js';

const FLAT = [100, 101, 99, 100] as const;

/** A venue on which the named faults always strike. */
const venueOf = (faults: NonNullable<SimulatedSettings['faults']>): VenueHarness => new VenueHarness({ settings: { faults }, random: createRandom('faults') });

const brief = (events: readonly BrokerEvent[]): string[] => events.map((event) => (event.kind === 'connection' ? event.state : event.kind === 'fill' ? `fill ${event.fill.clientOrderId}` : 'clientOrderId' in event ? `${event.kind} ${event.clientOrderId}` : event.kind));

/** What is heard in each of `moments` after an order was given on the first. */
function heard(venue: VenueHarness, moments: number, orders: readonly string[] = ['A']): string[][] {
  venue.bar(FLAT);
  venue.take();
  for (const clientOrderId of orders) venue.submit({ clientOrderId, quantity: 1 });
  const said = [brief(venue.take())];
  for (let i = 0; i < moments; i++) {
    venue.bar(FLAT);
    said.push(brief(venue.take()));
  }
  return said;
}

describe('the simulated broker with faults', () => {
  it('says everything once and at once where no fault has a chance', () => {
    expect(heard(venueOf({}), 2)).toEqual([['accepted A'], ['fill A'], []]);
  });

  it('says every event twice', () => {
    expect(heard(venueOf({ duplicate: 1 }), 1)).toEqual([['accepted A', 'accepted A'], ['fill A', 'fill A']]);
  });

  it('loses events until it is found out, and then says all of them in their order', () => {
    expect(heard(venueOf({ drop: 1, resyncBars: 3 }), 2)).toEqual([[], [], ['accepted A', 'fill A']]);
  });

  it('holds events up', () => {
    expect(heard(venueOf({ delay: 1, maxDelayBars: 1, resyncBars: 4 }), 3)).toEqual([[], [], [], ['accepted A', 'fill A']]);
  });

  it('refuses orders, which then never trade', () => {
    expect(heard(venueOf({ reject: 1 }), 3)).toEqual([['rejected A'], [], [], []]);
  });

  it('loses an order: its outcome is unknown, and it is refused once that is known', () => {
    const said = heard(venueOf({ lose: 1, resyncBars: 2 }), 3);
    expect(said[0]).toEqual(['outcome-unknown A']);
    expect(said.flat()).toEqual(['outcome-unknown A', 'rejected A']);
  });

  it('takes an order whose answer is lost: its outcome is unknown, and it trades', () => {
    const said = heard(venueOf({ timeout: 1, resyncBars: 2 }), 3);
    expect(said[0]).toEqual(['outcome-unknown A']);
    expect(said.flat().filter((each) => each !== 'outcome-unknown A').sort()).toEqual(['accepted A', 'fill A']);
  });

  it('takes an order that arrives twice once', () => {
    expect(heard(venueOf({ repeat: 1 }), 3).flat().filter((each) => each.startsWith('fill'))).toEqual(['fill A']);
  });

  it('breaks the connection, and says what was missed when it stands again', () => {
    const venue = venueOf({ disconnect: 1, maxDisconnectBars: 1 });
    const said = heard(venue, 4).flat();
    expect(said.filter((each) => each === 'disconnected').length).toBeGreaterThan(0);
    expect(said.indexOf('connected')).toBeLessThan(said.indexOf('rejected A'));
    expect(said).toContain('outcome-unknown A'); // the first bar had broken it
    expect(said).not.toContain('fill A');
  });

  it('loses the working orders at a restart of the venue, and says so when the connection stands again', () => {
    const venue = venueOf({ restart: 1, maxDisconnectBars: 2 });
    venue.submit({ clientOrderId: 'L', quantity: 1, type: 'limit', limitPrice: 50 as never });
    venue.take();
    const said: string[] = [];
    for (let i = 0; i < 4; i++) {
      venue.bar(FLAT);
      said.push(...brief(venue.take()));
    }
    expect(said.slice(0, 3)).toEqual(['disconnected', 'connected', 'canceled L']);
  });

  it.each([['bust', undefined], ['correct', 101]] as const)('takes a fill back within five moments (%s)', (kind, price) => {
    const venue = venueOf({ [kind]: 1 });
    venue.bar(FLAT);
    venue.submit({ clientOrderId: 'A', quantity: 1 });
    for (let i = 0; i < 7; i++) venue.bar(FLAT);
    const corrected = venue.take().filter((event) => event.kind === 'fill-corrected');
    expect(corrected).toHaveLength(1);
    expect(corrected[0]).toMatchObject(price === undefined ? { executionId: expect.any(String) as string } : { replacement: { price } });
    expect(corrected[0] !== undefined && 'replacement' in corrected[0] && corrected[0].replacement !== undefined).toBe(price !== undefined);
  });

  it('fills one or two lots a bar', () => {
    const venue = venueOf({ partialFill: 1 });
    venue.bar(FLAT);
    venue.submit({ clientOrderId: 'A', quantity: 9 });
    const fills: number[] = [];
    for (let i = 0; i < 9; i++) {
      venue.bar(FLAT);
      fills.push(...venue.take().flatMap((event) => (event.kind === 'fill' ? [event.fill.quantity] : [])));
    }
    expect(Math.max(...fills)).toBeLessThanOrEqual(2);
    expect(fills.length).toBeGreaterThanOrEqual(5);
    expect(fills.reduce((sum, each) => sum + each, 0)).toBe(9);
  });

  it('says in its warnings that faults were injected, how many, and from which seed', () => {
    const venue = venueOf({ seed: 7, duplicate: 1 });
    heard(venue, 1);
    expect(venue.broker.warnings()).toContain('faults were injected on purpose: 2 struck (seed 7)');
  });
});
