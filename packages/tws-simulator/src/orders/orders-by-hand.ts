import type { SimOrder } from '../matching/sim-order.js';
import type { Tradable } from '../matching/tradable.js';
import type { DeskEvents } from './desk-events.js';
import type { OrderDesk } from './order-desk.js';
import type { OrderForm } from './order-form.js';

/** Orders that a person enters in the gateway: they belong to client 0 and have no id until that client binds them. */
export class OrdersByHand {
  constructor(private readonly desk: OrderDesk, private readonly events: Pick<DeskEvents, 'bound' | 'order' | 'status'>) {}

  /** @param bind whether it gets an id at once, and is shown again with it */
  place(contract: Tradable, form: OrderForm, bind: boolean): void {
    const before = new Set(this.unbound());
    this.desk.place(0, 0, contract, form);
    if (!bind) return;
    for (const order of this.unbound()) {
      if (before.has(order)) continue;
      this.bind(order);
      this.events.order(order);
      this.events.status(order);
    }
  }

  /** Gives those that stand ids of client 0's. */
  bindAll(): void {
    for (const order of this.unbound()) this.bind(order);
  }

  private unbound(): readonly SimOrder[] {
    return this.desk.store.open().filter(({ clientId, orderId }) => clientId === 0 && orderId === 0);
  }

  private bind(order: SimOrder): void {
    this.desk.store.bind(order);
    this.events.bound(order);
  }
}
