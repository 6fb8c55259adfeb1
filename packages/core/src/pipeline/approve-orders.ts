import type { OrderChange, OrderIntent, RiskApproved } from '../domain/order.js';
import { toQuantity } from '../domain/units.js';
import type { ManagedOrder } from '../execution/managed-order.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';

/** What the gate says of one intent: approved (perhaps for less), or refused with the reason. */
export type Approval = { readonly approved: RiskApproved<OrderIntent>; readonly reduced?: string } | { readonly refused: string };

/**
 * The one door to the market: intent → approval. The account's limits are ceilings that nothing loosens.
 * An order that only reduces exposure is never refused for an entry limit.
 *
 * Call it for one intent at a time and send what it approves before the next: working orders count against
 * the limits, so that two intents cannot pass on the same headroom.
 */
export function approveOrder(intent: OrderIntent, desk: Desk, account: Account): Approval {
  if (!account.settings.mayTrade) return { refused: 'allowOrders is false: set risk.allowOrders: true to trade on a real venue' };
  if (!(intent.quantity > 0)) return { refused: `quantity was ${intent.quantity}, expected more than 0` };
  if (onlyReduces(intent, desk)) return { approved: intent as RiskApproved<OrderIntent> };
  if (intent.role !== 'entry') return { refused: `an order to ${intent.role} would open or enlarge a position` };

  const objection = entryStop(desk, account) ?? account.hooks.objection('order', intent);
  if (objection !== undefined) return { refused: objection };

  const ceiling = quantityCeiling(intent, desk, account);
  if (ceiling.lots <= 0) return { refused: ceiling.reason };
  const { lots } = desk.position.grid;
  if (ceiling.lots < lots.nearest(intent.quantity)) {
    const approved = { ...intent, quantity: toQuantity(lots.value(ceiling.lots)) } as RiskApproved<OrderIntent>;
    return { approved, reduced: ceiling.reason };
  }
  return { approved: intent as RiskApproved<OrderIntent> };
}

/**
 * A change of a working order: protection may only be tightened, and no order may grow.
 * @returns undefined when the change is refused
 */
export function approveChange(change: OrderChange, order: ManagedOrder, desk: Desk): RiskApproved<OrderChange> | undefined {
  if (change.quantity !== undefined && desk.position.grid.lots.nearest(change.quantity) > order.lots) return undefined;
  if (order.role === 'stop' && change.stopPrice !== undefined && order.stopPrice !== undefined) {
    const tighter = order.side === 'sell' ? change.stopPrice > order.stopPrice : change.stopPrice < order.stopPrice;
    if (!tighter) return undefined;
  }
  return change as RiskApproved<OrderChange>;
}

function onlyReduces(intent: OrderIntent, desk: Desk): boolean {
  const { lots, grid } = desk.position;
  const against = intent.side === 'sell' ? lots > 0 : lots < 0;
  return intent.reduceOnly && against && grid.lots.nearest(intent.quantity) <= Math.abs(lots);
}

/** Limits that turn entries off altogether. */
function entryStop(desk: Desk, account: Account): string | undefined {
  const { risk } = account.settings;
  if (account.halted !== undefined) return account.halted;
  const { equity } = account.ledger;
  if (!(equity > 0)) return `equity was ${equity}, expected more than 0`;
  if (risk.maxDrawdownFraction !== undefined && equity <= account.peakEquity * (1 - risk.maxDrawdownFraction)) {
    account.halted = `maxDrawdownFraction ${risk.maxDrawdownFraction} was reached`;
    return account.halted;
  }
  const { day } = account;
  if (risk.maxDailyLossFraction !== undefined) {
    if (equity <= day.openingEquity * (1 - risk.maxDailyLossFraction)) day.lossLatched = true;
    if (day.lossLatched) return `maxDailyLossFraction ${risk.maxDailyLossFraction} was reached: no entries until the next session`;
  }
  if (risk.maxTradesPerDay !== undefined && day.entries >= risk.maxTradesPerDay) return `maxTradesPerDay ${risk.maxTradesPerDay} was reached`;
  if (account.orders.liveCount >= risk.maxOpenOrders) return `maxOpenOrders ${risk.maxOpenOrders} was reached`;
  for (const order of account.orders.live[desk.index] as (typeof account.orders.live)[number]) {
    if (order.status === 'unknown') return `the outcome of order ${order.clientOrderId} is not known`;
  }
  return undefined;
}

