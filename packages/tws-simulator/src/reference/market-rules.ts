/** Prices from an edge on move in steps of the increment. */
export interface PriceIncrement {
  readonly lowEdge: number;
  readonly increment: number;
}

/** Price steps by market rule id. The ids are those of the venue where they are known to the public. */
export const MARKET_RULES: ReadonlyMap<number, readonly PriceIncrement[]> = new Map([
  [26, [{ lowEdge: 0, increment: 0.01 }]],
  [32, [{ lowEdge: 0, increment: 0.1 }]],
  [67, [{ lowEdge: 0, increment: 0.25 }]],
  [239, [{ lowEdge: 0, increment: 0.00005 }]],
  [240, [{ lowEdge: 0, increment: 0.0001 }]],
  [5020, [{ lowEdge: 0, increment: 0.005 }]],
  [557, [{ lowEdge: 0, increment: 0.0001 }, { lowEdge: 1, increment: 0.01 }]],
]);

/** The step at a price by a rule; undefined when there is no such rule. */
export function incrementAt(ruleId: number, price: number): number | undefined {
  return MARKET_RULES.get(ruleId)?.findLast(({ lowEdge }) => Math.abs(price) >= lowEdge)?.increment;
}

/** The finest step of a rule, which the details of a contract tell; undefined when there is no such rule. */
export function finestIncrement(ruleId: number): number | undefined {
  const steps = MARKET_RULES.get(ruleId)?.map(({ increment }) => increment);
  return steps === undefined ? undefined : Math.min(...steps);
}
