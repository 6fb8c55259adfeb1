import type { Account } from './account.js';

/** Where books and venue differ, for a reader; empty where the newest comparison found them equal. */
export function disputeText({ desks, disputed }: Account): string {
  const lines = desks.flatMap(({ index, instrument, position }) => {
    const lots = disputed.get(index);
    return lots === undefined ? [] : [`the venue holds ${position.grid.lots.value(lots)} ${instrument.id} and the books have ${position.quantity}`];
  });
  return lines.join(', ');
}
