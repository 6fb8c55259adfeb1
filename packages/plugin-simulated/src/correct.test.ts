import { describe, expect, it } from 'vitest';
import type { BrokerEvent } from '@keelson/core/domain';
import { VenueHarness } from '../testing/venue-harness.js';
import type { SimulatedBroker } from './simulated-broker.js';

/** A venue at which two were bought at 100, marked at 110. */
function bought(): { readonly venue: VenueHarness; readonly broker: SimulatedBroker; readonly id: string } {
  const venue = new VenueHarness({ settings: { commission: { perContract: 1 } } });
  venue.bar([100, 100, 100, 100]);
  venue.submit({ clientOrderId: 'A', quantity: 2 });
  venue.bar([100, 110, 100, 110]);
  const fill = venue.take().find((event) => event.kind === 'fill') as Extract<BrokerEvent, { kind: 'fill' }>;
  return { venue, broker: venue.broker as SimulatedBroker, id: fill.fill.executionId };
}

describe('a fill that the venue corrects', () => {
  it('is taken back with its commission: the position goes, and equity is as if it had never been', () => {
    const { venue, broker, id } = bought();
    const multiplier = venue.instruments[0]?.multiplier as number;
    const before = broker.equity;
    broker.correct(id, undefined);
    expect(broker.quantityOf(0)).toBe(0);
    expect(broker.equity).toBeCloseTo(before - 2 * 10 * multiplier + 2, 9);
    expect(venue.take()).toMatchObject([{ kind: 'fill-corrected', executionId: id }]);
  });

  it('is booked again at another price under another id: the position stays, and equity pays the difference once', () => {
    const { venue, broker, id } = bought();
    const multiplier = venue.instruments[0]?.multiplier as number;
    const before = broker.equity;
    broker.correct(id, 101);
    expect(broker.quantityOf(0)).toBe(2);
    expect(broker.equity).toBeCloseTo(before - 2 * 1 * multiplier, 9);
    const [event] = venue.take() as [Extract<BrokerEvent, { kind: 'fill-corrected' }>];
    expect(event).toMatchObject({ kind: 'fill-corrected', executionId: id, replacement: { clientOrderId: 'A', price: 101, quantity: 2, commission: 2 } });
    expect(event.replacement?.executionId).not.toBe(id);
  });

  it('is the only one that the venue tells of from then on', async () => {
    const { broker, id } = bought();
    broker.correct(id, 101);
    const told = await broker.executionsSince(0 as never);
    expect(told.map(({ executionId, price }) => [executionId === id, price])).toEqual([[false, 101]]);
    broker.correct(told[0]?.executionId as string, undefined);
    expect(await broker.executionsSince(0 as never)).toEqual([]);
  });

  it('is left alone when nobody knows it, or it was taken back before', () => {
    const { venue, broker, id } = bought();
    broker.correct('E-none', undefined);
    broker.correct(id, undefined);
    venue.take();
    const { equity } = broker;
    broker.correct(id, 90);
    expect([venue.take(), broker.quantityOf(0), broker.equity]).toEqual([[], 0, equity]);
  });
});
