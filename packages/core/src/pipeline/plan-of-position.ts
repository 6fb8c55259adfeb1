import type { Plan } from '../domain/plan.js';
import { toFraction, toPrice, toQuantity, toUtcMs, type Price } from '../domain/units.js';
import type { ManagedOrder } from '../execution/managed-order.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';
import { disasterLevel } from './exit-levels.js';

/**
 * A plan for a position that has none, e.g. one that was found at the venue or came back with a corrected fill: the
 * exits of the account's `exits:`, its stop measured from the last close. A stop that already guards it stands.
 */
export function planPosition(desk: Desk, account: Account): void {
  const { position } = desk;
  const { maxHoldMinutes, disasterStop } = account.settings.exits;
  const own = guardingStop(desk, account) ?? stopByRules(desk, account);
  const stop = own ?? disasterLevel(desk, account, position.lots, position.averagePrice ?? desk.close);
  if (stop === undefined && maxHoldMinutes === undefined && disasterStop === undefined) return;
  const plan: Plan = {
    id: `${account.name}-${desk.instrument.id}-found-${position.openedAt ?? account.now}`,
    version: 1,
    instrument: desk.instrument.id,
    side: position.lots > 0 ? 'long' : 'short',
    quantity: toQuantity(Math.abs(position.quantity)),
    entry: position.averagePrice ?? toPrice(desk.close),
    stop,
    initialStop: own,
    target: undefined,
    timeLimit: maxHoldMinutes === undefined ? undefined : toUtcMs((position.openedAt ?? account.now) + maxHoldMinutes * 60_000),
    disasterLossFraction: disasterStop === undefined ? undefined : toFraction(disasterStop.lossFraction),
    invalidation: undefined,
    conviction: toFraction(1), // nobody said how sure the entry was: it does not count against the position
    convictionAt: account.now,
    expiry: undefined,
    scaledAtr: undefined,
    addsTo: undefined,
    reason: 'found without a plan',
    change: undefined,
  };
  desk.plan = plan;
  desk.partialsTaken = 0;
  account.notes.add(`a position in ${desk.instrument.id} was found without a plan and got the exits of the account`);
}

function guardingStop(desk: Desk, account: Account): Price | undefined {
  const live = account.orders.live[desk.index] as readonly ManagedOrder[];
  for (const order of live) if (order.role === 'stop' && order.sign * desk.position.lots < 0 && order.stopPrice !== undefined) return toPrice(order.stopPrice);
  return undefined;
}

/** Undefined where the rules give no stop, or cannot yet: the ATR may still be warming up. */
function stopByRules(desk: Desk, account: Account): Price | undefined {
  const { stopAtr, stopPoints, minStopPoints } = account.settings.exits;
  const measured = stopAtr === undefined ? stopPoints : desk.exitAtr?.value === undefined ? undefined : stopAtr * desk.exitAtr.value;
  if (measured === undefined && minStopPoints === undefined) return undefined;
  const distance = Math.max(measured ?? 0, minStopPoints ?? 0);
  const { grid, lots } = desk.position;
  return lots > 0 ? grid.priceUp(desk.close - distance) : grid.priceDown(desk.close + distance);
}
