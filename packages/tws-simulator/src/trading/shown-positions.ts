import type { SimAccount } from '../accounts/sim-account.js';
import type { SimPosition } from '../accounts/sim-position.js';
import { averageCostOf, unrealizedOf } from '../accounts/sim-position.js';
import type { ShownPosition } from '../protocol/account-messages.js';
import type { Tradables } from './tradables.js';

/** A position as messages show it: money in the contract's currency. */
export function shownPosition(account: SimAccount, position: Readonly<SimPosition>, tradables: Tradables): ShownPosition {
  const { multiplier } = tradables.of(position.conId);
  const marketPrice = account.markOf(position);
  return {
    contract: tradables.shown(position.conId),
    primaryExchange: tradables.instrument(position.conId).primaryExchange,
    quantity: position.quantity,
    averageCost: averageCostOf(position),
    marketPrice,
    marketValue: position.quantity * marketPrice * multiplier,
    unrealized: unrealizedOf(position, marketPrice, multiplier),
    realized: position.realized - position.dayStartRealized,
  };
}
