import type { OrderChange, OrderIntent, RiskApproved } from '@keelson/core/domain';

/**
 * Marks an order or a change as approved, though no limits were checked: the suite drives a broker without a kernel.
 * Not exported from the package: there is one door, and this is not it.
 */
export function forgeApproval<T extends OrderIntent | OrderChange>(order: T): RiskApproved<T> {
  return order as RiskApproved<T>;
}
