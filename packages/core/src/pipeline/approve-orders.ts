import type { OrderChange, OrderIntent, RiskApproved } from '../domain/order.js';
import { toQuantity } from '../domain/units.js';
import type { ManagedOrder } from '../execution/managed-order.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';
import { disputeText } from './dispute-text.js';
import { changeObjection, priceObjection } from './check-prices.js';
import { entryStop } from './entry-stops.js';
import { disasterLevel } from './exit-levels.js';
import { limitText, quantityCeiling } from './quantity-ceiling.js';

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
  if (intent.reduceOnly && account.disputed.size > 0) {
    const { held, quantity } = coveredQuantity(intent, desk, account);
    if (quantity < intent.quantity) {
      const reason = `the venue holds ${held} ${desk.instrument.id} and the books have ${desk.position.quantity}: an exit for more would open a position`;
      if (!(quantity > 0)) return { refused: reason };
      return { approved: { ...intent, quantity: toQuantity(quantity) } as RiskApproved<OrderIntent>, reduced: reason };
    }
  }
  if (onlyReduces(intent, desk, account)) return { approved: intent as RiskApproved<OrderIntent> };
  if (intent.bracket !== undefined && !account.broker.capabilities.nativeBrackets) return { refused: 'the broker has no native brackets: a position would stand without its exits' };
  if (intent.role !== 'entry') return { refused: `an order to ${intent.role} would open or enlarge a position` };
  if (account.disputed.size > 0) return { refused: `${disputeText(account)}: no entry leaves before a comparison finds them equal` };

  const objection = entryStop(intent, desk, account) ?? (account.hooks.reviewed.order ? account.hooks.objection('order', sealed(intent)) : undefined);
  if (objection !== undefined) return { refused: objection };

  const ceiling = quantityCeiling(intent, desk, account);
  if (ceiling.lots <= 0) return { refused: limitText(ceiling, intent, desk, account) };
  const allowed = desk.position.grid.lots.value(ceiling.lots);
  if (allowed < intent.quantity) {
    const approved = { ...intent, quantity: toQuantity(allowed), bracket: bracketFor(ceiling.lots, intent, desk, account) } as RiskApproved<OrderIntent>;
    const farther = approved.bracket === intent.bracket ? undefined : priceObjection(approved, desk, account);
    if (farther !== undefined) return { refused: farther };
    return { approved, reduced: limitText(ceiling, intent, desk, account) };
  }
  return { approved: intent as RiskApproved<OrderIntent> };
}

/** A stop of the disaster rule lies where the quantity that is left loses what it names; every other leg stays where it is. */
function bracketFor(lots: number, { bracket, side, limitPrice }: OrderIntent, desk: Desk, account: Account): OrderIntent['bracket'] {
  if (bracket === undefined || desk.stop === desk.stop) return bracket;
  const level = disasterLevel(desk, account, side === 'buy' ? lots : -lots, limitPrice ?? desk.close);
  return level === undefined ? bracket : bracket.map((leg) => (leg.role === 'stop' ? { ...leg, stopPrice: level } : leg));
}

/** What the journal says was sent: it passed the door then. For a venue in this process that starts anew. */
export function approvedBefore<T extends OrderIntent | OrderChange>(recorded: T): RiskApproved<T> {
  return recorded as RiskApproved<T>;
}

/** The intent, closed to changes: what a hook is shown is what is sent. */
export function sealed(intent: OrderIntent): OrderIntent {
  if (intent.bracket !== undefined) {
    for (const leg of intent.bracket) Object.freeze(leg);
    Object.freeze(intent.bracket);
  }
  return Object.freeze(intent);
}

/**
 * A change of a working order: protection may only be tightened, no order may grow, and prices stay within the collar.
 * @returns undefined when the change is refused
 */
export function approveChange(change: OrderChange, order: ManagedOrder, desk: Desk, account: Account): RiskApproved<OrderChange> | undefined {
  if (change.quantity !== undefined) {
    const lots = desk.position.grid.lots.nearest(change.quantity);
    if (!(lots <= order.lots)) return undefined;
    if (order.role === 'stop' && account.orders.stopLots(desk.index, order.sign) - (order.lots - lots) < Math.abs(desk.position.lots)) return undefined;
  }
  if (order.role === 'stop' && change.stopPrice !== undefined && order.stopPrice !== undefined) {
    const tighter = order.side === 'sell' ? change.stopPrice > order.stopPrice : change.stopPrice < order.stopPrice;
    if (!tighter) return undefined;
  }
  return changeObjection(order.role, change.limitPrice, change.stopPrice, desk, account) === undefined ? (change as RiskApproved<OrderChange>) : undefined;
}

/** What an exit may be for, where books and venue differ: what both have, less what is on its way. */
function coveredQuantity({ role, side, quantity }: OrderIntent, { index, position }: Desk, account: Account): { readonly held: number; readonly quantity: number } {
  const lots = account.disputed.get(index);
  if (lots === undefined) return { held: position.quantity, quantity };
  const { grid } = position;
  const sign = side === 'sell' ? 1 : -1;
  const leaving = role === 'exit' ? account.orders.pendingExitLots(index) : 0;
  return { held: grid.lots.value(lots), quantity: grid.lots.value(Math.max(0, Math.min(position.lots * sign, lots * sign, grid.lots.nearest(quantity)) - leaving)) };
}

function onlyReduces(intent: OrderIntent, desk: Desk, account: Account): boolean {
  const { lots, grid } = desk.position;
  const against = intent.side === 'sell' ? lots > 0 : lots < 0;
  if (!intent.reduceOnly || !against) return false;
  // a second exit beside one that is on its way would turn the position around; stops and targets give way to a fill
  const leaving = intent.role === 'exit' ? account.orders.pendingExitLots(desk.index) : 0;
  return grid.lots.up(intent.quantity) + leaving <= Math.abs(lots);
}
