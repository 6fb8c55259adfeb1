import type { Instrument } from '../reference/instrument.js';
import type { Scenario } from '../scenario/scenario-schema.js';

/** What the login may see of a contract: everything, trades but no quotes, everything 15 minutes late, or nothing. */
export type DataPermission = Scenario['market']['permissions'][number]['data'];

/** By the first rule of the scenario that fits. */
export function permissionFor({ market }: Scenario, instrument: Instrument): DataPermission {
  const rule = market.permissions.find(({ securityType, exchange, symbol }) =>
    (securityType === undefined || securityType === (instrument.securityType === 'CONTFUT' ? 'FUT' : instrument.securityType)) &&
    (exchange === undefined || exchange === instrument.exchange || exchange === instrument.primaryExchange) &&
    (symbol === undefined || symbol === instrument.symbol || symbol === instrument.localSymbol));
  return rule?.data ?? 'live';
}