/** Most lots that every quantity limit allows, and which limit that was. */
function quantityCeiling(intent: OrderIntent, desk: Desk, account: Account): { readonly lots: number; readonly reason: string } {
  const { risk } = account.settings;
  const { grid, lots: held } = desk.position;
  const sign = intent.side === 'buy' ? 1 : -1;
  // an exit of the opposite position that is already on its way frees its room, and nothing else does
  const leaving = held * sign < 0 ? Math.min(Math.abs(held), account.orders.pendingExitLots(desk.index)) : 0;
  const committed = Math.max(0, (held + account.orders.pendingEntryLots(desk.index)) * sign + leaving);
  let lots = grid.lots.nearest(intent.quantity);
  let reason = '';
  const cap = (allowed: number, why: string): void => {
    if (allowed < lots) {
      lots = allowed;
      reason = why;
    }
  };
  cap(grid.lots.down(risk.maxOrderQuantity ?? risk.maxContracts), `maxOrderQuantity ${risk.maxOrderQuantity ?? risk.maxContracts}`);
  cap(grid.lots.down(risk.maxContracts) - committed, `maxContracts ${risk.maxContracts}`);
  if (risk.maxExposureFraction !== undefined) {
    const perLot = Math.abs(desk.close) * desk.instrument.multiplier * desk.instrument.lotSize * account.ledger.rateOf(desk.index);
    const room = account.ledger.equity * risk.maxExposureFraction - account.ledger.exposure - pendingNotional(account);
    cap(Math.floor(room / perLot), `maxExposureFraction ${risk.maxExposureFraction}`);
  }
  if (lots > 0) {
    const affordable = marginCeiling(lots, desk, account, risk.marginBuffer);
    cap(affordable, `margin: equity less the buffer of ${risk.marginBuffer} does not carry more`);
  }
  return { lots: Math.max(0, lots), reason };
}

function pendingNotional(account: Account): number {
  let sum = 0;
  for (const desk of account.desks) {
    sum += Math.abs(account.orders.pendingEntryLots(desk.index)) * Math.abs(desk.close) * desk.instrument.multiplier * desk.instrument.lotSize * account.ledger.rateOf(desk.index);
  }
  return sum;
}

/** Most lots whose initial margin fits beside that of everything held and working. */
function marginCeiling(lots: number, desk: Desk, account: Account, buffer: number): number {
  const used = usedMargin(account);
  const { grid } = desk.position;
  const requirement = account.broker.margin(desk.instrument, grid.lots.value(lots), desk.close);
  if (requirement === undefined || !(requirement.initial > 0)) return lots;
  const room = account.ledger.equity * (1 - buffer) - used;
  const needed = requirement.initial * account.ledger.rateOf(desk.index);
  return needed <= room ? lots : Math.max(0, Math.floor((room / needed) * lots));
}

function usedMargin(account: Account): number {
  let sum = 0;
  for (const desk of account.desks) {
    const { index } = desk;
    // exits that are on their way come before entries at the venue
    const exposed = Math.abs(desk.position.lots) - account.orders.pendingExitLots(index) + Math.abs(account.orders.pendingEntryLots(index));
    if (exposed <= 0) continue;
    const requirement = account.broker.margin(desk.instrument, desk.position.grid.lots.value(exposed), desk.close);
    if (requirement !== undefined) sum += requirement.initial * account.ledger.rateOf(desk.index);
  }
  return sum;
}
