import { rejects, type QuantityLimit } from '../config/risk-schema.js';
import type { OrderIntent } from '../domain/order.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';
import { affordableLots, committedElsewhere, committedLots, exposure, lotSize, notionalPerLot } from './exposure.js';

/**
 * Most lots that every quantity limit allows, and which limit that was; `lots` where the order itself asks for no more.
 * `unknown` says why a limit could not be held against it: it has none then.
 */
export type Ceiling = { lots: number; limit: QuantityLimit | 'lots'; unknown: string | undefined };

/**
 * The lots that an entry may have. A limit that is set to reject leaves none where it is met at all, whatever the
 * others would have left: a tighter limit beside it never lets more through.
 */
export function quantityCeiling(intent: OrderIntent, desk: Desk, account: Account): Ceiling {
  const { risk } = account.settings;
  const { grid } = desk.position;
  const { maxContracts, maxOrderQuantity, maxNotional } = account.limits[desk.index] as Account['limits'][number];
  const wanted = grid.lots.down(intent.quantity);
  const committed = committedLots(desk, account, intent.side === 'buy' ? 1 : -1);
  const ceiling: Ceiling = { lots: wanted, limit: 'lots', unknown: undefined };
  if (maxOrderQuantity !== undefined) hold(ceiling, risk, wanted, 'maxOrderQuantity', grid.lots.down(maxOrderQuantity));
  hold(ceiling, risk, wanted, 'maxContracts', grid.lots.down(maxContracts) - committed);
  if (risk.maxTotalContracts !== undefined) hold(ceiling, risk, wanted, 'maxTotalContracts', grid.lots.down(risk.maxTotalContracts - committedElsewhere(desk, account, lotSize)) - committed);
  if (maxNotional !== undefined) hold(ceiling, risk, wanted, 'maxNotional', Math.floor(maxNotional / notionalPerLot(desk, account)) - committed);
  if (risk.maxExposure !== undefined) hold(ceiling, risk, wanted, 'maxExposure', Math.floor((risk.maxExposure - committedElsewhere(desk, account, notionalPerLot)) / notionalPerLot(desk, account)) - committed);
  if (risk.maxExposureFraction !== undefined) hold(ceiling, risk, wanted, 'maxExposureFraction', Math.floor((account.ledger.equity * risk.maxExposureFraction - exposure(account)) / notionalPerLot(desk, account)));
  // the venue is asked last, and only for what is left
  if (ceiling.lots > 0) {
    const affordable = affordableLots(rejects(risk, 'marginBuffer') ? wanted : ceiling.lots, desk, account);
    if (typeof affordable === 'string') ceiling.unknown = affordable;
    hold(ceiling, risk, wanted, 'marginBuffer', typeof affordable === 'string' ? 0 : affordable);
  }
  return ceiling;
}

function hold(ceiling: Ceiling, risk: Account['settings']['risk'], wanted: number, limit: QuantityLimit, room: number): void {
  const reject = rejects(risk, limit);
  // so that what is not a number is not allowed either
  if (reject ? room >= wanted : room >= ceiling.lots) return;
  ceiling.lots = reject || !(room > 0) ? 0 : room;
  ceiling.limit = limit;
}

/** A limit in words; made only when it was met, since text is dear on the order path. */
export function limitText({ limit, unknown }: Ceiling, intent: OrderIntent, desk: Desk, account: Account): string {
  const { risk } = account.settings;
  if (unknown !== undefined) return unknown;
  if (limit === 'lots') return `quantity was ${intent.quantity}, expected whole lots of ${desk.position.grid.lots.step}`;
  if (limit === 'marginBuffer') return `margin: equity less the buffer of ${risk.marginBuffer} does not carry more`;
  const limits = account.limits[desk.index] as Account['limits'][number];
  return `${limit} ${limit in limits ? limits[limit as keyof typeof limits] : risk[limit]}`;
}
