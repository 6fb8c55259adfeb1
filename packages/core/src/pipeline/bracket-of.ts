import type { BracketLeg, ClientOrderId } from '../domain/order.js';
import type { Price } from '../domain/units.js';

/** The exits of an entry; undefined where it has neither a stop nor a target. */
export function bracketOf(id: ClientOrderId, stop: Price | undefined, target: Price | undefined): BracketLeg[] | undefined {
  // a literal for each case: the first leg that is pushed would make room for sixteen more
  if (stop !== undefined && target !== undefined) return [stopLeg(id, stop), targetLeg(id, target)];
  if (stop !== undefined) return [stopLeg(id, stop)];
  return target === undefined ? undefined : [targetLeg(id, target)];
}

function stopLeg(id: ClientOrderId, stopPrice: Price): BracketLeg {
  return { clientOrderId: `${id}-stop`, role: 'stop', type: 'stop', stopPrice };
}

function targetLeg(id: ClientOrderId, limitPrice: Price): BracketLeg {
  return { clientOrderId: `${id}-target`, role: 'target', type: 'limit', limitPrice };
}
