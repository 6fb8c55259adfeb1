import type { SimOrder } from './sim-order.js';

/** Orders of which one cancels the others, by quantity. */
export class OcoGroup {
  readonly members: SimOrder[] = [];
  /** Members that are not at their end. */
  alive = 0;
  /** Bracket: lots of the entry that fills in the group took off again. */
  exited = 0;
  /** The entry whose bracket this is. */
  parent: SimOrder | undefined = undefined;

  constructor(readonly name: string | undefined) {}

  join(order: SimOrder): void {
    this.members.push(order);
    this.alive++;
    order.group = this;
  }
}
