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

/** Most of `lots` whose initial margin fits beside that of everything held and working; in words, why that is not known. */
export function affordableLots(lots: number, desk: Desk, account: Account): number | string {
  const used = usedMargin(account);
  if (typeof used === 'string') return used;
  const room = account.ledger.equity * (1 - account.settings.risk.marginBuffer) - used;
  let left = lots;
  for (let slack = 1; left > 0; slack = 1 + 1e-12) {
    const needed = initialMargin(left, desk, account);
    if (typeof needed === 'string') return needed;
    if (needed === 0 || needed <= room * slack) return left;
    // a venue may ask more than in proportion: what seems to fit is asked for again
    const fits = Math.floor((room / needed) * left);
    left = fits < left ? fits : left - 1;
  }
  return left > 0 ? left : 0;
}

function usedMargin(account: Account): number | string {
  let sum = 0;
  for (const desk of account.desks) {
    if (desk.position.lots === 0 && account.orders.live[desk.index]?.length === 0) continue; // most of many instruments
    const exposed = stayingLots(desk, account) + pendingEntries(desk, account);
    if (exposed === 0) continue;
    const needed = initialMargin(exposed, desk, account);
    if (typeof needed === 'string') return needed;
    sum += needed;
  }
  return sum;
}

/**
 * Initial margin of so many lots in the base currency: what the venue asks, or what the account's own table says, the
 * larger of the two. In words where neither is known.
 */
function initialMargin(lots: number, desk: Desk, account: Account): number | string {
  const { id } = desk.instrument;
  const quantity = desk.position.grid.lots.value(lots);
  const answer = account.broker.margin(desk.instrument, quantity, desk.close);
  const own = account.limits[desk.index]?.initialMargin;
  const least = own === undefined ? undefined : own * quantity * account.ledger.rateOf(desk.index);
  if (answer === 'none') return least ?? 0;
  if (answer === undefined) return least ?? `the margin of ${id} is not known: the venue has not said what it asks`;
  const asked = answer.initial * account.ledger.rateIn(answer.currency);
  if (!Number.isFinite(asked)) return `the margin of ${id} is not known: it is ${answer.initial} ${answer.currency}, which has no value in the base currency`;
  return least !== undefined && least > asked ? least : asked;
}

/** Lots of the open position that no exit is about to take: exits that are on their way come before entries at the venue. */
function stayingLots(desk: Desk, account: Account): number {
  return Math.max(0, Math.abs(desk.position.lots) - account.orders.pendingExitLots(desk.index));
}

function pendingEntries(desk: Desk, account: Account): number {
  return account.orders.pendingEntryLots(desk.index, 1) + account.orders.pendingEntryLots(desk.index, -1);
}
