import type { Account } from './account.js';
import type { Desk } from './desk.js';

/** Notional in the base currency of everything that is held and stays, and of every working entry. */
export function exposure(account: Account): number {
  let sum = 0;
  for (const desk of account.desks) {
    const { lots, notional } = desk.position;
    const rate = account.ledger.rateOf(desk.index);
    if (lots !== 0) sum += (Math.abs(notional) * rate * stayingLots(desk, account)) / Math.abs(lots);
    const pending = pendingEntries(desk, account);
    // none also spares an instrument without a price yet
    if (pending !== 0) sum += pending * notionalPerLot(desk, account);
  }
  return sum;
}

/** Notional of one lot at the last close, in the base currency. */
export function notionalPerLot(desk: Desk, account: Account): number {
  return Math.abs(desk.close) * desk.instrument.multiplier * desk.instrument.lotSize * account.ledger.rateOf(desk.index);
}

/**
 * Lots of one side that an instrument can come to hold: what is held and what works. A position of the other side makes
 * no room: its own stop or exit may take it away first, and may have done so already without the books knowing.
 */
export function committedLots(desk: Desk, account: Account, sign: number): number {
  const { orders } = account;
  return Math.max(0, desk.position.lots * sign + orders.pendingReductionLots(desk.index, sign)) + orders.pendingEntryLots(desk.index, sign);
}

/** Sum of what all instruments but one can come to hold, each on its greater side; `worth` is what one lot counts. */
export function committedElsewhere(except: Desk, account: Account, worth: (desk: Desk, account: Account) => number): number {
  let sum = 0;
  for (const desk of account.desks) {
    if (desk === except) continue;
    const lots = Math.max(committedLots(desk, account, 1), committedLots(desk, account, -1));
    if (lots !== 0) sum += lots * worth(desk, account); // none also spares an instrument without a price yet
  }
  return sum;
}

export function lotSize(desk: Desk): number {
  return desk.position.grid.lots.value(1);
}

/** Most of `lots` whose initial margin fits beside that of everything held and working. */
export function affordableLots(lots: number, desk: Desk, account: Account): number {
  const room = account.ledger.equity * (1 - account.settings.risk.marginBuffer) - usedMargin(account);
  let left = lots;
  for (let slack = 1; left > 0; slack = 1 + 1e-12) {
    const requirement = account.broker.margin(desk.instrument, desk.position.grid.lots.value(left), desk.close);
    if (requirement === undefined || requirement.initial === 0) return left;
    const needed = requirement.initial * account.ledger.rateOf(desk.index);
    if (needed <= room * slack) return left;
    // a venue may ask more than in proportion: what seems to fit is asked for again
    const fits = Math.floor((room / needed) * left);
    left = fits < left ? fits : left - 1;
  }
  return left > 0 ? left : 0;
}

function usedMargin(account: Account): number {
  let sum = 0;
  for (const desk of account.desks) {
    const exposed = stayingLots(desk, account) + pendingEntries(desk, account);
    if (exposed === 0) continue;
    const requirement = account.broker.margin(desk.instrument, desk.position.grid.lots.value(exposed), desk.close);
    if (requirement !== undefined) sum += requirement.initial * account.ledger.rateOf(desk.index);
  }
  return sum;
}

/** Lots of the open position that no exit is about to take: exits that are on their way come before entries at the venue. */
function stayingLots(desk: Desk, account: Account): number {
  return Math.max(0, Math.abs(desk.position.lots) - account.orders.pendingExitLots(desk.index));
}

function pendingEntries(desk: Desk, account: Account): number {
  return account.orders.pendingEntryLots(desk.index, 1) + account.orders.pendingEntryLots(desk.index, -1);
}
