import { KnownOrders } from './known-orders.js';
import { OcoGroup } from './oco-group.js';
import { ENDED, HELD, TRAILING, WORKING, type OrderEnd, type SimOrder } from './sim-order.js';
import { startTrailing } from './matching/trailing-stop.js';
import type { VenueEvents } from './venue-events.js';

/** Every order from its submit to its end, and what one order's end or fill does to others. */
export class OrderLifecycle {
  readonly known = new KnownOrders();

  constructor(private readonly events: VenueEvents) {}

  /** The group of a name; a new one once all its orders have ended. Without a name always a new one. */
  group(name: string | undefined): OcoGroup {
    return (name === undefined ? undefined : this.known.groupOf(name)) ?? new OcoGroup(name);
  }

  cancel(order: SimOrder, reason: string, time: number): void {
    this.finish(order, 'canceled');
    this.events.canceled(order, reason, time);
    this.endHeldChildren(order, time);
  }

  expire(order: SimOrder, time: number): void {
    this.finish(order, 'expired');
    this.events.expired(order, time);
    this.endHeldChildren(order, time);
  }

  /** Refuses what is left of an order; after a part was filled that is a cancel. */
  refuse(order: SimOrder, code: string, reason: string, time: number): void {
    if (order.filled > 0) {
      this.cancel(order, reason, time);
      return;
    }
    this.finish(order, 'rejected');
    this.events.rejected(order.id, code, reason, time);
    this.endHeldChildren(order, time);
  }

  /** Records an end. The caller says so. */
  finish(order: SimOrder, end: OrderEnd): void {
    if (order.state === WORKING) order.book.noteEnd();
    order.state = ENDED;
    this.known.end(order, end);
  }

  /** One cancels the other: a fill of `lots` takes as much from each other working order of the group. */
  reduceGroup(order: SimOrder, lots: number, time: number): void {
    const { group } = order;
    if (group === undefined) return;
    const { parent } = group;
    // an exit that joined the group before the entry filled took nothing of the entry
    if (parent !== undefined) group.exited = Math.min(parent.filled, group.exited + lots);
    for (let other = group.first; other !== undefined; other = other.nextInGroup) {
      if (other === order || other.state !== WORKING) continue;
      other.lots = Math.max(other.filled, other.lots - lots);
      if (other.remaining === 0) this.cancel(other, 'another order of its group filled', time);
      else this.events.modified(other, other.lots, {}, time);
    }
    // what the entry would still fill had no exit any more
    if (parent !== undefined && parent.state === WORKING && (parent.children as readonly SimOrder[]).every((child) => child.state === ENDED)) {
      this.cancel(parent, 'its exits have filled', time);
    }
  }

  /**
   * Exits of a bracket come to life or grow by what their entry filled.
   * @param price where the entry filled, before slippage: a trailing stop starts from it
   */
  grow(parent: SimOrder, lots: number, price: number, time: number): void {
    const { children, book } = parent;
    if (children === undefined) return;
    for (let i = 0; i < children.length; i++) {
      const child = children[i] as SimOrder;
      if (child.state === ENDED) continue;
      const size = Math.min(child.lots + lots, child.cap);
      if (size <= child.lots) continue;
      child.lots = size;
      if (child.state === HELD) {
        child.state = WORKING;
        child.bornBar = book.bar;
        child.insideBar = book.atOpen ? -1 : book.bar;
        child.activeFrom = book.time;
        if (child.type === TRAILING) startTrailing(child, price);
        child.arm(book.rules.limitSlack);
        book.add(child);
      }
      this.events.activated(child, time);
    }
  }

  private endHeldChildren(order: SimOrder, time: number): void {
    const { children } = order;
    if (children === undefined) return;
    for (const child of children) if (child.state === HELD) this.cancel(child, 'its entry ended without a fill', time);
  }
}
