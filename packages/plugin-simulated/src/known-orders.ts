import { RecentEnds } from './recent-ends.js';
import type { OrderEnd, SimOrder } from './sim-order.js';

/**
 * Orders by id: those that live, and how the newest of the others ended, for late cancels and repeated ids. Of an
 * ended one only that is kept: the order itself would grow old and cost garbage collection.
 */
export class KnownOrders {
  /** Not at their end, oldest first: they are few, and looked through sooner than a table is asked. */
  private readonly live: SimOrder[] = [];
  private readonly ended = new RecentEnds();

  /** The order, how it ended, or undefined when it is not known. */
  find(id: string): SimOrder | OrderEnd | undefined {
    const { live } = this;
    for (let i = live.length - 1; i >= 0; i--) if ((live[i] as SimOrder).id === id) return live[i];
    return this.ended.find(id);
  }

  add(order: SimOrder): void {
    this.live.push(order);
  }

  /** Records an end, also of an order that never lived. */
  end(order: SimOrder, how: OrderEnd): void {
    const { live } = this;
    let at = live.length - 1;
    while (at >= 0 && live[at] !== order) at--;
    if (at >= 0) {
      // by hand: splice makes an array of what it took out
      for (at++; at < live.length; at++) live[at - 1] = live[at] as SimOrder;
      live.pop();
    }
    this.ended.add(order.id, how);
  }

  /** Orders that are not at their end, oldest first; a copy. */
  alive(): SimOrder[] {
    return [...this.live];
  }

  /** The group of that name of which an order lives. */
  groupOf(name: string): SimOrder['group'] {
    const { live } = this;
    for (let i = live.length - 1; i >= 0; i--) {
      const { group } = live[i] as SimOrder;
      if (group?.name === name) return group;
    }
    return undefined;
  }
}
