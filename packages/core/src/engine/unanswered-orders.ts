import type { OrderBook } from '../execution/order-book.js';
import type { ManagedOrder } from '../execution/managed-order.js';

/** Orders that the venue owes a word on, an answer or a fill, and since when. */
export class UnansweredOrders {
  private since = new Map<ManagedOrder, number>();

  constructor(private readonly book: OrderBook) {}

  /** Looks at all live orders. */
  look(now: number): void {
    const since = new Map<ManagedOrder, number>();
    for (const orders of this.book.live) {
      for (const order of orders) if (order.status === 'pending' || order.cancelRequested) since.set(order, this.since.get(order) ?? now);
    }
    for (const order of this.book.owing) since.set(order, this.since.get(order) ?? now);
    this.since = since;
  }

  get some(): boolean {
    return this.since.size > 0;
  }

  /** Those that have waited for `limitMs`; their time begins anew. */
  takeOverdue(now: number, limitMs: number): readonly ManagedOrder[] {
    const overdue = [...this.since].filter(([, since]) => now - since >= limitMs).map(([order]) => order);
    for (const order of overdue) this.since.set(order, now);
    return overdue;
  }
}
