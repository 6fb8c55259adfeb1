/** One account's position in one contract. Plain data, money in the contract's currency. */
export interface SimPosition {
  readonly conId: number;
  /** Signed. */
  quantity: number;
  /** Σ signed quantity × price × multiplier of what is open, without costs. */
  basis: number;
  /** The same with the commissions of what is open: the venue's average cost is this over the quantity. */
  cost: number;
  /** Profit of what was closed, all commissions of it deducted. */
  realized: number;
  /** Profit, realised and not, at the start of the trading day. */
  dayStartProfit: number;
  /** Realised profit at the start of the trading day. */
  dayStartRealized: number;
}

export const newPosition = (conId: number): SimPosition => ({ conId, quantity: 0, basis: 0, cost: 0, realized: 0, dayStartProfit: 0, dayStartRealized: 0 });

/** What a fill closed. */
export interface Booked {
  /** Profit of the closed part without costs. */
  readonly gross: number;
  /** Profit of the closed part with the commissions of entry and exit; `undefined` when nothing was closed. */
  readonly realized: number | undefined;
}

/**
 * Books a fill at average cost. A fill that turns the position closes the old one first; its
 * commission is shared between the two parts by quantity.
 * @param signedQuantity positive for a buy
 */
export function bookFill(position: SimPosition, signedQuantity: number, price: number, multiplier: number, commission: number): Booked {
  const value = price * multiplier;
  const before = position.quantity;
  const closes = before !== 0 && Math.sign(before) !== Math.sign(signedQuantity);
  if (!closes) {
    position.quantity += signedQuantity;
    position.basis += signedQuantity * value;
    position.cost += signedQuantity * value + commission;
    return { gross: 0, realized: undefined };
  }
  const closed = Math.min(Math.abs(before), Math.abs(signedQuantity));
  const share = closed / Math.abs(before);
  const closingCommission = (commission * closed) / Math.abs(signedQuantity);
  const proceeds = Math.sign(before) * closed * value;
  const gross = proceeds - position.basis * share;
  const realized = proceeds - position.cost * share - closingCommission;
  position.realized += realized;
  const opened = Math.abs(signedQuantity) - closed;
  if (opened > 0) {
    position.quantity = Math.sign(signedQuantity) * opened;
    position.basis = position.quantity * value;
    position.cost = position.basis + commission - closingCommission;
  } else {
    position.quantity += signedQuantity;
    position.basis = position.quantity === 0 ? 0 : position.basis * (1 - share);
    position.cost = position.quantity === 0 ? 0 : position.cost * (1 - share);
  }
  return { gross, realized };
}

/**
 * Changes the price of a fill that was booked already, as a corrected execution does. What of it is
 * still open carries the difference in its cost; without an open position it goes to the profit.
 * @returns the part that went to the profit
 */
export function correctFill(position: SimPosition, signedQuantity: number, priceChange: number, multiplier: number): number {
  const change = signedQuantity * priceChange * multiplier;
  if (position.quantity !== 0 && Math.sign(position.quantity) === Math.sign(signedQuantity)) {
    position.basis += change;
    position.cost += change;
    return 0;
  }
  position.realized -= change;
  return -change;
}

/** Average cost of one contract or share, commissions included, as the venue reports it. */
export const averageCostOf = (position: SimPosition): number => (position.quantity === 0 ? 0 : position.cost / position.quantity);

/** Profit of what is open at that price, the entry's commissions deducted. */
export const unrealizedOf = (position: SimPosition, price: number, multiplier: number): number =>
  position.quantity === 0 ? 0 : position.quantity * price * multiplier - position.cost;
