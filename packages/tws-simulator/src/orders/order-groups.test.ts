import { describe, expect, it } from 'vitest';
import { DeskHarness } from '../../testing/desk-harness.js';

/** Entry, stop and target as clients send them: only the last leg is transmitted. */
function placeBracket(venue: DeskHarness, quantity = 1): void {
  venue.place(1, { totalQuantity: quantity, orderType: 'LMT', lmtPrice: 5000, transmit: 0 });
  venue.place(2, { action: 'SELL', totalQuantity: quantity, orderType: 'LMT', lmtPrice: 5020, parentId: 1, transmit: 0, tif: 'GTC' });
  venue.place(3, { action: 'SELL', totalQuantity: quantity, orderType: 'STP', auxPrice: 4990, parentId: 1, transmit: 1, tif: 'GTC' });
}

describe('a bracket', () => {
  it('says nothing of its legs and trades none of them until the last one is transmitted', () => {
    const venue = new DeskHarness();
    venue.price(4990);
    venue.place(1, { orderType: 'LMT', lmtPrice: 5000, transmit: 0 });
    venue.place(2, { action: 'SELL', orderType: 'STP', auxPrice: 4980, parentId: 1, transmit: 0 });
    venue.price(4985);
    expect(venue.take()).toEqual([]);
    venue.place(3, { action: 'SELL', orderType: 'LMT', lmtPrice: 5020, parentId: 1, transmit: 1 });
    expect(venue.order(1).status).toBe('Filled');
    expect(venue.take().filter((line) => line.startsWith('order')).slice(0, 3)).toEqual(['order 1 PreSubmitted', 'order 2 PreSubmitted', 'order 3 PreSubmitted']);
  });

  it('keeps the children asleep until the parent fills', () => {
    const venue = new DeskHarness();
    venue.price(5030);
    placeBracket(venue);
    expect(venue.desk.whyHeld(venue.order(2))).toBe('child');
    expect(venue.desk.whyHeld(venue.order(3))).toBe('child,trigger');
    venue.price(5025);
    expect(venue.executions).toEqual([]);
    venue.price(5000);
    venue.price(5021);
    expect(venue.executions.map((fill) => [fill.orderId, fill.price])).toEqual([[1, 5000], [2, 5021]]);
  });

  it('cancels the other exit when one has closed the position', () => {
    const venue = new DeskHarness();
    venue.price(5000);
    placeBracket(venue);
    venue.take();
    venue.price(4985);
    expect(venue.order(3).status).toBe('Filled');
    expect(venue.order(2).status).toBe('Cancelled');
    expect(venue.take()).toContain('error 2 202 Order Canceled - reason:');
  });

  it('protects what has filled of the parent, and closes no more than that', () => {
    const venue = new DeskHarness();
    venue.price(5000, { size: 2 });
    placeBracket(venue, 5);
    expect(venue.order(1).filled).toBe(2);
    venue.price(4985, { bid: 4985, ask: 5010 });
    expect(venue.order(3).filled).toBe(2);
    expect(venue.account.position(1).quantity).toBe(0);
    expect(venue.order(2)).toMatchObject({ quantity: 3, filled: 0 });
  });

  it('keeps the exits of the part that filled when the parent is cancelled, and drops them when nothing did', () => {
    const venue = new DeskHarness();
    venue.price(5000, { size: 2 });
    placeBracket(venue, 5);
    venue.desk.cancel(1, 1);
    expect([venue.order(2).quantity, venue.order(3).quantity]).toEqual([2, 2]);
    const other = new DeskHarness();
    other.price(5030);
    placeBracket(other);
    other.desk.cancel(1, 1);
    expect([other.order(2).status, other.order(3).status]).toEqual(['Cancelled', 'Cancelled']);
  });

  it('splits into two targets that leave the stop the rest', () => {
    const venue = new DeskHarness();
    venue.price(5000);
    venue.place(1, { totalQuantity: 4, transmit: 0 });
    venue.place(2, { action: 'SELL', totalQuantity: 2, orderType: 'LMT', lmtPrice: 5010, parentId: 1, transmit: 0 });
    venue.place(3, { action: 'SELL', totalQuantity: 2, orderType: 'LMT', lmtPrice: 5020, parentId: 1, transmit: 0 });
    venue.place(4, { action: 'SELL', totalQuantity: 4, orderType: 'STP', auxPrice: 4990, parentId: 1 });
    venue.price(5010);
    expect(venue.order(3)).toMatchObject({ quantity: 2 });
    expect(venue.order(4)).toMatchObject({ quantity: 2 });
    venue.price(4980);
    expect(venue.account.position(1).quantity).toBe(0);
    expect(venue.order(3).status).toBe('Cancelled');
  });

  it('does not send the children of a parent that the margin refuses', () => {
    const venue = new DeskHarness({ cash: 1000 });
    venue.price(5000);
    placeBracket(venue);
    expect([1, 2, 3].map((id) => venue.order(id).status)).toEqual(['Inactive', 'Cancelled', 'Cancelled']);
    expect(venue.executions).toEqual([]);
  });
});

describe('an OCA group', () => {
  it('that has filled takes no further order', () => {
    const venue = new DeskHarness();
    venue.price(5000);
    venue.place(1, { ocaGroup: 'g', ocaType: 2 });
    expect(venue.place(2, { ocaGroup: 'g', ocaType: 2 })).toBeUndefined();
    expect(venue.take().at(-1)).toBe('error 2 201 Order rejected - reason:OCA group is already filled.');
  });

  const place = (venue: DeskHarness, ocaType: number, quantity: number): void => {
    venue.place(1, { orderType: 'LMT', lmtPrice: 4990, totalQuantity: quantity, ocaGroup: 'g', ocaType });
    venue.place(2, { orderType: 'STP', auxPrice: 5010, totalQuantity: quantity, ocaGroup: 'g', ocaType });
  };

  it('of type 1 cancels the others on the first fill, whole or not', () => {
    const venue = new DeskHarness();
    venue.price(5000);
    place(venue, 1, 4);
    venue.price(4990, { size: 1 });
    expect(venue.order(1).filled).toBe(1);
    expect(venue.order(2).status).toBe('Cancelled');
  });

  it.each([2, 3])('of type %i reduces the others by the part that filled', (ocaType) => {
    const venue = new DeskHarness();
    venue.price(5000);
    place(venue, ocaType, 4);
    venue.price(4990, { size: 1 });
    expect(venue.order(2)).toMatchObject({ quantity: 3, status: 'PreSubmitted' });
    venue.price(4990, { size: 3 });
    expect(venue.order(2).status).toBe('Cancelled');
  });
});
