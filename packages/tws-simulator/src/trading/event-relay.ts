import type { DeskEvents } from '../orders/desk-events.js';

/** Passes what the desk tells to everyone who listens, in the order in which they joined. */
export class EventRelay implements DeskEvents {
  private readonly listeners: Partial<DeskEvents>[] = [];

  add(listener: Partial<DeskEvents>): void {
    this.listeners.push(listener);
  }

  order: DeskEvents['order'] = (order) => {
    for (const listener of this.listeners) listener.order?.(order);
  };
  status: DeskEvents['status'] = (order) => {
    for (const listener of this.listeners) listener.status?.(order);
  };
  execution: DeskEvents['execution'] = (execution) => {
    for (const listener of this.listeners) listener.execution?.(execution);
  };
  commission: DeskEvents['commission'] = (execution) => {
    for (const listener of this.listeners) listener.commission?.(execution);
  };
  error: DeskEvents['error'] = (clientId, orderId, error) => {
    for (const listener of this.listeners) listener.error?.(clientId, orderId, error);
  };
  whatIf: DeskEvents['whatIf'] = (order, impact, commission) => {
    for (const listener of this.listeners) listener.whatIf?.(order, impact, commission);
  };
  bound: DeskEvents['bound'] = (order) => {
    for (const listener of this.listeners) listener.bound?.(order);
  };
}
