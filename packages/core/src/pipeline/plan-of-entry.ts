import type { Plan } from '../domain/plan.js';
import { toFraction, toPrice, toUtcMs, type Price, type Quantity } from '../domain/units.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';

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
