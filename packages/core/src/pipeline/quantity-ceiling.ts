import type { OrderIntent } from '../domain/order.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';

/** What holds a quantity down. */
type Limit = 'lots' | 'maxOrderQuantity' | 'maxContracts' | 'maxExposureFraction' | 'margin';

/** Most lots that every quantity limit allows, and which limit that was. */
export function quantityCeiling(intent: OrderIntent, desk: Desk, account: Account): { readonly lots: number; readonly limit: Limit } {
  const { risk } = account.settings;
  const { grid, lots: held } = desk.position;
  const sign = intent.side === 'buy' ? 1 : -1;
  // a position of the other side makes no room: its own stop or exit may take it away first
  const committed = Math.max(0, held * sign) + account.orders.pendingEntryLots(desk.index, sign);
  let lots = grid.lots.down(intent.quantity);
  let limit: Limit = 'lots';
  // negated, so that what is not a number is not allowed either
  const perOrder = grid.lots.down(risk.maxOrderQuantity ?? risk.maxContracts);
  if (!(perOrder >= lots)) {
    lots = atLeastNone(perOrder);
    limit = 'maxOrderQuantity';
  }
  const position = grid.lots.down(risk.maxContracts) - committed;
  if (!(position >= lots)) {
    lots = atLeastNone(position);
    limit = 'maxContracts';
  }
  if (risk.maxExposureFraction !== undefined) {
    const perLot = Math.abs(desk.close) * desk.instrument.multiplier * desk.instrument.lotSize * account.ledger.rateOf(desk.index);
    const room = Math.floor((account.ledger.equity * risk.maxExposureFraction - exposure(account)) / perLot);
    if (!(room >= lots)) {
      lots = atLeastNone(room);
      limit = 'maxExposureFraction';
    }
  }
  if (lots > 0) {
    const affordable = marginCeiling(lots, desk, account, risk.marginBuffer);
    if (!(affordable >= lots)) {
      lots = atLeastNone(affordable);
      limit = 'margin';
    }
  }
  return { lots, limit };
}

/** A limit in words; made only when it was met, since text is dear on the order path. */
export function limitText(limit: Limit, intent: OrderIntent, desk: Desk, account: Account): string {
  const { risk } = account.settings;
  switch (limit) {
    case 'lots':
      return `quantity was ${intent.quantity}, expected whole lots of ${desk.position.grid.lots.step}`;
    case 'maxOrderQuantity':
      return `maxOrderQuantity ${risk.maxOrderQuantity ?? risk.maxContracts}`;
    case 'maxContracts':
      return `maxContracts ${risk.maxContracts}`;
    case 'maxExposureFraction':
      return `maxExposureFraction ${risk.maxExposureFraction}`;
    case 'margin':
      return `margin: equity less the buffer of ${risk.marginBuffer} does not carry more`;
  }
}

function atLeastNone(lots: number): number {
  return lots > 0 ? lots : 0;
}

/** Notional in the base currency of everything that is held and stays, and of every working entry. */
function exposure(account: Account): number {
  let sum = 0;
  for (const desk of account.desks) {
    const { lots, notional } = desk.position;
    const rate = account.ledger.rateOf(desk.index);
    if (lots !== 0) sum += (Math.abs(notional) * rate * stayingLots(desk, account)) / Math.abs(lots);
    const pending = pendingEntries(desk, account);
    // none also spares an instrument without a price yet
    if (pending !== 0) sum += pending * Math.abs(desk.close) * desk.instrument.multiplier * desk.instrument.lotSize * rate;
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

/** Most lots whose initial margin fits beside that of everything held and working. */
function marginCeiling(lots: number, desk: Desk, account: Account, buffer: number): number {
  const used = usedMargin(account);
  const { grid } = desk.position;
  const requirement = account.broker.margin(desk.instrument, grid.lots.value(lots), desk.close);
  if (requirement === undefined || requirement.initial === 0) return lots;
  const room = account.ledger.equity * (1 - buffer) - used;
  const needed = requirement.initial * account.ledger.rateOf(desk.index);
  return needed <= room ? lots : Math.max(0, Math.floor((room / needed) * lots));
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
