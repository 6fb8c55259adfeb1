import type { OrderIntent } from '../domain/order.js';
import type { ManagedOrder } from '../execution/managed-order.js';
import type { Account } from './account.js';
import { priceObjection } from './check-prices.js';
import type { Desk } from './desk.js';
import { watchLosses } from './watch-losses.js';

/** The limits that turn an entry off altogether: the first one that is met, in words. */
export function entryStop(intent: OrderIntent, desk: Desk, account: Account): string | undefined {
  const { risk } = account.settings;
  watchLosses(account); // an order of this very moment may have filled
  const latch = account.latches.standing(account.now);
  if (latch !== undefined) return latch.reason;
  const { equity } = account.ledger;
  if (!(equity > 0)) return 'equity is not above 0';
  if (!(account.ledger.rateOf(desk.index) > 0)) return `${desk.instrument.currency} has no value in the base currency yet`;
  if (risk.allowInstruments !== undefined && !risk.allowInstruments.includes(desk.instrument.id)) return `allowInstruments does not name ${desk.instrument.id}`;
  if (desk.restriction !== undefined) return desk.restriction.reason;
  const closed = account.hours?.objection(desk.calendar, account.now);
  if (closed !== undefined) return closed;
  if (risk.maxTradesPerDay !== undefined && account.day.entries >= risk.maxTradesPerDay) return `maxTradesPerDay ${risk.maxTradesPerDay} was reached`;
  if (account.rate?.isFull(account.now) === true) return `maxOrdersPerMinute ${risk.maxOrdersPerMinute} was reached`;
  const orders = 1 + (intent.bracket?.length ?? 0);
  if (account.orders.liveCount + orders > risk.maxOpenOrders) return `maxOpenOrders ${risk.maxOpenOrders} leaves no room for an entry and its exits`;
  for (const order of account.orders.live[desk.index] as readonly ManagedOrder[]) {
    if (order.status === 'unknown') return `the outcome of order ${order.clientOrderId} is not known`;
  }
  if (account.settings.exits.withoutStop === 'refuse' && !hasStop(intent, desk)) return 'withoutStop refuse: neither the signal nor exits: gives a stop';
  if (account.orders.owes(desk.index)) return 'the venue told of fills that were not heard';
  return priceObjection(intent, desk, account);
}

/** In its bracket; or in its plan, where the venue has no brackets and the stop is put up with the fill. */
function hasStop(intent: OrderIntent, { pendingPlan }: Desk): boolean {
  if (intent.bracket !== undefined) return intent.bracket.some(({ role }) => role === 'stop');
  return pendingPlan?.id === intent.clientOrderId && pendingPlan.stop !== undefined;
}
