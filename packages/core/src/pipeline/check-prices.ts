import type { BracketLeg, OrderIntent, OrderRole } from '../domain/order.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';

const MINUTE_MS = 60_000;

/** What speaks against the prices of an entry: one that is no number, one far from the market, or a market that is not known. */
export function priceObjection(intent: OrderIntent, desk: Desk, account: Account): string | undefined {
  const collar = account.settings.risk.priceCollar;
  const entry = objectionTo(intent.limitPrice, 'limit', collar?.entryFraction, 'entryFraction', desk) ?? objectionTo(intent.stopPrice, 'trigger', collar?.entryFraction, 'entryFraction', desk);
  if (entry !== undefined) return entry;
  if (intent.bracket !== undefined) {
    for (let i = 0; i < intent.bracket.length; i++) {
      const leg = intent.bracket[i] as BracketLeg;
      const objection = objectionTo(leg.stopPrice, leg.role, collar?.exitFraction, 'exitFraction', desk) ?? objectionTo(leg.limitPrice, leg.role, collar?.exitFraction, 'exitFraction', desk);
      if (objection !== undefined) return objection;
    }
  }
  if (collar?.maxAgeMinutes === undefined) return undefined;
  const { bars } = desk;
  const age = bars.count === 0 ? Number.POSITIVE_INFINITY : account.now - (bars.closeTime[bars.index] as number);
  return age <= collar.maxAgeMinutes * MINUTE_MS ? undefined : `priceCollar.maxAgeMinutes ${collar.maxAgeMinutes}: the last bar is older`;
}

/**
 * The same for a change of a working order. A stop that stands may always come nearer: it is not held to the collar, which
 * the market itself may have left.
 */
export function changeObjection(role: OrderRole, limitPrice: number | undefined, stopPrice: number | undefined, desk: Desk, account: Account): string | undefined {
  const collar = account.settings.risk.priceCollar;
  const [fraction, key] = role === 'entry' ? [collar?.entryFraction, 'entryFraction'] : [collar?.exitFraction, 'exitFraction'];
  return objectionTo(limitPrice, role === 'entry' ? 'limit' : role, fraction, key as string, desk) ?? objectionTo(stopPrice, role === 'entry' ? 'trigger' : role, role === 'stop' ? undefined : fraction, key as string, desk);
}

function objectionTo(price: number | undefined, what: string, fraction: number | undefined, key: string, desk: Desk): string | undefined {
  if (price === undefined) return undefined;
  if (!Number.isFinite(price)) return `the ${what} price was ${price}, expected a number`;
  if (fraction === undefined) return undefined;
  const { close } = desk;
  return Math.abs(price - close) <= Math.abs(close) * fraction ? undefined : `priceCollar.${key} ${fraction}: the ${what} price is farther from the last close`;
}
