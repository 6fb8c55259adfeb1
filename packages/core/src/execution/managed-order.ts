import type { Fill } from '../domain/events.js';
import type { BracketLeg, OrderIntent, OrderRole, OrderStatus, Side } from '../domain/order.js';
import type { Plan } from '../domain/plan.js';
import type { Backers } from '../domain/signal.js';
import type { MarketState } from '../ports/memory.js';

const NO_FILLS: Fill[] = [];

/** The kernel's record of one order: what was asked, and what became of it. Quantities are whole lots. */
export class ManagedOrder {
  status: OrderStatus = 'pending';
  filledLots = 0;
  /** Filled in all, by what else the venue said than fills. */
  toldLots = 0;
  /** Executions so far: a venue may repeat or correct one. */
  fills: Fill[] = NO_FILLS;
  venueOrderId: string | undefined;
  limitPrice: number | undefined;
  stopPrice: number | undefined;
  /** A cancel was sent and not yet answered. */
  cancelRequested = false;
  /** Entry: the venue refused one of its exits. */
  exitsRefused = false;
  /** Bracket child that was taken for dead with its entry; the venue did not say so. */
  presumedDead = false;
  /** A change of prices was sent and not yet answered. */
  changeRequested = false;
  /** Entry: how the position that it opens is to be left. */
  plan: Plan | undefined;
  /** Entry: the situation it was decided in, for the memory. */
  state: MarketState | undefined;
  /** Entry: who voted for it, where their record counts. */
  backers: Backers | undefined;

  constructor(
    readonly clientOrderId: string,
    /** Index of the instrument in the account's order. */
    readonly instrument: number,
    readonly role: OrderRole,
    readonly side: Side,
    /** Quantity as it stands, after modifications and reductions. */
    public lots: number,
    readonly reason: string,
    /** Entry that this is a bracket child of. */
    readonly parent: ManagedOrder | undefined,
    readonly ocoGroup: string | undefined,
  ) {}

  get parentId(): string | undefined {
    return this.parent?.clientOrderId;
  }

  get remainingLots(): number {
    return this.lots - this.filledLots;
  }

  addFill(fill: Fill): void {
    // most orders have one, and the first that is pushed makes room for sixteen more
    if (this.fills.length === 0) this.fills = [fill];
    else this.fills.push(fill);
  }

  /** +1 for a buy, −1 for a sell. */
  get sign(): number {
    return this.side === 'buy' ? 1 : -1;
  }

  static fromIntent(intent: OrderIntent, instrument: number, lots: number): ManagedOrder {
    const order = new ManagedOrder(intent.clientOrderId, instrument, intent.role, intent.side, lots, intent.reason, undefined, intent.ocoGroup);
    order.limitPrice = intent.limitPrice;
    order.stopPrice = intent.stopPrice;
    return order;
  }

  /** A bracket child: held, without quantity, until its parent fills. */
  static fromLeg(leg: BracketLeg, parent: ManagedOrder): ManagedOrder {
    const side = parent.side === 'buy' ? 'sell' : 'buy';
    const order = new ManagedOrder(leg.clientOrderId, parent.instrument, leg.role, side, 0, leg.role, parent, parent.ocoGroup);
    order.status = 'held';
    order.limitPrice = leg.limitPrice;
    order.stopPrice = leg.stopPrice;
    return order;
  }
}
