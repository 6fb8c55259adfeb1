import type { SimOrder } from './sim-order.js';

/** Orders of which one cancels the others, by quantity: a chain in the order in which they came. */
export class OcoGroup {
  first: SimOrder | undefined = undefined;
  private last: SimOrder | undefined = undefined;
  /** Bracket: lots of the entry that fills in the group took off again. */
  exited = 0;
  /** The entry whose bracket this is. */
  parent: SimOrder | undefined = undefined;

  constructor(readonly name: string | undefined) {}

  join(order: SimOrder): void {
    if (this.last === undefined) this.first = order;
    else this.last.nextInGroup = order;
    this.last = order;
    order.group = this;
  }
}
