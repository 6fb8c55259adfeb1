import type { OrderIntent } from '../domain/order.js';
import type { Plan } from '../domain/plan.js';
import { toFraction, toPrice, toUtcMs, type Price, type Quantity } from '../domain/units.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';
import { disasterLevel } from './exit-levels.js';

/** How the position that an entry opens is to be left; it goes with the entry's order. A stop of the disaster rule alone is no unit of risk. */
export function planOf(desk: Desk, account: Account, id: string, quantity: Quantity, stop: Price | undefined, initialStop: Price | undefined, target: Price | undefined): Plan {
  const { maxHoldMinutes, disasterStop, entryExpiryMinutes, scaling } = account.settings.exits;
  return {
    id,
    version: 1,
    instrument: desk.instrument.id,
    side: desk.targetLots > 0 ? 'long' : 'short',
    quantity,
    entry: toPrice(desk.close),
    stop,
    initialStop,
    target,
    timeLimit: maxHoldMinutes === undefined ? undefined : toUtcMs(account.now + maxHoldMinutes * 60_000),
    disasterLossFraction: disasterStop === undefined ? undefined : toFraction(disasterStop.lossFraction),
    invalidation: desk.invalidation === desk.invalidation ? toPrice(desk.invalidation) : undefined,
    conviction: toFraction(desk.confidence),
    convictionAt: account.now,
    expiry: entryExpiryMinutes === undefined ? undefined : toUtcMs(account.now + entryExpiryMinutes * 60_000),
    scaledAtr: scaling === undefined ? undefined : desk.exitAtr?.value,
    addsTo: undefined,
    reason: desk.reason,
    change: undefined,
  };
}

/** The plan that was made with an entry, for what the door let through of it. */
export function planFor(intent: OrderIntent, desk: Desk, account: Account): Plan | undefined {
  const { pendingPlan, position } = desk;
  if (pendingPlan?.id !== intent.clientOrderId) return undefined;
  if (pendingPlan.quantity === intent.quantity) return pendingPlan;
  const lots = position.grid.lots.nearest(intent.quantity) * (intent.side === 'buy' ? 1 : -1);
  const level = pendingPlan.initialStop === undefined && pendingPlan.stop !== undefined ? disasterLevel(desk, account, lots, intent.limitPrice ?? desk.close) : undefined;
  return { ...pendingPlan, quantity: intent.quantity, stop: level ?? pendingPlan.stop };
}
